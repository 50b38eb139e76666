import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { cpuEngine } from '../../../../src/trainer/engine/cpuEngine';
import type { Engine, HostTensors } from '../../../../src/trainer/engine/engine';
import { onnxEngine } from '../../../../src/trainer/engine/onnxEngine';
import { withBackend } from '../../../../src/trainer/engine/tracer/backends';
import { lossOf } from '../../../../src/trainer/losses/lossOf';
import { DEFAULT_CLASS_LOSSES } from '../../../../src/trainer/losses/proxies/choices';
import { Random } from '../../../../src/trainer/random';
import { hostScalar, initialState, type StepSettings, trainingStep } from '../../../../src/trainer/training/step';
import type { ClassLossSettings } from '../../../../src/trainer/types/classLosses';
import type { Rows } from '../naive';
import { expectSame } from '../../engine/parityCases';
import { naiveClassLoss, type Proxied } from './naive';

const CASES: [string, ClassLossSettings][] = [
  ...Object.values(DEFAULT_CLASS_LOSSES).map((loss): [string, ClassLossSettings] => [loss.kind, loss]),
  ['arcface, wide', { kind: 'arcface', margin: 80, scale: 8, proxyRate: 1 }],
  ['sub-centre-arcface, one centre', { kind: 'sub-centre-arcface', margin: 40, scale: 8, centres: 1, proxyRate: 1 }],
  ['soft-triple, sharp', { kind: 'soft-triple', centres: 4, scale: 5, gamma: 0.001, margin: 0.3, proxyRate: 1 }],
];

interface Measured {
  readonly loss: number;
  readonly activeShare: number;
  readonly gradient: number[][];
  readonly proxyGradient: number[][];
}

interface Extra {
  readonly valid?: readonly number[];
  readonly classWeights?: readonly number[];
}

function measure(settings: ClassLossSettings, batch: Proxied, { valid, classWeights }: Extra = {}): Measured {
  const { rows, labels, proxies, classes } = batch;
  return withBackend('cpu', () => {
    const sizes = { classes, embeddingSize: rows[0].length, batchSize: labels.length };
    const loss = lossOf(settings, classWeights === undefined ? sizes : { ...sizes, classWeights });
    expect(loss.parameters['proxies'].shape).toEqual([proxies.length, rows[0].length]);
    const evaluate = (x: tf.Tensor, p: tf.Tensor): ReturnType<typeof loss.evaluate> =>
      loss.evaluate({
        embeddings: x as tf.Tensor2D,
        labels: tf.tensor1d([...labels], 'int32'),
        valid: valid === undefined ? undefined : tf.tensor1d([...valid]),
        parameters: { proxies: p },
        memory: {},
        noise: {},
      });
    const x = tf.tensor2d(rows.map((row) => [...row]));
    const p = tf.tensor2d(proxies.map((row) => [...row]));
    const [dx, dp] = tf.grads((a, b) => evaluate(a, b).loss)([x, p]);
    const value = evaluate(x, p);
    return {
      loss: value.loss.arraySync(),
      activeShare: value.activeShare.arraySync(),
      gradient: dx.arraySync() as number[][],
      proxyGradient: dp.arraySync() as number[][],
    };
  });
}

function centresOf(settings: ClassLossSettings): number {
  return 'centres' in settings ? settings.centres : 1;
}

function randomRows(random: Random, count: number, dims: number): number[][] {
  return Array.from({ length: count }, () => Array.from({ length: dims }, () => Math.fround(random.normal())));
}

function randomBatch(settings: ClassLossSettings, seed: number, labels: readonly number[], classes: number): Proxied {
  const random = new Random(seed);
  const proxies = randomRows(random, classes * centresOf(settings), 5);
  return { rows: randomRows(random, labels.length, 5), labels, proxies, classes };
}

function slopes(of: Rows, value: (rows: Rows) => number): number[][] {
  const step = 1e-6;
  return of.map((row, i) =>
    row.map((_, k) => {
      const moved = (by: number): Rows => of.map((r, j) => (j === i ? r.map((x, l) => (l === k ? x + by : x)) : r));
      return (value(moved(step)) - value(moved(-step))) / (2 * step);
    }),
  );
}

