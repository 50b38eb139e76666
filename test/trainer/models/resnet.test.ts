import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { Tensors } from '../../../src/trainer/engine/engine';
import { withBackend } from '../../../src/trainer/engine/tracer/backends';
import { parameterCount } from '../../../src/trainer/models/convnet';
import { featureSize } from '../../../src/trainer/models/featureSize';
import { initialise } from '../../../src/trainer/models/initialise';
import { modelOf, type NetworkSettings } from '../../../src/trainer/models/modelOf';
import { resnet } from '../../../src/trainer/models/resnet';
import { Random } from '../../../src/trainer/random';
import type { ModelSettings } from '../../../src/trainer/types/training';

const SIZE = 16;
const random = new Random(4);

function pictures(count: number): tf.Tensor4D {
  const data = Float32Array.from({ length: count * SIZE * SIZE * 3 }, () => random.next());
  return tf.tensor4d(data, [count, SIZE, SIZE, 3]);
}

function weightsOf(settings: NetworkSettings, kind: 'parameters' | 'statistics'): Record<string, tf.Tensor> {
  const values = initialise(modelOf(settings)[kind], new Random(1));
  return Object.fromEntries(
    Object.entries(values).map(([name, { data, shape }]) => [name, tf.tensor(data as Float32Array, [...shape])]),
  );
}

const settingsOf = (model: ModelSettings, embeddingSize = 8): NetworkSettings => ({
  model,
  embeddingSize,
  imageSize: SIZE,
});

describe('the larger residual networks', () => {
  it.each([
    ['medium', 2.5e6, 3.2e6],
    ['large', 11e6, 11.8e6],
  ] as const)('%s has as many parameters as it should', (size, least, most) => {
    const count = parameterCount(resnet({ size, embeddingSize: 128 }).parameters);
    expect(count).toBeGreaterThan(least);
    expect(count).toBeLessThan(most);
  });

  it('begins each block as its shortcut', () => {
    withBackend('cpu', () => {
      const settings = settingsOf({ kind: 'convnet', size: 'medium' });
      const [values, running] = [weightsOf(settings, 'parameters'), weightsOf(settings, 'statistics')];
      const network = modelOf(settings);
      const images = pictures(2);
      const before = network.infer(values, running, images).dataSync();
      for (const name of Object.keys(values)) {
        if (/block\d\.(first|second)\.filter/.test(name)) values[name] = tf.mul(values[name], 3);
      }
      expect(network.infer(values, running, images).dataSync()).toEqual(before);
      for (const name of Object.keys(values)) {
        if (name.endsWith('second.scale')) values[name] = tf.onesLike(values[name]);
      }
      const after = network.infer(values, running, images).dataSync();
      expect(Math.max(...after.map((value, i) => Math.abs(value - before[i])))).toBeGreaterThan(0.01);
    });
  });

  it('projects the shortcut exactly where the shape changes', () => {
    const shortcuts = (size: 'medium' | 'large'): string[] =>
      Object.keys(resnet({ size, embeddingSize: 8 }).parameters).filter((name) => name.endsWith('shortcut.filter'));
    expect(shortcuts('medium')).toEqual([0, 1, 2].map((stage) => `stage${stage}.block0.shortcut.filter`));
    expect(shortcuts('large')).toEqual([1, 2, 3].map((stage) => `stage${stage}.block0.shortcut.filter`));
  });

  it('has the gradient of its definition, by finite differences', () => {
    withBackend('cpu', () => {
      const settings = settingsOf({ kind: 'convnet', size: 'medium', head: 'mlp' });
      const [values, running] = [weightsOf(settings, 'parameters'), weightsOf(settings, 'statistics')];
      for (const name of Object.keys(values)) {
        if (name.endsWith('.second.scale')) values[name] = tf.fill(values[name].shape, 0.3);
      }
      const network = modelOf(settings);
      const images = pictures(6);
      const weights = tf.randomNormal([6, 8], 0, 1, 'float32', 7);
      const value = (all: Tensors): tf.Scalar =>
        tf.sum(tf.mul(network.train(all, running, images, {}).embeddings, weights));
      for (const name of [
        'stage2.block0.shortcut.filter',
        'stage2.block1.second.scale',
        'head.hidden.weight',
        'head',
      ]) {
        const gradient = tf.grad((x) => value({ ...values, [name]: x }))(values[name]);
        // Along a random direction, so that the slope is large beside the rounding of float32.
        const direction = tf.mul(tf.sign(gradient), tf.add(0.5, tf.randomUniform(gradient.shape, 0, 1, 'float32', 3)));
        const step = 5e-3 / Math.sqrt(tf.sum(tf.square(direction)).dataSync()[0]);
        const moved = (by: number): number =>
          value({ ...values, [name]: tf.add(values[name], tf.mul(direction, by)) }).dataSync()[0];
        const slope = (moved(step) - moved(-step)) / (2 * step);
        const expected = tf.sum(tf.mul(gradient, direction)).dataSync()[0];
        expect(Math.abs(slope - expected) / expected, name).toBeLessThan(0.05);
      }
    });
  }, 60_000);
});

describe('heads', () => {
  const NETWORKS: ModelSettings[] = [
    { kind: 'convnet' },
    { kind: 'convnet', size: 'medium' },
    { kind: 'separable' },
    { kind: 'vit', patch: 8, width: 12, depth: 1, heads: 2, dropout: 0 },
  ];

  it.each(NETWORKS)('of $kind $size: one matrix, a hidden layer, or none', (model) => {
    withBackend('cpu', () => {
      const shapeOf = (own: ModelSettings, size: number): number[] => {
        const settings = settingsOf(own, size);
        const [values, running] = [weightsOf(settings, 'parameters'), weightsOf(settings, 'statistics')];
        return modelOf(settings).infer(values, running, pictures(2)).shape;
      };
      expect(shapeOf({ ...model, head: 'linear' } as ModelSettings, 5)).toEqual([2, 5]);
      expect(shapeOf({ ...model, head: 'mlp' } as ModelSettings, 700)).toEqual([2, 700]);
      const none = { ...model, head: 'none' } as ModelSettings;
      expect(shapeOf(none, featureSize(none) ?? 0)).toEqual([2, featureSize(none)]);
      expect(featureSize(model)).toBeUndefined();
    });
  });
});
