import * as tf from '@tensorflow/tfjs-core';
import { throwIfCancelled } from '../../rpc/errors';
import type { Engine, Program } from '../engine/engine';
import { breathe } from '../store/slices';

/** Rows of features with the class of each, 0 to classes - 1. */
export interface Labelled {
  /** Row-major. */
  readonly data: Float32Array;
  readonly rows: number;
  readonly dims: number;
  readonly labels: Int32Array;
  readonly classes: number;
}

/** What the closed forms need of the features: no more than this goes to the thread that solves them. */
export interface Moments {
  readonly rows: number;
  readonly dims: number;
  readonly mean: Float64Array;
  /** [dims, dims], divided by the number of rows. */
  readonly covariance: Float64Array;
  readonly counts: Int32Array;
  /** [classes, dims], zeros for a class without rows. */
  readonly classMeans: Float64Array;
  /** Mean over the rows of the fourth power of the length of (row - mean of its class). */
  readonly fourth: number;
}

const BLOCK = 2048;

/** Mean and covariance, over all and of the classes. The covariance, which is all of the work, is computed by the engine. */
export async function momentsOf(features: Labelled, engine: Engine, signal: AbortSignal): Promise<Moments> {
  const { rows, dims } = features;
  const { mean, counts, classMeans } = await meansOf(features, signal);
  const shift = Float32Array.from(mean);
  const runner = await engine.compile(scatterProgram(dims));
  try {
    runner.setState({ scatter: { shape: [dims, dims], data: new Float32Array(dims * dims) } });
    for (let first = 0; first < rows; first += BLOCK) {
      throwIfCancelled(signal);
      await runner.run({ centred: { shape: [BLOCK, dims], data: centred(features, first, shift) } });
    }
    const { scatter } = await runner.getState();
    const covariance = Float64Array.from(scatter.data, (value) => value / rows);
    return {
      rows,
      dims,
      mean,
      covariance,
      counts,
      classMeans,
      fourth: await fourthMoment(features, classMeans, signal),
    };
  } finally {
    await runner.dispose();
  }
}

/** Adds up x'x over blocks of rows. */
function scatterProgram(dims: number): Program {
  return {
    name: 'scatter',
    state: { scatter: { shape: [dims, dims], dtype: 'float32' } },
    inputs: { centred: { shape: [BLOCK, dims], dtype: 'float32' } },
    run: ({ scatter }, { centred: x }) => ({
      state: { scatter: tf.add(scatter, tf.matMul(x as tf.Tensor2D, x as tf.Tensor2D, true, false)) },
      outputs: {},
    }),
  };
}

/** Rows less the mean; the last block is filled up with zeros, which add nothing. */
function centred({ data, rows, dims }: Labelled, first: number, shift: Float32Array): Float32Array {
  const block = new Float32Array(BLOCK * dims);
  const end = Math.min(first + BLOCK, rows);
  for (let row = first, to = 0; row < end; row++)
    for (let k = 0, from = row * dims; k < dims; k++) block[to++] = data[from + k] - shift[k];
  return block;
}

async function meansOf(
  { data, rows, dims, labels, classes }: Labelled,
  signal: AbortSignal,
): Promise<Pick<Moments, 'mean' | 'counts' | 'classMeans'>> {
  const counts = new Int32Array(classes);
  const classMeans = new Float64Array(classes * dims);
  await eachBlock(rows, signal, (row) => {
    counts[labels[row]]++;
    const to = labels[row] * dims;
    for (let k = 0, from = row * dims; k < dims; k++) classMeans[to + k] += data[from + k];
  });
  const mean = new Float64Array(dims);
  for (let c = 0; c < classes; c++)
    for (let k = 0; k < dims; k++) {
      mean[k] += classMeans[c * dims + k] / rows;
      classMeans[c * dims + k] /= Math.max(1, counts[c]);
    }
  return { mean, counts, classMeans };
}

async function fourthMoment(
  { data, rows, dims, labels }: Labelled,
  classMeans: Float64Array,
  signal: AbortSignal,
): Promise<number> {
  let sum = 0;
  await eachBlock(rows, signal, (row) => {
    let squares = 0;
    for (let k = 0, from = row * dims, mean = labels[row] * dims; k < dims; k++)
      squares += (data[from + k] - classMeans[mean + k]) ** 2;
    sum += squares * squares;
  });
  return sum / Math.max(1, rows);
}

async function eachBlock(rows: number, signal: AbortSignal, work: (row: number) => void): Promise<void> {
  for (let first = 0; first < rows; first += BLOCK) {
    throwIfCancelled(signal);
    for (let row = first; row < Math.min(first + BLOCK, rows); row++) work(row);
    await breathe();
  }
}
