import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { HostTensor, Tensors } from '../../../src/trainer/engine/engine';
import { withBackend } from '../../../src/trainer/engine/tracer/backends';
import { convnet, parameterCount } from '../../../src/trainer/models/convnet';
import { initialise } from '../../../src/trainer/models/initialise';
import { Random } from '../../../src/trainer/random';

const model = convnet({ embeddingSize: 16 });
const parameters = initialise(model.parameters, new Random(1));
const statistics = initialise(model.statistics, new Random(1));

function tensors(values: Record<string, HostTensor>): Tensors {
  return Object.fromEntries(
    Object.entries(values).map(([name, { data, shape }]) => [name, tf.tensor(data as Float32Array, [...shape])]),
  );
}

function pictures(count: number, size: number): tf.Tensor4D {
  const random = new Random(5);
  const data = Float32Array.from({ length: count * size * size * 3 }, () => random.next());
  return tf.tensor4d(data, [count, size, size, 3]);
}

describe('the convolutional network', () => {
  it('has about a million parameters', () => {
    const count = parameterCount(convnet({ embeddingSize: 128 }).parameters);
    expect(count).toBeGreaterThan(0.8e6);
    expect(count).toBeLessThan(1.5e6);
  });

  it('has the variables that runs of older versions have', () => {
    expect(Object.keys(model.parameters)).toContain('stage3.residual.filter');
    expect(model.parameters['head']).toMatchObject({ shape: [4 * 256, 16] });
  });

  it.each([16, 32, 45, 64])('takes pictures of %i pixels', (size) => {
    withBackend('cpu', () => {
      const { embeddings } = model.train(tensors(parameters), tensors(statistics), pictures(2, size), {});
      expect(embeddings.shape).toEqual([2, 16]);
      expect([...embeddings.dataSync()].every(Number.isFinite)).toBe(true);
    });
  });

  it('keeps the size of its signal through He initialisation', () => {
    const filter = parameters['stage2.residual.filter'];
    const mean = (filter.data as Float32Array).reduce((sum, value) => sum + value * value, 0) / filter.data.length;
    expect(mean / (2 / (3 * 3 * 128))).toBeCloseTo(1, 1);
  });

  it('embeds an image for itself, whatever is beside it', () => {
    withBackend('cpu', () => {
      const images = pictures(3, 16);
      const all = model.infer(tensors(parameters), tensors(statistics), images);
      const one = model.infer(tensors(parameters), tensors(statistics), tf.slice(images, [1, 0, 0, 0], [1, 16, 16, 3]));
      const [expected] = tf.slice(all, [1, 0], [1, 16]).arraySync();
      one.arraySync()[0].forEach((value, i) => expect(value).toBeCloseTo(expected[i], 4));
    });
  });

  it('comes to the same in training and inference when the statistics are those of the batch', () => {
    withBackend('cpu', () => {
      const images = pictures(4, 16);
      let running = tensors(statistics);
      for (let i = 0; i < 150; i++) running = model.train(tensors(parameters), running, images, {}).statistics;
      const training = model.train(tensors(parameters), running, images, {}).embeddings.dataSync();
      const inference = model.infer(tensors(parameters), running, images).dataSync();
      training.forEach((value, i) => expect(inference[i]).toBeCloseTo(value, 2));
    });
  });
});
