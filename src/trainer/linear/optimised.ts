import * as tf from '@tensorflow/tfjs-core';
import { throwIfCancelled } from '../../rpc/errors';
import type { Engine, HostTensors, Program } from '../engine/engine';
import { topSimilar } from '../engine/similarity';
import { gradientsOf } from '../training/gradients';
import { type LinearMap, mapOnto } from './map';
import { minimise } from './minimise';
import { type Labelled, type Moments } from './moments';
import { OBJECTIVES, type OptimisedMethod } from './objectives';
import { solve } from './solve';

/** All pairs of rows are compared at each iteration; more rows than these are not worth it. */
export const MOST_ROWS = 1500;
const TARGETS = 3;
const ITERATIONS = 60;
/** Mean squared distance of two rows at the start: near enough that a softmax over it sees more than one neighbour. */
const START_SPREAD = 10;

/**
 * A linear map that minimises the objective of a classical method, from whitening on. All rows are compared with each other, so
 * there should be at most `MOST_ROWS`.
 * @param moments of the same rows, or of more
 */
export async function optimised(
  method: OptimisedMethod,
  features: Labelled,
  moments: Moments,
  size: number,
  { engine, signal }: { readonly engine: Engine; readonly signal: AbortSignal },
): Promise<LinearMap> {
  const { dims, rows } = features;
  const width = Math.min(size, dims);
  const start = scaledAxes(await solve('whitening', moments, width), moments, width);
  const runner = await engine.compile(objectiveProgram(method, { rows, dims, width }));
  try {
    runner.setState(await constants(features, moments, signal));
    const evaluate = async (x: Float64Array): Promise<{ value: number; gradient: Float64Array }> => {
      throwIfCancelled(signal);
      const outputs = await runner.run({ map: { shape: [dims, width], data: Float32Array.from(x) } });
      return { value: outputs['value'].data[0], gradient: Float64Array.from(outputs['gradient'].data) };
    };
    const best = await minimise(evaluate, start, { iterations: ITERATIONS });
    return mapOnto(transposed(best, dims, width), moments.mean, size);
  } finally {
    await runner.dispose();
  }
}

/** Value and gradient of the objective for a map [dims, width]; the rows stay with the runner. */
export function objectiveProgram(
  method: OptimisedMethod,
  { rows, dims, width }: { readonly rows: number; readonly dims: number; readonly width: number },
): Program {
  return {
    name: method,
    state: {
      rows: { shape: [rows, dims], dtype: 'float32' },
      labels: { shape: [rows], dtype: 'int32' },
      targets: { shape: [rows, TARGETS], dtype: 'int32' },
    },
    inputs: { map: { shape: [dims, width], dtype: 'float32' } },
    run: (state, { map }) => {
      const { gradients, extra } = gradientsOf({ map }, (parameters) => {
        const squared = squaredDistances(tf.matMul(state['rows'], parameters['map']));
        const labels = state['labels'] as tf.Tensor1D;
        const value = OBJECTIVES[method]({ squared, labels, targets: state['targets'] as tf.Tensor2D });
        return { loss: value, extra: { value } };
      });
      return { state, outputs: { value: extra.value, gradient: gradients['map'] } };
    },
  };
}

function squaredDistances(x: tf.Tensor2D): tf.Tensor2D {
  const lengths = tf.sum(tf.mul(x, x), 1, true);
  return tf.relu(tf.sub(tf.add(lengths, tf.transpose(lengths)), tf.mul(tf.matMul(x, x, false, true), 2)));
}

/** The rows less their mean, so that distances lose no digits, their labels and target neighbours. */
export async function constants(
  features: Labelled,
  { mean }: Pick<Moments, 'mean'>,
  signal: AbortSignal,
): Promise<HostTensors> {
  const { data, dims, labels, rows } = features;
  const centred = data.map((value, i) => value - mean[i % dims]);
  return {
    rows: { shape: [rows, dims], data: centred },
    labels: { shape: [rows], data: labels },
    targets: { shape: [rows, TARGETS], data: await targetNeighbours(features, signal) },
  };
}

/** The most similar rows of the same class, by cosine; the row itself where its class has fewer. */
async function targetNeighbours({ data, dims, labels, rows }: Labelled, signal: AbortSignal): Promise<Int32Array> {
  const { indices } = await topSimilar({ data, rows, dims }, { data, rows, dims }, rows, {
    signal,
    report: () => undefined,
  });
  const targets = new Int32Array(rows * TARGETS);
  for (let row = 0; row < rows; row++) {
    const nearest = indices.subarray(row * rows, (row + 1) * rows);
    const own = nearest.filter((other) => other !== row && labels[other] === labels[row]);
    for (let k = 0; k < TARGETS; k++) targets[row * TARGETS + k] = k < own.length ? own[k] : row;
  }
  return targets;
}

/** The axes, all multiplied so that the mean squared distance of two rows is `START_SPREAD`. */
function scaledAxes({ weight }: LinearMap, { covariance, dims }: Moments, width: number): Float64Array {
  let variance = 0;
  for (let j = 0; j < width; j++)
    for (let a = 0; a < dims; a++) {
      let along = 0;
      for (let b = 0; b < dims; b++) along += covariance[a * dims + b] * weight[b * width + j];
      variance += along * weight[a * width + j];
    }
  const scale = Math.sqrt(START_SPREAD / Math.max(2 * variance, 1e-12));
  return Float64Array.from(weight, (value) => value * scale);
}

function transposed(map: Float64Array, dims: number, width: number): Float64Array {
  const directions = new Float64Array(map.length);
  for (let k = 0; k < dims; k++) for (let j = 0; j < width; j++) directions[j * dims + k] = map[k * width + j];
  return directions;
}