function expectNear(found: Rows, expected: Rows, tolerance: number): void {
  const largest = Math.max(...expected.flat().map(Math.abs), 1e-3);
  found.flat().forEach((x, i) => expect(Math.abs(x - expected.flat()[i])).toBeLessThan(tolerance * largest));
}

const LABELS = [0, 0, 1, 1, 3, 3, 3, 4];

describe.each(CASES)('%s', (_, settings) => {
  it('agrees with the definition', () => {
    for (let seed = 1; seed <= 5; seed++) {
      const batch = randomBatch(settings, seed, LABELS, 6);
      const expected = naiveClassLoss(settings, batch);
      const found = measure(settings, batch);
      expect(Math.abs(found.loss - expected)).toBeLessThan(1e-5 * expected);
      expect(found.activeShare).toBeGreaterThan(0);
      expect(found.activeShare).toBeLessThanOrEqual(1);
    }
  });

  it('has the slope of the definition, for items and proxies', () => {
    const batch = randomBatch(settings, 7, LABELS, 5);
    const found = measure(settings, batch);
    const { rows, proxies } = batch;
    expectNear(
      found.gradient,
      slopes(rows, (moved) => naiveClassLoss(settings, { ...batch, rows: moved })),
      1e-4,
    );
    expectNear(
      found.proxyGradient,
      slopes(proxies, (moved) => naiveClassLoss(settings, { ...batch, proxies: moved })),
      1e-4,
    );
  });

  it('leaves out rows that do not count', () => {
    const batch = randomBatch(settings, 3, LABELS, 5);
    const some = { ...batch, rows: batch.rows.slice(0, 5), labels: LABELS.slice(0, 5) };
    const found = measure(settings, batch, { valid: [1, 1, 1, 1, 1, 0, 0, 0] });
    expect(found.loss).toBeCloseTo(measure(settings, some).loss, 4);
    expect(found.gradient.slice(5).flat()).toEqual(Array(15).fill(0));
  });

  it('gives 0 without a gradient when nothing counts', () => {
    const found = measure(settings, randomBatch(settings, 3, LABELS, 5), { valid: LABELS.map(() => 0) });
    expect(found.loss).toBe(0);
    expect(found.gradient.flat().every((g) => g === 0)).toBe(true);
    expect(found.proxyGradient.flat().every((g) => g === 0)).toBe(true);
  });

  const proxies = (classes: number, row: (i: number) => number[]): number[][] =>
    Array.from({ length: classes * centresOf(settings) }, (_unused, i) => row(Math.floor(i / centresOf(settings))));
  const awkward: [string, Proxied][] = [
    [
      'items on their proxies, and opposite to them',
      {
        rows: [
          [1, 0],
          [0, 1],
          [-1, 0],
        ],
        labels: [0, 1, 0],
        proxies: proxies(2, (c) => [1 - c, c]),
        classes: 2,
      },
    ],
    [
      'zero vectors',
      {
        rows: [
          [0, 0],
          [1, 1],
        ],
        labels: [0, 1],
        proxies: proxies(2, (c) => (c === 0 ? [0, 0] : [0, 1])),
        classes: 2,
      },
    ],
    [
      'one class',
      {
        rows: [
          [1, 2],
          [2, 1],
        ],
        labels: [0, 0],
        proxies: proxies(1, () => [1, 1]),
        classes: 1,
      },
    ],
    ['one item', { rows: [[3, 4]], labels: [1], proxies: proxies(2, (c) => [1, c]), classes: 2 }],
    ['one dimension', { rows: [[2], [-3]], labels: [0, 1], proxies: proxies(2, (c) => [1 - 2 * c]), classes: 2 }],
    [
      'enormous and tiny',
      {
        rows: [
          [1e8, 1],
          [1e-5, 2e-5],
        ],
        labels: [0, 1],
        proxies: proxies(2, (c) => [1e-4, 1e6 * c]),
        classes: 2,
      },
    ],
  ];
  it.each(awkward)('stays finite and right: %s', (_name, batch) => {
    const found = measure(settings, batch);
    const expected = naiveClassLoss(settings, batch);
    for (const gradient of [found.gradient, found.proxyGradient])
      expect(gradient.flat().every(Number.isFinite)).toBe(true);
    expect(Math.abs(found.loss - expected)).toBeLessThan(1e-3 * Math.max(1, expected));
  });
});

