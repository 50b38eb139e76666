import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { Tensors } from '../../../src/trainer/engine/engine';
import { withBackend } from '../../../src/trainer/engine/tracer/backends';
import { attentionVariables, selfAttention } from '../../../src/trainer/models/attention';
import { embeddingLookup } from '../../../src/trainer/models/embeddingLookup';
import { gelu } from '../../../src/trainer/models/gelu';
import { initialise } from '../../../src/trainer/models/initialise';
import { layerNorm } from '../../../src/trainer/models/layerNorm';
import { modelOf, type NetworkSettings } from '../../../src/trainer/models/modelOf';
import { patchesOf } from '../../../src/trainer/models/patches';
import { Random } from '../../../src/trainer/random';
import { drawNoise } from '../../../src/trainer/training/step';
import { expectParity, normal, integers } from '../engine/parity';
import type { T1, T2 } from '../engine/cases';

const random = new Random(2);
const draw = (...shape: number[]): tf.Tensor => {
  const size = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, () => random.normal()),
    shape,
  );
};

/** The written-out gradients of a layer are those that TensorFlow.js finds for the definition. */
function expectSameGradients(
  layer: (...x: tf.Tensor[]) => tf.Tensor,
  plain: typeof layer,
  operands: tf.Tensor[],
): void {
  const weights = draw(...layer(...operands).shape);
  const gradients = (f: typeof layer): tf.Tensor[] =>
    tf.grads((...x: tf.Tensor[]) => tf.sum(tf.mul(f(...x), weights)))(operands);
  const expected = gradients(plain);
  gradients(layer).forEach((gradient, i) => {
    const want = expected[i].dataSync();
    gradient.dataSync().forEach((value, at) => expect(value).toBeCloseTo(want[at], 4));
  });
}

describe('layerNorm', () => {
  it('brings each row to mean 0 and variance 1, then scales and shifts', () => {
    withBackend('cpu', () => {
      const y = layerNorm(draw(3, 50) as T2, tf.fill<tf.Rank.R1>([50], 2), tf.fill<tf.Rank.R1>([50], 5));
      const { mean, variance } = tf.moments(y, 1);
      mean.dataSync().forEach((value) => expect(value).toBeCloseTo(5, 4));
      variance.dataSync().forEach((value) => expect(value).toBeCloseTo(4, 3));
    });
  });

  it('has the gradients of its definition, also for a row of equal values', () => {
    withBackend('cpu', () => {
      const plain = (x: tf.Tensor, scale: tf.Tensor, shift: tf.Tensor): tf.Tensor => {
        const { mean, variance } = tf.moments(x, 1, true);
        return tf.add(tf.mul(tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-5))), scale), shift);
      };
      const layer = (x: tf.Tensor, scale: tf.Tensor, shift: tf.Tensor): tf.Tensor =>
        layerNorm(x as T2, scale as T1, shift as T1);
      expectSameGradients(layer, plain, [draw(4, 6), draw(6), draw(6)]);
      const flat = tf.grad((x) => tf.sum(layerNorm(x as T2, tf.ones([6]), tf.zeros([6]))))(tf.ones([1, 6]));
      flat.dataSync().forEach((value) => expect(Number.isFinite(value)).toBe(true));
    });
  });

  it('is the same on ONNX Runtime', () =>
    expectParity((x, s, b) => layerNorm(x as T2, s as T1, b as T1), [normal(5, 7), normal(7), normal(7)], {
      tolerance: 1e-5,
    }));
});

describe('gelu', () => {
  it('is x times the chance that a standard normal is below x', () => {
    withBackend('cpu', () => {
      // Values of the normal distribution's table.
      const found = gelu(tf.tensor1d([-2, -1, 0, 0.5, 1, 3])).dataSync();
      [-0.0455, -0.158655, 0, 0.345731, 0.841345, 2.99595].forEach((want, i) => expect(found[i]).toBeCloseTo(want, 4));
    });
  });

  it('has the gradient of its definition', () => {
    withBackend('cpu', () => {
      const plain = (x: tf.Tensor): tf.Tensor => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
      expectSameGradients((x) => gelu(x), plain, [draw(30)]);
    });
  });

  it('is the same on ONNX Runtime', () => expectParity((x) => gelu(x), [normal(40)], { tolerance: 1e-5 }));
});

