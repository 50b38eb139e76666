import * as ort from 'onnxruntime-node';
import { KindredError } from '../../../rpc/errors';
import type { HostTensor, HostTensors } from '../engine';
import { dtypeOf } from '../hostTensors';
import type { Carried, SessionModel } from './sessionProtocol';

type OrtTensors = Record<string, ort.Tensor>;

/** A model that ONNX Runtime has loaded and optimised, with the inputs that it keeps. Used in the session's own thread only. */
export class OrtSession {
  /** ONNX Runtime's own tensors, so that a training step does not copy the weights in and out. */
  private keptTensors: OrtTensors = {};

  private constructor(
    private readonly session: ort.InferenceSession,
    private readonly carried: readonly Carried[],
  ) {}

  /** @throws KindredError `engine` with what ONNX Runtime said */
  static async open({ model, threads, carried }: SessionModel): Promise<OrtSession> {
    const options: ort.InferenceSession.SessionOptions = {
      graphOptimizationLevel: 'all',
      intraOpNumThreads: threads,
      // Threads that wait sleep: as fast on an idle machine, and several times faster beside other work.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
      executionMode: 'sequential',
      executionProviders: ['cpu'],
      // Errors come back as exceptions; ONNX Runtime's own remarks on a graph say nothing to a person.
      logSeverityLevel: 3,
    };
    return guarded('ONNX Runtime cannot load the model', async () => {
      return new OrtSession(await ort.InferenceSession.create(model, options), carried);
    });
  }

  keep(tensors: HostTensors): void {
    for (const [name, tensor] of Object.entries(tensors)) this.keptTensors[name] = toOrt(tensor);
  }

  kept(): HostTensors {
    return fromOrtAll(this.keptTensors);
  }

  async run(inputs: HostTensors): Promise<HostTensors> {
    const feeds: OrtTensors = { ...this.keptTensors };
    for (const [name, tensor] of Object.entries(inputs)) feeds[name] = toOrt(tensor);
    const outputs = await guarded('ONNX Runtime failed', async () => await this.session.run(feeds));
    const rest = new Map(Object.entries(outputs));
    for (const { output, input } of this.carried) {
      this.keptTensors[input] = outputs[output];
      rest.delete(output);
    }
    return fromOrtAll(Object.fromEntries(rest));
  }

  async close(): Promise<void> {
    this.keptTensors = {};
    await this.session.release();
  }
}

function toOrt(tensor: HostTensor): ort.Tensor {
  return new ort.Tensor(dtypeOf(tensor), tensor.data, tensor.shape);
}

function fromOrtAll(tensors: OrtTensors): HostTensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, fromOrt(tensor)]));
}

function fromOrt({ data, dims, type }: ort.Tensor): HostTensor {
  if (data instanceof Float32Array || data instanceof Int32Array || data instanceof Uint8Array)
    return { shape: dims, data };
  throw new KindredError('engine', `A model gives a tensor of type ${type}, which Kindred does not use.`);
}

async function guarded<T>(what: string, f: () => Promise<T>): Promise<T> {
  try {
    return await f();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new KindredError('engine', `${what}: ${reason}`, { cause: error });
  }
}