describe('class weights', () => {
  const settings = DEFAULT_CLASS_LOSSES['normalised-softmax'];

  it('weigh the loss of each item by its class', () => {
    const batch = randomBatch(settings, 5, [0, 1, 1], 3);
    const alone = [0, 1, 2].map((i) =>
      naiveClassLoss(settings, { ...batch, rows: [batch.rows[i]], labels: [batch.labels[i]] }),
    );
    const found = measure(settings, batch, { classWeights: [4, 1, 7] });
    expect(found.loss).toBeCloseTo((4 * alone[0] + alone[1] + alone[2]) / 6, 4);
  });

  it('change nothing when all are the same', () => {
    const batch = randomBatch(settings, 6, LABELS, 5);
    const found = measure(settings, batch, { classWeights: Array<number>(5).fill(3) });
    expect(found.loss).toBeCloseTo(measure(settings, batch).loss, 5);
  });
});

interface Golden extends Proxied {
  readonly settings: ClassLossSettings;
  readonly embeddings: Rows;
  readonly loss: number;
  readonly gradient: Rows;
  readonly proxyGradient: Rows;
}

const GOLDEN = JSON.parse(readFileSync(path.join(__dirname, 'golden', 'golden.json'), 'utf8')) as Golden[];

describe('pytorch-metric-learning', () => {
  it.each(GOLDEN.map((golden) => [JSON.stringify(golden.settings), golden] as const))(
    'has the same: %s',
    (_, golden) => {
      const found = measure(golden.settings, { ...golden, rows: golden.embeddings });
      expect(Math.abs(found.loss - golden.loss)).toBeLessThan(1e-5 * golden.loss);
      expectNear(found.gradient, golden.gradient, 1e-4);
      expectNear(found.proxyGradient, golden.proxyGradient, 1e-4);
    },
  );

  it('is asked about every loss', () => {
    expect(new Set(GOLDEN.map(({ settings }) => settings.kind))).toEqual(new Set(Object.keys(DEFAULT_CLASS_LOSSES)));
  });
});

describe('a training step', () => {
  const step = (loss: ClassLossSettings): StepSettings => ({
    model: { kind: 'mlp', width: 8, depth: 1, dropout: 0 },
    vectorSize: 6,
    loss,
    optimiser: { kind: 'sgd', momentum: 0.9, nesterov: true },
    clipNorm: 0,
    weightDecay: 0.01,
    embeddingSize: 4,
    imageSize: 16,
    batchSize: 6,
    classes: 4,
    classWeights: [1, 2, 0.5, 1],
  });

  async function stepped(engine: Engine, settings: StepSettings): Promise<HostTensors> {
    const random = new Random(4);
    const runner = await engine.compile(trainingStep(settings));
    try {
      runner.setState(initialState(settings, new Random(9)));
      const inputs = {
        vectors: { shape: [6, 6], data: Float32Array.from({ length: 36 }, () => random.normal()) },
        labels: { shape: [6], data: Int32Array.of(0, 0, 1, 3, 3, 1) },
        learningRate: hostScalar(0.05),
      };
      return { ...(await runner.run(inputs)), ...(await runner.getState()) };
    } finally {
      await runner.dispose();
    }
  }

  it.each(CASES)('is the same on ONNX Runtime as on the CPU backend: %s', async (_, loss) => {
    const settings = step(loss);
    const want = await stepped(cpuEngine(), settings);
    expect(want['loss'].data[0]).toBeGreaterThan(0);
    expectSame(await stepped(await onnxEngine(), settings), want);
  });

  it('moves proxies by their own learning rate', async () => {
    const moved = async (proxyRate: number): Promise<number> => {
      const settings = step({ kind: 'proxy-nca', scale: 1, proxyRate });
      const before = initialState(settings, new Random(9))['loss/proxies'].data;
      const after = (await stepped(cpuEngine(), settings))['loss/proxies'].data;
      return Math.hypot(...Array.from(after, (x, i) => x - before[i]));
    };
    expect((await moved(10)) / (await moved(1))).toBeCloseTo(10, 3);
  });
});
