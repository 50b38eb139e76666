import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { cpuEngine } from '../../../src/trainer/engine/cpuEngine';
import type { Engine, HostTensors, Program, Specs, Tensors } from '../../../src/trainer/engine/engine';
import type { Loss } from '../../../src/trainer/losses/loss';
import { lossOf } from '../../../src/trainer/losses/lossOf';
import { Random } from '../../../src/trainer/random';
import type { LossSettings } from '../../../src/trainer/types/training';
import { expectClose, testEngine } from './parity';

const BATCH = 12;
const SIZE = 8;
const STEPS = 5;

const PARAMETERS: Specs = {
  first: { shape: [3, 3, 3, 6], dtype: 'float32' },
  scale: { shape: [6], dtype: 'float32' },
  shift: { shape: [6], dtype: 'float32' },
  second: { shape: [3, 3, 6, 6], dtype: 'float32' },
  head: { shape: [6, 8], dtype: 'float32' },
};

/** A residual network with batch normalisation, written plainly: the gradients of everything are TensorFlow.js's own. */
function network(w: Tensors, images: tf.Tensor4D): { embeddings: tf.Tensor2D; mean: tf.Tensor; variance: tf.Tensor } {
  const x = tf.conv2d(images, w['first'] as tf.Tensor4D, 1, 'same');
  const { mean, variance } = tf.moments(x, [0, 1, 2]);
  const normal = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-5)));
  const active = tf.relu(tf.add(tf.mul(normal, w['scale']), w['shift']));
  const pooled = tf.maxPool(active as tf.Tensor4D, 2, 2, 'valid');
  const gated = tf.conv2d(pooled, w['second'] as tf.Tensor4D, 1, 'same');
  const residual = tf.add(pooled, tf.mul(gated, tf.sigmoid(gated)));
  return { embeddings: tf.matMul(tf.mean<tf.Tensor2D>(residual, [1, 2]), w['head']), mean, variance };
}

/** One step with gradients clipped by their norm, Adam, and running statistics as state. */
function step(loss: Loss): Program {
  const prefixed = (prefix: string): Specs =>
    Object.fromEntries(Object.entries(PARAMETERS).map(([name, spec]) => [prefix + name, spec]));
  const names = Object.keys(PARAMETERS);
  return {
    name: 'step',
    state: {
      ...PARAMETERS,
      ...prefixed('m/'),
      ...prefixed('v/'),
      mean: { shape: [6], dtype: 'float32' },
      variance: { shape: [6], dtype: 'float32' },
    },
    inputs: {
      images: { shape: [BATCH, SIZE, SIZE, 3], dtype: 'float32' },
      labels: { shape: [BATCH], dtype: 'int32' },
      rate: { shape: [], dtype: 'float32' },
    },
    run: (state, inputs) => {
      const images = inputs['images'] as tf.Tensor4D;
      const parametersOf = (values: tf.Tensor[]): Tensors =>
        Object.fromEntries(names.map((name, i) => [name, values[i]]));
      const { value, grads } = tf.valueAndGrads(
        (...values: tf.Tensor[]) =>
          loss.evaluate({
            embeddings: network(parametersOf(values), images).embeddings,
            labels: inputs['labels'] as tf.Tensor1D,
            parameters: {},
            memory: {},
            noise: {},
          }).loss,
      )(names.map((name) => state[name]));
      const norm = tf.sqrt(tf.addN(grads.map((g) => tf.sum(tf.square(g)))));
      const shrink = tf.div(5, tf.maximum(norm, 5));
      const next: Record<string, tf.Tensor> = {};
      names.forEach((name, i) => {
        const g = tf.mul(grads[i], shrink);
        const m = tf.add(tf.mul(state[`m/${name}`], 0.9), tf.mul(g, 0.1));
        const v = tf.add(tf.mul(state[`v/${name}`], 0.999), tf.mul(tf.square(g), 0.001));
        const change = tf.div(m, tf.add(tf.sqrt(v), 1e-4));
        next[name] = tf.sub(state[name], tf.mul(change, inputs['rate']));
        next[`m/${name}`] = m;
        next[`v/${name}`] = v;
      });
      const { mean, variance } = network(state, images);
      next['mean'] = tf.add(tf.mul(state['mean'], 0.9), tf.mul(mean, 0.1));
      next['variance'] = tf.add(tf.mul(state['variance'], 0.9), tf.mul(variance, 0.1));
      return { state: next, outputs: { loss: value, norm } };
    },
  };
}

function initialState(program: Program, random: Random): HostTensors {
  return Object.fromEntries(
    Object.entries(program.state).map(([name, { shape }]) => {
      const size = shape.reduce((product, length) => product * length, 1);
      const draw = (): number => {
        if (name === 'scale' || name === 'variance') return 1;
        return name in PARAMETERS && name !== 'shift' ? 0.3 * random.normal() : 0;
      };
      return [name, { shape, data: Float32Array.from({ length: size }, draw) }];
    }),
  );
}

async function train(engine: Engine, settings: LossSettings): Promise<{ outputs: HostTensors[]; state: HostTensors }> {
  const program = step(lossOf(settings, { classes: 3, embeddingSize: 8, batchSize: BATCH }));
  // A seed with which no ReLU or hinge is so near its corner that rounding decides its side.
  const random = new Random(12);
  const runner = await engine.compile(program);
  runner.setState(initialState(program, random));
  const outputs: HostTensors[] = [];
  for (let i = 0; i < STEPS; i++) {
    const images = Float32Array.from({ length: BATCH * SIZE * SIZE * 3 }, () => random.next());
    outputs.push(
      await runner.run({
        images: { shape: [BATCH, SIZE, SIZE, 3], data: images },
        labels: { shape: [BATCH], data: Int32Array.from({ length: BATCH }, (_, item) => item >> 2) },
        rate: { shape: [], data: Float32Array.of(1e-3) },
      }),
    );
  }
  const state = await runner.getState();
  await runner.dispose();
  return { outputs, state };
}

const LOSSES: [string, LossSettings][] = [
  ['contrastive', { kind: 'contrastive', positiveMargin: 0, negativeMargin: 1 }],
  ['triplet, all', { kind: 'triplet', margin: 0.05, miner: 'all' }],
  ['triplet, semi-hard', { kind: 'triplet', margin: 0.2, miner: 'semi-hard' }],
  ['triplet, hard', { kind: 'triplet', margin: 0.2, miner: 'hard' }],
  ['triplet, batch-hard', { kind: 'triplet', margin: 0.2, miner: 'batch-hard' }],
  ['NT-Xent', { kind: 'nt-xent', temperature: 0.1 }],
];

describe('five steps of a residual network with batch normalisation and Adam', () => {
  it.each(LOSSES)('%s', async (_, settings) => {
    const expected = await train(cpuEngine(), settings);
    const actual = await train(await testEngine(), settings);
    actual.outputs.forEach((outputs, i) => expectClose(outputs, expected.outputs[i], 1e-4));
    expectClose(actual.state, expected.state, 1e-4);
    // It did move, so that equality means something.
    expect(expected.outputs[0]['norm'].data[0]).toBeGreaterThan(1e-3);
    expect(expected.outputs[0]['loss'].data[0]).not.toBe(expected.outputs[STEPS - 1]['loss'].data[0]);
  });
});
