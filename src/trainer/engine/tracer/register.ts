import * as tf from '@tensorflow/tfjs-core';
import type { Value } from '../graph/graph';
import { TRACER, TracerBackend } from './backend';
import type { Inputs, Recorder } from './kernel';
import { RECORDERS } from './kernels';
import { refuse } from './refuse';

let installed: TracerBackend | undefined;

/** The one tracer of this process, known to TensorFlow.js with all its kernels. Never becomes the default backend by itself. */
export function tracer(): TracerBackend {
  if (installed) return installed;
  const backend = new TracerBackend();
  tf.registerBackend(TRACER, () => backend, -1);
  const recorded = new Set<string>();
  for (const recorder of RECORDERS) {
    recorded.add(recorder.kernel);
    register(recorder.kernel, (inputs, attributes) => play(backend, recorder, inputs, attributes));
  }
  for (const kernel of kernelNames()) {
    if (!recorded.has(kernel)) register(kernel, () => refuse(kernel));
  }
  installed = backend;
  return backend;
}

type Kernel = (inputs: tf.NamedTensorInfoMap, attributes: object) => tf.TensorInfo | tf.TensorInfo[];

function register(kernelName: string, kernel: Kernel): void {
  tf.registerKernel({
    kernelName,
    backendName: TRACER,
    kernelFunc: ({ inputs, attrs }) => kernel(inputs, attrs ?? {}),
  });
}

function play(
  backend: TracerBackend,
  recorder: Recorder,
  inputs: tf.NamedTensorInfoMap,
  attributes: object,
): tf.TensorInfo | tf.TensorInfo[] {
  const result = recorder.record(backend.graph, valuesOf(backend, inputs), attributes);
  return isList(result) ? result.map((value) => backend.tensorOf(value)) : backend.tensorOf(result);
}

function isList(result: Value | readonly Value[]): result is readonly Value[] {
  return Array.isArray(result);
}

function valuesOf(backend: TracerBackend, inputs: tf.NamedTensorInfoMap): Inputs {
  const named: Record<string, Value> = {};
  for (const [name, tensor] of Object.entries(inputs)) {
    if (tensor) named[name] = backend.traced(tensor);
  }
  return { named, list: Object.values(named) };
}

/** Every kernel that TensorFlow.js knows: it exports each name as a constant of the same name. */
function kernelNames(): string[] {
  return Object.entries(tf)
    .filter(([name, value]) => name === value)
    .map(([name]) => name);
}
