/** The network that every contestant trains, and one step of its training. */
import * as tf from '@tensorflow/tfjs-core';
import type { HostTensors, Program, Specs, Tensors } from '../../src/trainer/engine/engine';
import { batchStatistics, normaliseBatch } from '../../src/trainer/models/batchNorm';
import { Random } from '../../src/trainer/random';

const SIZE = 64;
const DIMS = 128;
const CHANNELS = [3, 32, 64, 128, 256];
export const BATCH = Number(process.argv[2] ?? 128);
const TEMPERATURE = 0.1;
const POSITIVES = 3;

const parameters: Record<string, number[]> = { head: [256, DIMS] };
for (let stage = 0; stage < 4; stage++) {
  for (let layer = 0; layer < 2; layer++) {
    const to = CHANNELS[stage + 1];
    parameters[`filter${stage}${layer}`] = [3, 3, layer === 0 ? CHANNELS[stage] : to, to];
    parameters[`scale${stage}${layer}`] = [to];
    parameters[`shift${stage}${layer}`] = [to];
  }
}

function network(w: Tensors, images: tf.Tensor4D): tf.Tensor2D {
  let x = images;
  for (let stage = 0; stage < 4; stage++) {
    for (let layer = 0; layer < 2; layer++) {
      x = tf.conv2d(x, w[`filter${stage}${layer}`] as tf.Tensor4D, layer === 0 ? 2 : 1, 'same');
      const [scale, shift] = [w[`scale${stage}${layer}`], w[`shift${stage}${layer}`]] as [tf.Tensor1D, tf.Tensor1D];
      x = tf.relu(normaliseBatch(x, batchStatistics(x), scale, shift));
    }
  }
  const embeddings = tf.matMul(tf.mean<tf.Tensor2D>(x, [1, 2]), w['head']);
  return tf.div(embeddings, tf.sqrt(tf.add(tf.sum(tf.square(embeddings), 1, true), 1e-9)));
}

function ntXent(embeddings: tf.Tensor2D): tf.Scalar {
  const similarities = tf.div(tf.matMul(embeddings, embeddings, false, true), TEMPERATURE);
  const classes = tf.tensor1d(Int32Array.from({ length: BATCH }, (_, i) => Math.floor(i / (POSITIVES + 1))));
  const same = tf.equal(tf.reshape(classes, [BATCH, 1]), tf.reshape(classes, [1, BATCH]));
  const positive = tf.sub(tf.cast(same, 'float32'), tf.eye(BATCH));
  const negative = tf.cast(tf.logicalNot(same), 'float32');
  const exponentials = tf.exp(similarities);
  const others = tf.sum(tf.mul(exponentials, negative), 1, true);
  const terms = tf.sub(tf.log(tf.add(exponentials, others)), similarities);
  return tf.div(tf.sum<tf.Scalar>(tf.mul(terms, positive)), BATCH * POSITIVES);
}

/** One training step: forward, loss, gradients, Adam. */
export function trainingStep(): Program {
  const names = Object.keys(parameters);
  const specs = (prefix: string): Specs =>
    Object.fromEntries(names.map((name) => [prefix + name, { shape: parameters[name], dtype: 'float32' }]));
  return {
    name: 'step',
    state: { ...specs(''), ...specs('m/'), ...specs('v/') },
    inputs: { images: { shape: [BATCH, SIZE, SIZE, 3], dtype: 'float32' } },
    run: (state, inputs) => {
      const { value, grads } = tf.valueAndGrads((...w: tf.Tensor[]) =>
        ntXent(network(Object.fromEntries(names.map((name, i) => [name, w[i]])), inputs['images'] as tf.Tensor4D)),
      )(names.map((name) => state[name]));
      const next: Record<string, tf.Tensor> = {};
      names.forEach((name, i) => {
        const m = tf.add(tf.mul(state[`m/${name}`], 0.9), tf.mul(grads[i], 0.1));
        const v = tf.add(tf.mul(state[`v/${name}`], 0.999), tf.mul(tf.square(grads[i]), 0.001));
        next[name] = tf.sub(state[name], tf.mul(tf.div(m, tf.add(tf.sqrt(v), 1e-8)), 1e-3));
        next[`m/${name}`] = m;
        next[`v/${name}`] = v;
      });
      return { state: next, outputs: { loss: value } };
    },
  };
}

/** Weights and pictures, the same in each run. */
export function draw(program: Program): { state: HostTensors; inputs: HostTensors } {
  const random = new Random(1);
  const filled = (shape: readonly number[], next: () => number): HostTensors[string] => ({
    shape,
    data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, next),
  });
  const initial = (name: string, shape: readonly number[]): HostTensors[string] => {
    if (name.startsWith('scale')) return filled(shape, () => 1);
    const spread = name in parameters && !name.startsWith('shift') ? Math.sqrt(2 / (shape.at(-2)! * 9)) : 0;
    return filled(shape, () => spread * random.normal());
  };
  return {
    state: Object.fromEntries(Object.entries(program.state).map(([name, { shape }]) => [name, initial(name, shape)])),
    inputs: { images: filled([BATCH, SIZE, SIZE, 3], () => random.normal()) },
  };
}
