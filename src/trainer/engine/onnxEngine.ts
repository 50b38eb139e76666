import { KindredError } from '../../rpc/errors';
import type { Device } from '../types/engine';
import { compileProgram } from './compile';
import type { Engine, HostTensors, Program, Runner } from './engine';
import { checkTensors } from './hostTensors';
import { blockSize } from './onnx/blockSize';
import { openSession, type Session } from './onnx/session';
import { inputName, newStateName, outputName, stateName } from './tracer/trace';
import { deviceLabel } from './devices/label';
import { defaultThreads } from './threads';

export interface OnnxEngineOptions {
  /** CPU threads; all cores when not given. The same inputs and the same number give the same bits. */
  readonly threads?: number;
  /** The CPU when not given. Whether this machine has it is not looked at: selectEngine does. */
  readonly device?: Device;
  /** What the device is called, where that is known: "NVIDIA GeForce RTX 4090". */
  readonly deviceName?: string | undefined;
}

/** Programs recorded as one ONNX graph each, and run by ONNX Runtime. */
export function onnxEngine(options: OnnxEngineOptions = {}): Promise<Engine> {
  const { threads = defaultThreads(), device = 'cpu', deviceName } = options;
  return Promise.resolve({
    name: 'onnx',
    device: deviceLabel(device, { threads, name: deviceName }),
    ...(device === 'cpu' ? {} : { accelerator: device }),
    async compile(program) {
      const block = device === 'cpu' ? await blockSize() : undefined;
      const model = compileProgram(program, { device, block });
      const carried = Object.keys(program.state).map((name) => ({
        output: newStateName(name),
        input: stateName(name),
      }));
      return new OnnxRunner(program, await openSession(model, { threads, carried, device }));
    },
  });
}

class OnnxRunner implements Runner {
  private hasState: boolean;

  constructor(
    private readonly program: Program,
    private readonly session: Session,
  ) {
    this.hasState = Object.keys(program.state).length === 0;
  }

  setState(values: HostTensors): void {
    checkTensors(`state of ${this.program.name}`, this.program.state, values);
    this.session.keep(renamed(values, stateName));
    this.hasState = true;
  }

  async getState(): Promise<HostTensors> {
    this.checkState();
    const kept = await this.session.kept();
    return Object.fromEntries(Object.keys(this.program.state).map((name) => [name, kept[stateName(name)]]));
  }

  async run(inputs: HostTensors): Promise<HostTensors> {
    checkTensors(`inputs of ${this.program.name}`, this.program.inputs, inputs);
    this.checkState();
    const outputs = await this.session.run(renamed(inputs, inputName));
    return Object.fromEntries(
      Object.entries(outputs).map(([name, tensor]) => [name.slice(outputName('').length), tensor]),
    );
  }

  dispose(): Promise<void> {
    return this.session.close();
  }

  private checkState(): void {
    if (!this.hasState) throw new KindredError('engine', `${this.program.name} was run before its state was set.`);
  }
}

function renamed(tensors: HostTensors, rename: (name: string) => string): HostTensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [rename(name), tensor]));
}
