import * as ort from 'onnxruntime-node';
import { KindredError } from '../../../rpc/errors';
import type { HostTensor, HostTensors } from '../engine';
import { dtypeOf } from '../hostTensors';
import { DeviceReader, type OrtTensors, release, toHost } from './deviceTensors';
import { sessionOptions } from './provider';
import type { Carried, SessionModel } from './sessionProtocol';

/** A model that ONNX Runtime has loaded and optimised, with the inputs that it keeps. Used in the session's own thread only. */
export class OrtSession {
  /** ONNX Runtime's own tensors, on the device if it can be, so that a training step does not copy the weights in and out. */
  private keptTensors: OrtTensors = {};

  private constructor(
    private readonly session: ort.InferenceSession,
    private readonly carried: readonly Carried[],
    private readonly reader: DeviceReader,
  ) {}

  /** @throws KindredError `engine` with what ONNX Runtime said */
  static async open({ model, threads, carried, device }: SessionModel, logs?: 'all'): Promise<OrtSession> {
    return guarded('ONNX Runtime cannot load the model', async () => {
      const session = await ort.InferenceSession.create(model, sessionOptions(device, threads, carried, logs));
      return new OrtSession(session, carried, new DeviceReader(device));
    });
  }

  keep(tensors: HostTensors): void {
    for (const [name, tensor] of Object.entries(tensors)) this.replace(name, toOrt(tensor));
  }

  kept(): Promise<HostTensors> {
    return guarded('ONNX Runtime failed', () => this.reader.read(this.keptTensors));
  }

  async run(inputs: HostTensors): Promise<HostTensors> {
    const feeds: OrtTensors = { ...this.keptTensors };
    for (const [name, tensor] of Object.entries(inputs)) feeds[name] = toOrt(tensor);
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

  private replace(name: string, tensor: ort.Tensor): void {
    if (name in this.keptTensors) release(this.keptTensors[name]);
    this.keptTensors[name] = tensor;
  }
}

function toOrt(tensor: HostTensor): ort.Tensor {
  return new ort.Tensor(dtypeOf(tensor), tensor.data, tensor.shape);
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
