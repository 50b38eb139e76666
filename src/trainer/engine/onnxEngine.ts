import { availableParallelism } from 'node:os';
import type * as ort from 'onnxruntime-node';
import { KindredError } from '../../rpc/errors';
import type { Engine, HostTensors, Program, Runner } from './engine';
import { checkTensors, copyTensors } from './hostTensors';
import { encodeModel } from './onnx/encode';
import { fromOrt, openSession, type OrtTensors, runSession, toOrtAll } from './onnx/session';
import { optimise } from './passes/optimise';
import { inputName, newStateName, outputName, stateName, trace } from './tracer/trace';

export interface OnnxEngineOptions {
  /** CPU threads; all cores when not given. The same inputs and the same number give the same bits. */
  readonly threads?: number;
}

/** Programs recorded as one ONNX graph each, and run by ONNX Runtime. */
export function onnxEngine(options: OnnxEngineOptions = {}): Promise<Engine> {
  const threads = options.threads ?? availableParallelism();
  return Promise.resolve({
    name: 'onnx',
    device: `CPU, ${threads} thread${threads === 1 ? '' : 's'}`,
    async compile(program) {
      const model = encodeModel(optimise(trace(program)));
      return new OnnxRunner(program, await openSession(model, { threads }));
    },
  });
}

class OnnxRunner implements Runner {
  /** By the graph's names. Kept as ONNX Runtime's tensors, so that a step does not copy the weights in and out. */
  private state: OrtTensors | undefined;
  private readonly initial: boolean;

  constructor(
    private readonly program: Program,
    private readonly session: ort.InferenceSession,
  ) {
    this.initial = Object.keys(program.state).length === 0;
  }

  setState(values: HostTensors): void {
    checkTensors(`state of ${this.program.name}`, this.program.state, values);
    this.state = toOrtAll(copyTensors(values), stateName);
  }

  getState(): Promise<HostTensors> {
    return Promise.resolve(copyTensors(pick(this.program.state, this.currentState(), stateName)));
  }

  async run(inputs: HostTensors): Promise<HostTensors> {
    checkTensors(`inputs of ${this.program.name}`, this.program.inputs, inputs);
    const results = await runSession(this.session, { ...this.currentState(), ...toOrtAll(inputs, inputName) });
    const outputs: Record<string, null> = {};
    for (const name of this.session.outputNames) {
      if (name.startsWith(outputName(''))) outputs[name.slice(outputName('').length)] = null;
    }
    const states = Object.keys(this.program.state);
    this.state = Object.fromEntries(states.map((name) => [stateName(name), results[newStateName(name)]]));
    return pick(outputs, results, outputName);
  }

  async dispose(): Promise<void> {
    this.state = undefined;
    await this.session.release();
  }

  private currentState(): OrtTensors {
    if (this.state) return this.state;
    if (this.initial) return {};
    throw new KindredError('engine', `${this.program.name} was run before its state was set.`);
  }
}

function pick(names: object, tensors: OrtTensors, rename: (name: string) => string): HostTensors {
  return Object.fromEntries(Object.keys(names).map((name) => [name, fromOrt(tensors[rename(name)])]));
}
