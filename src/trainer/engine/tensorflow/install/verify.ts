import { KindredError, throwIfCancelled } from '../../../../rpc/errors';
import { startProcess } from '../../../workers';
import { TENSORFLOW_ENVIRONMENT } from '../tensorflowEngine';
import type { ProbeOutcome } from '../../../training/tensorflowProbe';

const PATIENCE = 120_000;

/**
 * Computes a training step with the TensorFlow engine in a folder, in a process of its own: a library that does not fit the machine
 * takes its process down, and two versions of it cannot live in one.
 * @throws KindredError `engine` when it does not work, or computes something else than TensorFlow.js does
 */
export async function verifyTensorflow(folder: string, signal: AbortSignal | undefined): Promise<{ device: string }> {
  throwIfCancelled(signal);
  const child = startProcess('tensorflowProbe', { ...TENSORFLOW_ENVIRONMENT, KINDRED_TENSORFLOW: folder });
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
  const cancel = (): void => void child.kill('SIGKILL');
  signal?.addEventListener('abort', cancel, { once: true });
  const timer = setTimeout(cancel, PATIENCE);
  const outcome = await new Promise<ProbeOutcome | undefined>((resolve) => {
    child.once('message', (message) => resolve(message as ProbeOutcome));
    child.once('error', () => resolve(undefined));
    child.once('exit', () => resolve(undefined));
  });
  clearTimeout(timer);
  signal?.removeEventListener('abort', cancel);
  child.kill();
  throwIfCancelled(signal);
  if (outcome !== undefined && 'device' in outcome) return outcome;
  const reason = outcome?.problem ?? lastLines(said);
  throw new KindredError('engine', `TensorFlow was installed, but does not work here: ${reason}`, {
    remedy: 'Choose another source of TensorFlow, or another engine.',
  });
}

function lastLines(said: string): string {
  const lines = said.trim().split('\n').slice(-5).join('\n');
  return lines === '' ? 'its process ended without a word' : lines;
}
