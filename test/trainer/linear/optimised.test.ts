import { describe, expect, it } from 'vitest';
import { onnxEngine } from '../../../src/trainer/engine/onnxEngine';
import { cpuEngine } from '../../../src/trainer/engine/cpuEngine';
import { minimise } from '../../../src/trainer/linear/minimise';
import { type Labelled, momentsOf } from '../../../src/trainer/linear/moments';
import type { OptimisedMethod } from '../../../src/trainer/linear/objectives';
import { constants, objectiveProgram, optimised } from '../../../src/trainer/linear/optimised';
import { Random } from '../../../src/trainer/random';

const { signal } = new AbortController();
const METHODS: OptimisedMethod[] = ['nca', 'lmnn', 'mmc'];

describe('minimise', () => {
  it("finds the minimum of Rosenbrock's valley", async () => {
    const found = await minimise(
      ([x, y]) =>
        Promise.resolve({
          value: (1 - x) ** 2 + 100 * (y - x * x) ** 2,
          gradient: Float64Array.of(-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)),
        }),
      Float64Array.of(-1.2, 1),
      { iterations: 200, tolerance: 0 },
    );
    expect(found[0]).toBeCloseTo(1, 5);
    expect(found[1]).toBeCloseTo(1, 5);
  });

  it('solves a badly scaled quadratic, and never lets the value rise', async () => {
    const values: number[] = [];
    const found = await minimise(
      (x) => {
        const value = x.reduce((sum, v, k) => sum + 10 ** k * (v - k) ** 2, 0);
        values.push(value);
        return Promise.resolve({ value, gradient: x.map((v, k) => 2 * 10 ** k * (v - k)) });
      },
      new Float64Array(5),
      { iterations: 100, tolerance: 0 },
    );
    found.forEach((value, k) => expect(value).toBeCloseTo(k, 4));
    expect(values.at(-1)).toBeLessThan(1e-6);
  });

  it('stays where the gradient is 0', async () => {
    const start = Float64Array.of(1, 2);
    const flat = { value: 3, gradient: new Float64Array(2) };
    expect(await minimise(() => Promise.resolve(flat), start, { iterations: 9 })).toEqual(start);
  });
});

/** The classes differ in the first number alone; the others are louder. */
function made(rows: number, dims: number, noise: number): Labelled {
  const random = new Random(3);
  const labels = Int32Array.from({ length: rows }, (_, i) => i % 3);
  const data = Float32Array.from({ length: rows * dims }, (_, at) => {
    const [row, k] = [Math.floor(at / dims), at % dims];
    return k === 0 ? labels[row] + 0.15 * random.normal() : noise * random.normal();
  });
  return { data, rows, dims, labels, classes: 3 };
}

type Rows = number[][];
const squaredDistance = (a: number[], b: number[]): number => a.reduce((sum, x, k) => sum + (x - b[k]) ** 2, 0);
const sum = (values: number[]): number => values.reduce((a, b) => a + b, 0);

/** The objectives in plain loops, from their definitions. */
const NAIVE: Record<OptimisedMethod, (points: Rows, labels: number[], targets: number[][]) => number> = {
  nca: (points, labels) => {
    const chances = points.map((a, i) => {
      const weights = points.map((b, j) => (i === j ? 0 : Math.exp(-squaredDistance(a, b))));
      return sum(weights.filter((_, j) => labels[j] === labels[i])) / sum(weights);
    });
    return -sum(chances) / points.length;
  },
  lmnn: (points, labels, targets) => {
    let total = 0;
    targets.forEach((own, i) =>
      own.forEach((j) => {
        const near = squaredDistance(points[i], points[j]);
        total += near;
        points.forEach((c, l) => {
          if (labels[l] !== labels[i]) total += Math.max(0, 1 + near - squaredDistance(points[i], c));
        });
      }),
    );
    return total / (2 * points.length * 3);
  },
  mmc: (points, labels) => {
    const [within, between]: [number[], number[]] = [[], []];
    points.forEach((a, i) =>
      points.forEach((b, j) => {
        if (i === j) return;
        const d = squaredDistance(a, b);
        if (labels[i] === labels[j]) within.push(d);
        else between.push(Math.sqrt(d));
      }),
    );
    return 0.5 * Math.log(sum(within) / within.length) - Math.log(sum(between) / between.length);
  },
};

describe.each(METHODS)('%s', (method) => {
  it('has the value and the slope of its definition', async () => {
    const features = made(12, 4, 0.7);
    const moments = await momentsOf(features, cpuEngine(), signal);
    const state = await constants(features, moments, signal);
    const runner = await cpuEngine().compile(objectiveProgram(method, { rows: 12, dims: 4, width: 2 }));
    runner.setState(state);
    const random = new Random(8);
    const map = Array.from({ length: 8 }, () => Math.fround(random.normal()));
    const naive = (weights: number[]): number => {
      const points = Array.from({ length: 12 }, (_, i) =>
        [0, 1].map((j) => sum([0, 1, 2, 3].map((k) => state['rows'].data[4 * i + k] * weights[2 * k + j]))),
      );
      const targets = Array.from({ length: 12 }, (_, i) => [...state['targets'].data.subarray(3 * i, 3 * i + 3)]);
      return NAIVE[method](points, [...features.labels], targets);
    };
    const { value, gradient } = await runner.run({ map: { shape: [4, 2], data: Float32Array.from(map) } });
    expect(Math.abs(value.data[0] - naive(map))).toBeLessThan(1e-4 * Math.max(1, Math.abs(naive(map))));
    const slopes = map.map((_, at) => {
      const moved = (by: number): number => naive(map.map((x, i) => (i === at ? x + by : x)));
      return (moved(1e-5) - moved(-1e-5)) / 2e-5;
    });
    const largest = Math.max(...slopes.map(Math.abs));
    slopes.forEach((slope, i) => expect(Math.abs(gradient.data[i] - slope)).toBeLessThan(2e-3 * largest));
    await runner.dispose();
  });

  it('finds the direction in which the classes differ, where the principal axes do not', async () => {
    const features = made(240, 6, 1.5);
    const engine = await onnxEngine();
    const moments = await momentsOf(features, engine, signal);
    const { weight } = await optimised(method, features, moments, 2, { engine, signal });
    const share = (k: number): number => Math.hypot(weight[2 * k], weight[2 * k + 1]);
    const loudest = Math.max(...[1, 2, 3, 4, 5].map(share));
    expect(share(0)).toBeGreaterThan(4 * loudest);
  });
});

it('lmnn takes as targets the nearest of the class', async () => {
  const features: Labelled = {
    data: Float32Array.of(1, 0, 0.9, 0.1, 0, 1, 0.95, 0.05),
    rows: 4,
    dims: 2,
    labels: Int32Array.of(0, 0, 1, 0),
    classes: 2,
  };
  const { targets } = await constants(features, { mean: new Float64Array(2) }, signal);
  expect([...targets.data]).toEqual([3, 1, 0, 0, 3, 1, 2, 2, 2, 0, 1, 3]);
});
