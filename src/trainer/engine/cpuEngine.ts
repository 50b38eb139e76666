import * as tf from '@tensorflow/tfjs-core';
import { KindredError } from '../../rpc/errors';
import type { Dtype, Engine, HostTensor, HostTensors, Program, Runner, Specs, Tensors } from './engine';
import { checkTensors, copyTensors } from './hostTensors';
import { withBackend } from './tracer/backends';
import { checkState } from './tracer/trace';

/** Programs run op by op on TensorFlow.js's plain CPU backend: slow, and what the other engine is compared with. */
export function cpuEngine(): Engine {
  return {
    name: 'cpu',
    device: 'CPU, TensorFlow.js',
    compile: (program) => Promise.resolve(new CpuRunner(program)),
  };
}

class CpuRunner implements Runner {
  private state: HostTensors | undefined;

  constructor(private readonly program: Program) {
    if (Object.keys(program.state).length === 0) this.state = {};
  }

  setState(values: HostTensors): void {
    checkTensors(`state of ${this.program.name}`, this.program.state, values);
    this.state = copyTensors(values);
  }

  getState(): Promise<HostTensors> {
    return Promise.resolve(copyTensors(this.currentState()));
  }

  run(inputs: HostTensors): Promise<HostTensors> {
    return Promise.resolve().then(() => {
      checkTensors(`inputs of ${this.program.name}`, this.program.inputs, inputs);
      return this.runNow(this.currentState(), inputs);
    });
  }

  dispose(): Promise<void> {
    this.state = undefined;
    return Promise.resolve();
  }

  private runNow(state: HostTensors, inputs: HostTensors): HostTensors {
    return withBackend('cpu', () => {
      const { program } = this;
      const result = program.run(toTensors(program.state, state), toTensors(program.inputs, inputs));
      checkState(program, result.state);
      this.state = fromTensors(result.state);
      return fromTensors(result.outputs);
    });
  }

  private currentState(): HostTensors {
    if (this.state) return this.state;
    throw new KindredError('engine', `${this.program.name} was run before its state was set.`);
  }
}

function toTensors(specs: Specs, tensors: HostTensors): Tensors {
  return Object.fromEntries(
    Object.entries(specs).map(([name, { shape, dtype }]) => [
      name,
      tf.tensor(tensors[name].data.slice(), [...shape], dtype),
    ]),
  );
}

function fromTensors(tensors: Tensors): HostTensors {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]): [string, HostTensor] => [
      name,
      // The backend may keep a tensor's elements in another type's array, as a cast from integers to floats does.
      { shape: [...tensor.shape], data: ARRAYS[tensor.dtype as Dtype].from(tensor.dataSync()) },
    ]),
  );
}

const ARRAYS = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const;
