import type { Device } from '../../types/engine';
import type { HostTensors } from '../engine';

/** An output of each run that is an input of the next. */
export interface Carried {
  readonly output: string;
  readonly input: string;
}

export interface SessionModel {
  /** An ONNX file. */
  readonly model: Uint8Array;
  /** Threads that one operator may use. */
  readonly threads: number;
  readonly device: Device;
  readonly carried: readonly Carried[];
}

interface OnSession {
  readonly session: number;
}

/** What the thread in which ONNX Runtime runs can be asked for. */
export interface SessionProtocol {
  /** Why it is ONNX Runtime's WebAssembly build that computes, if it is. */
  nativeProblem: { params: null; progress: never; result: string | null };
  /** Gives the number by which the session is called from then on. */
  open: { params: SessionModel; progress: never; result: number };
  /** These inputs stay for all runs, until they are replaced. */
  keep: { params: OnSession & { readonly tensors: HostTensors }; progress: never; result: null };
  kept: { params: OnSession; progress: never; result: HostTensors };
  /** Gives the outputs that are not carried over. */
  run: { params: OnSession & { readonly inputs: HostTensors }; progress: never; result: HostTensors };
  close: { params: OnSession; progress: never; result: null };
}