describe('selfAttention', () => {
  const [count, tokens, heads, width] = [2, 3, 2, 4];

  it('mixes the tokens of an item as the definition says, head by head', () => {
    withBackend('cpu', () => {
      const initial = initialise(attentionVariables('a', width, 1), new Random(1));
      const values: Tensors = Object.fromEntries(
        Object.entries(initial).map(([name, { shape }]) => [name, draw(...shape)]),
      );
      const x = draw(count * tokens, width);
      const found = selfAttention(values, 'a', x as T2, { count, tokens, heads }).arraySync();
      const rows = x.arraySync() as number[][];
      const qkv = rows.map((row) =>
        affine(row, values['a.queriesKeysValues.weight'], values['a.queriesKeysValues.bias']),
      );
      rows.forEach((_, row) => {
        const mixed = naiveRow(qkv, row);
        affine(mixed, values['a.output.weight'], values['a.output.bias']).forEach((want, i) =>
          expect(found[row][i]).toBeCloseTo(want, 4),
        );
      });
    });
  });

  /** What one token takes from those of its item, all heads beside each other. */
  function naiveRow(qkv: number[][], row: number): number[] {
    const size = width / heads;
    const first = Math.floor(row / tokens) * tokens;
    return Array.from({ length: heads }, (_, head) => {
      const part = (token: number, which: number): number[] =>
        qkv[token].slice(which * width + head * size, which * width + (head + 1) * size);
      const scores = Array.from({ length: tokens }, (__, t) =>
        Math.exp(part(row, 0).reduce((sum, q, i) => sum + q * part(first + t, 1)[i], 0) / Math.sqrt(size)),
      );
      const total = scores.reduce((a, b) => a + b);
      return Array.from({ length: size }, (__, i) =>
        scores.reduce((sum, score, t) => sum + (score / total) * part(first + t, 2)[i], 0),
      );
    }).flat();
  }

  function affine(row: number[], weight: tf.Tensor, bias: tf.Tensor): number[] {
    const w = weight.arraySync() as number[][];
    return (bias.arraySync() as number[]).map((b, j) => row.reduce((sum, value, i) => sum + value * w[i][j], b));
  }
});

describe('patchesOf', () => {
  it('takes a picture apart row by row', () => {
    withBackend('cpu', () => {
      const images = tf.reshape(tf.range(0, 16), [1, 4, 4, 1]);
      expect(patchesOf(images as tf.Tensor4D, 2).arraySync()).toEqual([
        [0, 1, 4, 5],
        [2, 3, 6, 7],
        [8, 9, 12, 13],
        [10, 11, 14, 15],
      ]);
    });
  });
});

describe('embeddingLookup', () => {
  it('takes rows, and adds up their gradients, on both engines', () =>
    expectParity((table, tokens) => embeddingLookup(table as T2, tokens as T2), [normal(5, 3), integers(5, 4, 6)]));
});

describe('modelOf', () => {
  const common = { embeddingSize: 8, imageSize: 16 };

  it('gives a network for vectors where one can be', () => {
    const settings: NetworkSettings = {
      ...common,
      model: { kind: 'mlp', width: 4, depth: 1, dropout: 0 },
      vectorSize: 5,
    };
    expect(modelOf(settings).input).toEqual({ name: 'vectors', shape: [5], dtype: 'float32' });
    expect(() => modelOf({ ...common, model: { kind: 'convnet' }, vectorSize: 5 })).toThrow(/does not take vectors/);
  });

  it('drops features while training only, by masks that are given', () => {
    withBackend('cpu', () => {
      const network = modelOf({ ...common, model: { kind: 'mlp', width: 4, depth: 1, dropout: 0.5 }, vectorSize: 5 });
      const tensors = (variables: typeof network.parameters): Tensors =>
        Object.fromEntries(
          Object.entries(initialise(variables, new Random(1))).map(([name, { shape, data }]) => [
            name,
            tf.tensor(data, [...shape]),
          ]),
        );
      const [values, running, items] = [tensors(network.parameters), tensors(network.statistics), draw(3, 5)];
      const trained = (mask: tf.Tensor): number[] => [
        ...network.train(values, running, items, { hidden0: mask }).embeddings.dataSync(),
      ];
      expect(trained(tf.zeros([3, 4])).every((value) => value === 0)).toBe(true);
      expect(trained(tf.ones([3, 4]))).not.toEqual(
        trained(
          tf.tensor2d([
            [2, 0, 2, 0],
            [0, 2, 0, 2],
            [2, 2, 0, 0],
          ]),
        ),
      );
      expect(
        network
          .infer(values, running, items)
          .dataSync()
          .some((value) => value !== 0),
      ).toBe(true);
    });
  });
});

describe('drawNoise', () => {
  const settings: NetworkSettings = {
    model: { kind: 'vit', patch: 8, width: 64, depth: 2, heads: 4, dropout: 0.25 },
    embeddingSize: 8,
    imageSize: 16,
  };

  it('keeps the asked share, and makes up for the rest', () => {
    const masks = drawNoise(modelOf(settings).noise!, 32, new Random(1));
    expect(Object.keys(masks)).toEqual(Object.keys(trainingNoise()));
    for (const { shape, data } of Object.values(masks)) {
      expect(shape).toEqual([32, 1, 64]);
      expect(new Set(data)).toEqual(new Set([0, Math.fround(1 / 0.75)]));
      expect((data as Float32Array).reduce((sum, value) => sum + value, 0) / data.length).toBeCloseTo(1, 1);
    }
  });

  it('is the same for the same seed, another for another, and for each layer', () => {
    const [first, again, other] = [1, 1, 2].map((seed) => drawNoise(modelOf(settings).noise!, 4, new Random(seed)));
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
    expect(first['noise/layer0.mlp'].data).not.toEqual(first['noise/layer1.mlp'].data);
  });

  function trainingNoise(): Record<string, unknown> {
    return Object.fromEntries(Object.keys(modelOf(settings).noise ?? {}).map((name) => [`noise/${name}`, true]));
  }
});
