import { KindredError } from '../../../rpc/errors';
import { RpcThread } from '../../rpcThread';
import type { Engine, HostTensors, Program, Recipe, Runner } from '../engine';
import { checkTensors } from '../hostTensors';
import { type EagerBackend, type EagerName, startBackend, type StartedBackend } from './eagerBackend';
import type { EagerProtocol } from './eagerProtocol';
import { EagerRunner } from './eagerRunner';

/**
 * An engine that is ready: its thread runs and has told its device.
 * @throws KindredError `engine` when the backend cannot be started
 */
export async function eagerEngine(backend: EagerBackend): Promise<Engine> {
  const { started } = await threadOf(backend);
  return { name: backend.name, ...started, compile: eagerCompiler(backend) };
}

/** Programs run op by op: those with a recipe in a thread of their own, the others in this one. */
export function eagerCompiler(backend: EagerBackend): Engine['compile'] {
  return async (program) => {
    if (program.recipe) return remoteRunner(backend, program, program.recipe);
    await startBackend(backend);
    return new EagerRunner(program, backend.name);
  };
}

interface StartedThread {
  readonly thread: RpcThread<EagerProtocol>;
  readonly started: StartedBackend;
}

/** One thread for each backend, started when first needed, and again if it died or could not start. */
const threads = new Map<EagerName, Promise<StartedThread>>();

function threadOf(backend: EagerBackend): Promise<StartedThread> {
  const running = threads.get(backend.name);
  if (running) return running;
  const forget = (): void => {
    if (threads.get(backend.name) === starting) threads.delete(backend.name);
  };
  const starting = startThread(backend, forget);
  threads.set(backend.name, starting);
  starting.catch(forget);
  return starting;
}

async function startThread(backend: EagerBackend, ended: () => void): Promise<StartedThread> {
  const thread = new RpcThread<EagerProtocol>('eagerWorker', { what: `the engine ${backend.name}`, ended });
  return { thread, started: await thread.call('start', backend) };
}

async function remoteRunner(backend: EagerBackend, program: Program, recipe: Recipe): Promise<Runner> {
  const { thread } = await threadOf(backend);
  return new RemoteRunner(program, thread, await thread.call('compile', recipe));
}

/** A program in the other thread, where its state stays between the runs. */
class RemoteRunner implements Runner {
  private hasState: boolean;
  /** A `setState` that failed shows in the next call that is waited for. */
  private setting: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly program: Program,
    private readonly thread: RpcThread<EagerProtocol>,
    private readonly runner: number,
  ) {
    this.hasState = Object.keys(program.state).length === 0;
  }

  setState(values: HostTensors): void {
    checkTensors(`state of ${this.program.name}`, this.program.state, values);
    this.setting = this.thread.call('setState', { runner: this.runner, values });
    this.setting.catch(() => undefined);
    this.hasState = true;
  }

  async getState(): Promise<HostTensors> {
    await this.ready();
    return this.thread.call('getState', { runner: this.runner });
  }

  async run(inputs: HostTensors): Promise<HostTensors> {
    checkTensors(`inputs of ${this.program.name}`, this.program.inputs, inputs);
    await this.ready();
    return this.thread.call('run', { runner: this.runner, inputs });
  }

  async dispose(): Promise<void> {
    await this.thread.call('dispose', { runner: this.runner });
  }

  private ready(): Promise<unknown> {
    if (this.hasState) return this.setting;
    throw new KindredError('engine', `${this.program.name} was run before its state was set.`);
  }
}
