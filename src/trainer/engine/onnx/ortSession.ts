import type * as ort from 'onnxruntime-node';
import { KindredError } from '../../../rpc/errors';
import type { HostTensor, HostTensors } from '../engine';
import { dtypeOf } from '../hostTensors';
import { DeviceReader, type OrtTensors, release, toHost } from './deviceTensors';
import { type OnnxRuntime, onnxRuntime } from './onnxRuntime';
import { sessionOptions } from './provider';
import type { Carried, SessionModel } from './sessionProtocol';

/** A model that ONNX Runtime has loaded and optimised, with the inputs that it keeps. Used in the session's own thread only. */
export class OrtSession {
  /** ONNX Runtime's own tensors, on the device if it can be, so that a training step does not copy the weights in and out. */
  private keptTensors: OrtTensors = {};

  private constructor(
    private readonly runtime: OnnxRuntime,
    private readonly session: ort.InferenceSession,
    private readonly carried: readonly Carried[],
    private readonly reader: DeviceReader,
  ) {}

  /** @throws KindredError `engine` with what ONNX Runtime said */
  static async open({ model, threads, carried, device }: SessionModel, logs?: 'all'): Promise<OrtSession> {
    return guarded('ONNX Runtime cannot load the model', async () => {
      const runtime = await onnxRuntime();
      const options = sessionOptions(device, threads, carried, logs);
      // The WebAssembly build has one provider of its own, which is its CPU.
      const own = runtime.nativeProblem === undefined ? options : { ...options, executionProviders: ['wasm'] };
      const session = await runtime.ort.InferenceSession.create(model, own);
      return new OrtSession(runtime, session, carried, new DeviceReader(device));
    });
  }

  keep(tensors: HostTensors): void {
    for (const [name, tensor] of Object.entries(tensors)) this.replace(name, this.toOrt(tensor));
  }

  kept(): Promise<HostTensors> {
    return guarded('ONNX Runtime failed', () => this.reader.read(this.keptTensors));
  }

  async run(inputs: HostTensors): Promise<HostTensors> {
    const feeds: OrtTensors = { ...this.keptTensors };
    for (const [name, tensor] of Object.entries(inputs)) feeds[name] = this.toOrt(tensor);
    const outputs = await guarded('ONNX Runtime failed', async () => await this.session.run(feeds));
    const rest = new Map(Object.entries(outputs));
    for (const { output, input } of this.carried) {
      this.replace(input, outputs[output]);
      rest.delete(output);
    }
    return Object.fromEntries([...rest].map(([name, tensor]) => [name, toHost(tensor)]));
  }

  async close(): Promise<void> {
    Object.values(this.keptTensors).forEach(release);
    this.keptTensors = {};
    await this.reader.close();
    await this.session.release();
  }

  private toOrt(tensor: HostTensor): ort.Tensor {
    return new this.runtime.ort.Tensor(dtypeOf(tensor), tensor.data, tensor.shape);
  }

  private replace(name: string, tensor: ort.Tensor): void {
    if (name in this.keptTensors) release(this.keptTensors[name]);
    this.keptTensors[name] = tensor;
  }
}

async function guarded<T>(what: string, f: () => Promise<T>): Promise<T> {
  try {
    return await f();
  } catch (error) {
    if (error instanceof KindredError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new KindredError('engine', `${what}: ${reason}`, { cause: error });
  }
}
