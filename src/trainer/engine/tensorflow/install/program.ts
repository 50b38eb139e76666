import { type ChildProcess, spawn } from 'node:child_process';
import { KindredError, throwIfCancelled } from '../../../../rpc/errors';

export interface ProgramOptions {
  readonly cwd?: string;
  /** Beside the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

const LAST_LINES = 15;

/**
 * Runs a program to its end, without a shell, and gives what it wrote to its standard output.
 * @throws KindredError `engine` with its last lines when it fails; `cancelled`, once it and all that it started have ended
 */
export async function runProgram(
  command: string,
  args: readonly string[],
  { cwd, env, signal }: ProgramOptions = {},
): Promise<string> {
  throwIfCancelled(signal);
  const child = spawn(command, args, {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
    // A group of its own, so that what it starts can be ended with it.
    detached: process.platform !== 'win32',
  });
  const cancel = (): void => endWithChildren(child);
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    const { code, output, all } = await outcome(child);
    throwIfCancelled(signal);
    if (code !== 0) throw failed(command, args, all);
    return output;
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}

interface Outcome {
  readonly code: number | null;
  readonly output: string;
  /** Both streams, as they came. */
  readonly all: string;
}

function outcome(child: ChildProcess): Promise<Outcome> {
  let output = '';
  let all = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    all += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (all += text));
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, output, all: `${all}\n${error.message}` }));
    child.once('close', (code) => resolve({ code, output, all }));
  });
}

function endWithChildren({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  if (process.platform === 'win32') {
    spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true });
    return;
  }
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended by itself in the meantime.
  }
}

function failed(command: string, args: readonly string[], all: string): KindredError {
  const lines = all.trim().split('\n').slice(-LAST_LINES).join('\n');
  return new KindredError('engine', `"${[command, ...args].join(' ')}" failed:\n${lines}`, {
    remedy: 'Put right what it says, and do it again; nothing is left half done.',
  });
}
