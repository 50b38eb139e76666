import { fork, type ChildProcess } from 'node:child_process';
import { KindredError } from '../../rpc/errors';
import type { Envelope, Port } from '../../rpc/rpc';
import { isEnvelope } from './envelope';
import { lines } from './lines';

export interface TrainerLaunch {
  /** Path of the bundled trainer. */
  readonly entry: string;
  /** Beside the extension host's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds until a start that says nothing has failed. */
  readonly startTimeout?: number;
  /** One line that the trainer wrote to its standard output or error. */
  readonly onLine?: (line: string) => void;
}

export interface TrainerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The id of the greeting; `Rpc` counts from 1, so that it never meets a call. */
const GREETING = 0;

/**
 * The trainer's process, forked with the extension host's own Node (in desktop VS Code that is Electron, told to be Node).
 * It ends by itself when the channel closes, so it never outlives its parent.
 */
export class TrainerProcess implements Port {
  /** The trainer's loop runs and answers. Rejects when it ended or said nothing before that. */
  readonly ready: Promise<void>;
  readonly exited: Promise<TrainerExit>;
  private readonly child: ChildProcess;
  private listener: ((message: Envelope) => void) | undefined;
  private lastLine = '';

  constructor(private readonly launch: TrainerLaunch) {
    this.child = fork(launch.entry, [], {
      execPath: process.execPath,
      execArgv: [],
      env: { ...process.env, ...launch.env, ELECTRON_RUN_AS_NODE: '1' },
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) stream?.on('data', lines(this.onLine));
    this.exited = new Promise((resolve) => {
      this.child.once('exit', (code, signal) => resolve({ code, signal }));
      this.child.once('error', (error) => {
        this.onLine(String(error));
        resolve({ code: null, signal: null });
      });
    });
    this.ready = this.greet();
    this.ready.catch(() => undefined);
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  post(message: Envelope): void {
    // The channel may close between a check and a send; the exit then ends every open call.
    if (this.child.connected) this.child.send(message, () => undefined);
  }

  listen(listener: (message: Envelope) => void): void {
    this.listener = listener;
  }

  /** Asks it to end by closing the channel, and ends it when it has not done so in time. */
  async stop(patience = 2000): Promise<void> {
    if (this.child.connected) this.child.disconnect();
    const timer = setTimeout(() => this.child.kill('SIGKILL'), patience);
    await this.exited;
    clearTimeout(timer);
  }

  private readonly onLine = (line: string): void => {
    if (line.trim() !== '') this.lastLine = line.trim();
    this.launch.onLine?.(line);
  };

  /** Any answer to the greeting, even "unknown method", shows that the trainer has loaded and is listening. */
  private greet(): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (what: string): void => {
        const detail = this.lastLine === '' ? '' : ` ${this.lastLine}`;
        const remedy = "Kindred's log tells why.";
        reject(new KindredError('disconnected', `The trainer ${what}.${detail}`, { remedy }));
      };
      const timer = setTimeout(() => fail('did not start in time'), this.launch.startTimeout ?? 30_000);
      this.child.on('message', (message) => {
        if (!isEnvelope(message)) return;
        if (message.id !== GREETING) return this.listener?.(message);
        clearTimeout(timer);
        resolve();
      });
      void this.exited.then(() => {
        clearTimeout(timer);
        fail('ended while it was starting');
      });
      this.post({ kind: 'request', id: GREETING, method: 'trainer.hello', params: null });
    });
  }
}
