import { rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Kernels } from '../../../src/trainer/kernels/kernels';
import { approximateNeighbours, type ApproximateNeighbours } from '../../../src/trainer/neighbours/approximate';
import { approximateGraph } from '../../../src/trainer/neighbours/approximateGraph';
import type { NearMetric } from '../../../src/trainer/neighbours/metric';
import { Random } from '../../../src/trainer/random';
import type { Matrix } from '../../../src/trainer/store/matrix';
import { writeNpy } from '../../../src/trainer/store/npy';
import { quiet, temporaryFolder } from '../embedding/emoji';

let kernels: Kernels;
beforeAll(async () => {
  kernels = await Kernels.start(2);
});
afterAll(() => kernels.close());

/** Rows around a few centres, on a plane of `inner` dimensions within `dims`, of different lengths. */
function clouds(rows: number, dims: number, inner: number, seed: number): Matrix {
  const random = new Random(seed);
  const axes = Array.from({ length: inner }, () => Float64Array.from({ length: dims }, () => random.normal()));
  const centres = Array.from({ length: 10 }, () => Array.from({ length: inner }, () => 3 * random.normal()));
  const data = new Float32Array(rows * dims);
  for (let row = 0; row < rows; row++) {
    const weights = centres[row % 10].map((x) => x + random.normal());
    for (let d = 0; d < dims; d++)
      data[row * dims + d] = weights.reduce((sum, weight, i) => sum + weight * axes[i][d], 0.1 * random.normal());
  }
  return { data, rows, dims };
}

/** Distances of the definition, in float64. */
function distance({ data, dims }: Matrix, metric: NearMetric, a: number, b: number): number {
  let [product, aa, bb, square] = [0, 0, 0, 0];
  for (let d = 0; d < dims; d++) {
    const [x, y] = [data[a * dims + d], data[b * dims + d]];
    product += x * y;
    aa += x * x;
    bb += y * y;
    square += (x - y) ** 2;
  }
  if (metric === 'euclidean') return Math.sqrt(square);
  return 1 - product / Math.sqrt(aa * bb);
}

function recallOf(
  matrix: Matrix,
  metric: NearMetric,
  { k, distances }: ApproximateNeighbours,
  queries: number,
): number {
  let hits = 0;
  for (let q = 0; q < queries; q++) {
    const row = Math.floor((q * matrix.rows) / queries);
    const all = Array.from({ length: matrix.rows }, (_, i) => i).filter((i) => i !== row);
    const nearest = all.map((i) => distance(matrix, metric, row, i)).sort((x, y) => x - y);
    for (let j = 0; j < k; j++) if (distances[row * k + j] <= nearest[k - 1] + 1e-4 * Math.abs(nearest[k - 1])) hits++;
  }
  return hits / (queries * k);
}

describe('approximateNeighbours', { timeout: 120_000 }, () => {
  it.each<[string, NearMetric, Matrix]>([
    ['few dimensions', 'euclidean', clouds(4000, 20, 12, 1)],
    ['many dimensions, most of the variance in a few', 'cosine', clouds(3000, 300, 30, 2)],
    ['many dimensions that all count', 'euclidean', clouds(2500, 200, 190, 3)],
  ])('finds nearly all neighbours, at their true distances: %s', (_, metric, matrix) => {
    const found = approximateNeighbours(kernels, matrix, { k: 10, metric, seed: 1 });
    expect(found.k).toBe(10);
    for (let row = 0; row < matrix.rows; row += 97)
      for (let j = 0; j < 10; j++) {
        const place = row * 10 + j;
        const truth = distance(matrix, metric, row, found.indices[place]);
        expect(Math.abs(found.distances[place] - truth)).toBeLessThan(1e-3 * Math.max(1, Math.abs(truth)));
        if (j > 0) expect(found.distances[place]).toBeGreaterThanOrEqual(found.distances[place - 1]);
      }
    expect(recallOf(matrix, metric, found, 60)).toBeGreaterThan(0.97);
    expect(found.recall).toBeGreaterThan(0.97);
  });

  it('measures its recall as the definition does', () => {
    const matrix = clouds(1500, 12, 6, 7);
    const found = approximateNeighbours(kernels, matrix, { k: 5, metric: 'euclidean', seed: 3 });
    expect(Math.abs(found.recall - recallOf(matrix, 'euclidean', found, 300))).toBeLessThan(0.03);
  });

  it('gives the same bytes on any number of threads', async () => {
    const matrix = clouds(3000, 40, 10, 5);
    const settings = { k: 8, metric: 'euclidean', seed: 9 } as const;
    const here = approximateNeighbours(kernels, matrix, settings);
    for (const threads of [1, 3]) {
      const others = await Kernels.start(threads);
      expect(approximateNeighbours(others, matrix, settings)).toEqual(here);
      await others.close();
    }
  });

  it.each<[string, Matrix]>([
    ['two rows', clouds(2, 4, 2, 1)],
    ['fewer rows than neighbours', clouds(6, 4, 2, 1)],
    ['one dimension', clouds(300, 1, 1, 1)],
    ['all the same', { data: new Float32Array(4 * 500).fill(0.5), rows: 500, dims: 4 }],
    ['all zeros', { data: new Float32Array(4 * 500), rows: 500, dims: 4 }],
    ['constant columns of many', { data: new Float32Array(300 * 200).fill(1), rows: 300, dims: 200 }],
  ])('has k others for every row, none twice: %s', (_, matrix) => {
    for (const metric of ['cosine', 'euclidean'] as const) {
      const { k, indices, distances } = approximateNeighbours(kernels, matrix, { k: 9, metric, seed: 1 });
      expect(k).toBe(Math.min(9, matrix.rows - 1));
      for (let row = 0; row < matrix.rows; row++) {
        const others = new Set(indices.subarray(row * k, row * k + k));
        expect(others.size).toBe(k);
        expect(others.has(row) || others.has(-1)).toBe(false);
      }
      expect(distances.every(Number.isFinite)).toBe(true);
    }
  });

  it('can be stopped in its thread at once', async () => {
    const folder = await temporaryFolder();
    const file = path.join(folder, 'rows.npy');
    const { data, rows, dims } = clouds(20_000, 64, 30, 1);
    await writeNpy(file, { data, shape: [rows, dims] });
    const controller = new AbortController();
    let stopped = 0;
    const search = approximateGraph(
      { file, settings: { k: 15, metric: 'cosine', seed: 1 } },
      {
        signal: controller.signal,
        report: () => {
          stopped ||= performance.now();
          controller.abort();
        },
      },
    );
    await expect(search).rejects.toMatchObject({ code: 'cancelled' });
    expect(stopped).toBeGreaterThan(0);
    await expect(
      approximateGraph({ file: path.join(folder, 'none.npy'), settings: { k: 5, metric: 'cosine', seed: 1 } }, quiet()),
    ).rejects.toMatchObject({ code: 'not-found' });
    await rm(folder, { recursive: true });
  });
});
