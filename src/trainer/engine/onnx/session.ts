import * as ort from 'onnxruntime-node';
import { KindredError } from '../../../rpc/errors';
import type { HostTensor, HostTensors } from '../engine';
import { dtypeOf } from '../hostTensors';

export interface SessionOptions {
  /** Threads that one operator may use; 0 or nothing: as many as the machine has cores. */
  readonly threads?: number;
}

/** A model that ONNX Runtime has loaded and optimised. */
export async function openSession(
  model: Uint8Array | string,
  { threads }: SessionOptions = {},
): Promise<ort.InferenceSession> {
  const options: ort.InferenceSession.SessionOptions = {
    graphOptimizationLevel: 'all',
    intraOpNumThreads: threads ?? 0,
    executionMode: 'sequential',
    executionProviders: ['cpu'],
    // Errors come back as exceptions; ONNX Runtime's own remarks on a graph say nothing to a person.
    logSeverityLevel: 3,
  };
  try {
    // Two calls because the overloads of `create` do not take a union.
    return typeof model === 'string'
      ? await ort.InferenceSession.create(model, options)
      : await ort.InferenceSession.create(model, options);
  } catch (error) {
    throw engineError('ONNX Runtime cannot load the model', error);
  }
}

export type OrtTensors = Record<string, ort.Tensor>;

/** @throws KindredError `engine` with what ONNX Runtime said */
export async function runSession(session: ort.InferenceSession, feeds: OrtTensors): Promise<OrtTensors> {
  try {
    return await session.run(feeds);
  } catch (error) {
    throw engineError('ONNX Runtime failed', error);
  }
}

export function toOrt(tensor: HostTensor): ort.Tensor {
  return new ort.Tensor(dtypeOf(tensor), tensor.data, tensor.shape);
}

export function fromOrt(tensor: ort.Tensor): HostTensor {
  const { data, dims } = tensor;
  if (data instanceof Float32Array || data instanceof Int32Array || data instanceof Uint8Array)
    return { shape: dims, data };
  throw new KindredError('engine', `A program cannot give a tensor of type ${tensor.type}.`);
}

export function toOrtAll(tensors: HostTensors, rename: (name: string) => string): OrtTensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [rename(name), toOrt(tensor)]));
}

function engineError(what: string, error: unknown): KindredError {
  const reason = error instanceof Error ? error.message : String(error);
  return new KindredError('engine', `${what}: ${reason}`, { cause: error });
}
