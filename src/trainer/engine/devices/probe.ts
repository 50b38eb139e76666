import type { ChildProcess } from 'node:child_process';
import { throwIfCancelled } from '../../../rpc/errors';
import { startProcess } from '../../workers';
import type { ProbeAnswer, ProbeTask } from './probeProtocol';

export interface ProbeOptions {
  /** Beside the trainer's own. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Milliseconds after which a device that says nothing hangs. */
  readonly patience?: number;
  readonly signal?: AbortSignal | undefined;
}

export interface ProbeResult {
  readonly answer: ProbeAnswer | { readonly kind: 'crashed'; readonly how: string };
  /** What ONNX Runtime logged, at its most talkative level. */
  readonly log: string;
}

/** Compiling a device's programs for the first time takes some seconds on a slow machine. */
const PATIENCE_MS = 30_000;
/** The log of a session has about 100 kB. */
const LONGEST_LOG = 4_000_000;

/**
 * Tries one device in a process of its own, with a few steps of the warm-up program.
 * @throws KindredError `cancelled`
 */
export async function probeDevice(task: ProbeTask, options: ProbeOptions = {}): Promise<ProbeResult> {
  const { environment = {}, patience = PATIENCE_MS, signal } = options;
  throwIfCancelled(signal);
  const child = startProcess('deviceProbe', environment);
  const kill = (): void => void child.kill('SIGKILL');
  const late = { is: false };
  const timer = setTimeout(() => {
    late.is = true;
    kill();
  }, patience);
  signal?.addEventListener('abort', kill);
  try {
    const result = await outcome(child, task);
    throwIfCancelled(signal);
    return late.is ? { ...result, answer: { kind: 'crashed', how: `no answer in ${patience / 1000} s` } } : result;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', kill);
  }
}

function outcome(child: ChildProcess, task: ProbeTask): Promise<ProbeResult> {
  return new Promise((resolve) => {
    let log = '';
    let answer: ProbeAnswer | undefined;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      if (log.length < LONGEST_LOG) log += text;
    });
    child.once('message', (message) => (answer = message as ProbeAnswer));
    child.once('error', (error) => resolve({ answer: { kind: 'crashed', how: error.message }, log }));
    child.once('close', (code, end) => {
      resolve({ answer: answer ?? { kind: 'crashed', how: end ?? `exit code ${String(code)}` }, log });
    });
    // A process that is gone already is told of by `close`.
    child.send(task, () => undefined);
  });
}

/** How many nodes of the model run on which provider, as ONNX Runtime logs it; empty when it did not get so far. */
export function placementsIn(log: string): Record<string, number> {
  const placed = log.matchAll(
    /(?:Node\(s\)|All nodes) placed on \[(\w+?)(?:ExecutionProvider)?\]\. Number of nodes: (\d+)/g,
  );
  return Object.fromEntries([...placed].map(([, provider, nodes]) => [provider, Number(nodes)]));
}
