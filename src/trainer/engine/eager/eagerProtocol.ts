import type { HostTensors, Recipe } from '../engine';
import type { EagerBackend, StartedBackend } from './eagerBackend';

interface OnRunner {
  readonly runner: number;
}

/** What the thread in which programs run op by op can be asked for. */
export interface EagerProtocol {
  /** Comes first. */
  start: { params: EagerBackend; progress: never; result: StartedBackend };
  /** Gives the number by which the program is called from then on. */
  compile: { params: Recipe; progress: never; result: number };
  setState: { params: OnRunner & { readonly values: HostTensors }; progress: never; result: null };
  getState: { params: OnRunner; progress: never; result: HostTensors };
  run: { params: OnRunner & { readonly inputs: HostTensors }; progress: never; result: HostTensors };
  dispose: { params: OnRunner; progress: never; result: null };
}
