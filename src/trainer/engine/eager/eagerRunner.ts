import * as tf from '@tensorflow/tfjs-core';
import { KindredError } from '../../../rpc/errors';
import type { Dtype, HostTensor, HostTensors, Program, Runner, Specs, Tensors } from '../engine';
import { checkTensors } from '../hostTensors';
import { withBackend } from '../tracer/backends';
import { checkState } from '../tracer/trace';
import type { EagerName } from './eagerBackend';

/**
 * A program run op by op, in this thread, on a backend that has been started here. Its state stays on the backend from one run to
 * the next; all else that a run makes is freed at its end. A run that fails leaves the state as it was.
 */
export class EagerRunner implements Runner {
  private state: Tensors | undefined;

  constructor(
    private readonly program: Program,
    private readonly backend: EagerName,
  ) {
    if (Object.keys(program.state).length === 0) this.state = {};
  }

  setState(values: HostTensors): void {
    checkTensors(`state of ${this.program.name}`, this.program.state, values);
    withBackend(this.backend, () => this.replaceState(toTensors(this.program.state, values)));
  }

  getState(): Promise<HostTensors> {
    return Promise.resolve().then(() => withBackend(this.backend, () => fromTensors(this.currentState())));
  }

  run(inputs: HostTensors): Promise<HostTensors> {
    return Promise.resolve().then(() => {
      checkTensors(`inputs of ${this.program.name}`, this.program.inputs, inputs);
      const state = this.currentState();
      return withBackend(this.backend, () => this.runNow(state, inputs));
    });
  }

  dispose(): Promise<void> {
    this.replaceState(undefined);
    return Promise.resolve();
  }

  private runNow(state: Tensors, inputs: HostTensors): HostTensors {
    const { program } = this;
    const result = program.run(state, toTensors(program.inputs, inputs));
    checkState(program, result.state);
    const outputs = fromTensors(result.outputs);
    this.replaceState(result.state);
    return outputs;
  }

  /** A clone shares the memory of its tensor, so that a state may go on unchanged. */
  private replaceState(state: Tensors | undefined): void {
    const old = this.state;
    this.state = state && mapTensors(state, (tensor) => tf.keep(tf.clone(tensor)));
    for (const tensor of Object.values(old ?? {})) tensor.dispose();
  }

  private currentState(): Tensors {
    if (this.state) return this.state;
    throw new KindredError('engine', `${this.program.name} was run before its state was set.`);
  }
}

function mapTensors<T, U>(tensors: Readonly<Record<string, T>>, f: (tensor: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, f(tensor)]));
}

function toTensors(specs: Specs, tensors: HostTensors): Tensors {
  return Object.fromEntries(
    Object.entries(specs).map(([name, { shape, dtype }]) => [
      name,
      // A backend may go on using the array that it is given.
      tf.tensor(tensors[name].data.slice(), [...shape], dtype),
    ]),
  );
}

function fromTensors(tensors: Tensors): HostTensors {
  return mapTensors(tensors, (tensor): HostTensor => ({
    shape: [...tensor.shape],
    // The backend may keep a tensor's elements in another type's array, as a cast from integers to floats does.
    data: ARRAYS[tensor.dtype as Dtype].from(tensor.dataSync()),
  }));
}

const ARRAYS = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const;
