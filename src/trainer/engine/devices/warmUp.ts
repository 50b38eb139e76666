import * as tf from '@tensorflow/tfjs-core';
import { Random } from '../../random';
import type { HostTensor, HostTensors, Program, Specs, Tensors } from '../engine';

/** How much a step computes. Software renderers, which only tests use, take half a minute for the full one. */
export type WarmUpSize = 'full' | 'small';
const SHAPES: Readonly<Record<WarmUpSize, readonly [number, number, number, number]>> = {
  full: [32, 64, 64, 3],
  small: [8, 16, 16, 3],
};

const EMBEDDING = 32;
const MOMENTUM = 0.9;
const RATE = 0.05;

/** Filters and weights of a small convolutional network, in the order in which they are used. */
const WEIGHTS: Readonly<Record<string, readonly number[]>> = {
  first: [3, 3, 3, 16],
  second: [3, 3, 16, 32],
  third: [3, 3, 32, 64],
  head: [64, EMBEDDING],
};

const weights: Specs = specs('');

/**
 * A few of these steps tell what a device is worth for training: convolutions with their gradients, normalisation over the
 * batch, all pairs of a batch, and an update with momentum, at a size that a CPU does in some hundredths of a second.
 */
export function warmUpProgram(size: WarmUpSize): Program {
  return {
    name: 'warm-up',
    state: { ...weights, ...specs('momentum/') },
    inputs: { images: { shape: SHAPES[size], dtype: 'float32' } },
    run: (state, { images }) => step(state, images as tf.Tensor4D),
  };
}

function step(state: Tensors, images: tf.Tensor4D): ReturnType<Program['run']> {
  const names = Object.keys(WEIGHTS);
  const lossOf = (...values: tf.Tensor[]): tf.Scalar =>
    pairLoss(embed(Object.fromEntries(names.map((name, i) => [name, values[i]])), images));
  const { value, grads } = tf.valueAndGrads(lossOf)(names.map((name) => state[name]));
  const next: Record<string, tf.Tensor> = {};
  names.forEach((name, i) => {
    const momentum = tf.add(tf.mul(state[`momentum/${name}`], MOMENTUM), grads[i]);
    next[`momentum/${name}`] = momentum;
    next[name] = tf.sub(state[name], tf.mul(momentum, RATE));
  });
  return { state: next, outputs: { loss: value } };
}

/** State and inputs of the first step; the same every time. */
export function warmUpTensors(size: WarmUpSize): { readonly state: HostTensors; readonly inputs: HostTensors } {
  const random = new Random(1);
  const state: Record<string, HostTensor> = {};
  for (const [name, shape] of Object.entries(WEIGHTS)) {
    const spread = Math.sqrt(2 / shape.slice(0, -1).reduce((product, length) => product * length, 1));
    state[name] = draw(shape, () => spread * random.normal());
    state[`momentum/${name}`] = draw(shape, () => 0);
  }
  return { state, inputs: { images: draw(SHAPES[size], () => random.next()) } };
}

function specs(prefix: string): Specs {
  return Object.fromEntries(
    Object.entries(WEIGHTS).map(([name, shape]) => [prefix + name, { shape, dtype: 'float32' as const }]),
  );
}

function draw(shape: readonly number[], value: () => number): HostTensor {
  const size = shape.reduce((product, length) => product * length, 1);
  return { shape, data: Float32Array.from({ length: size }, value) };
}

function embed(w: Tensors, images: tf.Tensor4D): tf.Tensor2D {
  let x = images;
  for (const name of ['first', 'second', 'third']) {
    x = tf.conv2d(x, w[name] as tf.Tensor4D, 2, 'same');
    const { mean, variance } = tf.moments(x, [0, 1, 2]);
    x = tf.relu(tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-3))));
  }
  const embeddings = tf.matMul(tf.mean<tf.Tensor2D>(x, [1, 2]), w['head']);
  return tf.div(embeddings, tf.sqrt(tf.add(tf.sum(tf.square(embeddings), 1, true), 1e-6)));
}

/** Neighbours in the batch are taken for a class each: softmax over the similarities of all pairs but an image with itself. */
function pairLoss(embeddings: tf.Tensor2D): tf.Scalar {
  const [batch] = embeddings.shape;
  const similarities = tf.mul(tf.matMul(embeddings, embeddings, false, true), 5);
  const others = tf.sub(similarities, tf.mul(tf.eye(batch), 100));
  const partner = tf.tensor2d(
    Array.from({ length: batch * batch }, (_, i) => (Math.floor(i / batch) === ((i % batch) ^ 1) ? 1 : 0)),
    [batch, batch],
  );
  return tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(others), partner), 1)));
}
