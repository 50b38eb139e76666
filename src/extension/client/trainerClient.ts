import { KindredError } from '../../rpc/errors';
import { Rpc, type CallOptions, type NoMethods } from '../../rpc/rpc';
import type { TrainerProtocol } from '../../trainer/protocol';
import { CrashGuard } from './crashGuard';
import { TrainerProcess, type TrainerExit, type TrainerLaunch } from './trainerProcess';

export type TrainerMethod = keyof TrainerProtocol;

export interface TrainerCrash {
  readonly exit: TrainerExit;
  /** What was being done, each method once. */
  readonly interrupted: readonly TrainerMethod[];
  /** Too many crashes: the trainer is not started again for now. */
  readonly givenUp: boolean;
}

export interface TrainerClientOptions {
  /** Read at every start, so that changed settings hold from the next start on. */
  readonly launch: () => TrainerLaunch;
  readonly onStart?: (pid: number | undefined) => void;
  readonly onCrash?: (crash: TrainerCrash) => void;
  readonly guard?: CrashGuard;
}

interface Connection {
  readonly process: TrainerProcess;
  readonly rpc: Rpc<NoMethods, TrainerProtocol>;
  readonly calls: Map<symbol, TrainerMethod>;
  /** Its end is wanted, and no crash. */
  ending: boolean;
}

/**
 * The extension's line to the trainer. The process starts with the first call, and again with the first call after a crash;
 * calls that a crash cuts off fail with code `disconnected`.
 */
export class TrainerClient {
  private connection: Connection | undefined;
  private readonly guard: CrashGuard;
  private disposed = false;

  constructor(private readonly options: TrainerClientOptions) {
    this.guard = options.guard ?? new CrashGuard();
  }

  get pid(): number | undefined {
    return this.connection?.process.pid;
  }

  async call<K extends TrainerMethod>(
    method: K,
    params: TrainerProtocol[K]['params'],
    options: CallOptions<TrainerProtocol[K]['progress']> = {},
  ): Promise<TrainerProtocol[K]['result']> {
    const connection = this.connect();
    const key = Symbol(method);
    connection.calls.set(key, method);
    try {
      await connection.process.ready;
      return await connection.rpc.call(method, params, options);
    } finally {
      connection.calls.delete(key);
      if (connection.ending && connection.calls.size === 0) void connection.process.stop();
    }
  }

  /** Lets the process end once it is idle; the next call starts a new one, with new settings. */
  recycle(): void {
    const connection = this.connection;
    if (!connection) return;
    this.connection = undefined;
    connection.ending = true;
    if (connection.calls.size === 0) void connection.process.stop();
  }

  async dispose(): Promise<void> {
    this.disposed = true;
    const connection = this.connection;
    if (!connection) return;
    connection.ending = true;
    connection.rpc.close(new KindredError('disconnected', 'Kindred is shutting down.'));
    await connection.process.stop();
  }

  private connect(): Connection {
    if (this.disposed) throw new KindredError('disconnected', 'Kindred is shutting down.');
    if (this.connection) return this.connection;
    if (this.guard.tripped) {
      const remedy = "Kindred's log tells why; a minute from now it can be tried again.";
      throw new KindredError('engine', 'The trainer keeps stopping and is not started for now.', { remedy });
    }
    const process = new TrainerProcess(this.options.launch());
    const connection: Connection = { process, rpc: new Rpc(process, {}), calls: new Map(), ending: false };
    this.connection = connection;
    this.options.onStart?.(process.pid);
    void this.watch(connection);
    return connection;
  }

  private async watch(connection: Connection): Promise<void> {
    // A start that hangs is ended like a crash, so that the next call begins anew.
    connection.process.ready.catch(() => connection.process.stop(0));
    const exit = await connection.process.exited;
    if (this.connection === connection) this.connection = undefined;
    const interrupted = [...new Set(connection.calls.values())];
    connection.rpc.close(new KindredError('disconnected', 'The trainer stopped unexpectedly.'));
    if (connection.ending) return;
    this.guard.record();
    this.options.onCrash?.({ exit, interrupted, givenUp: this.guard.tripped });
  }
}
