import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kMeans, type KMeansOptions, type KMeansResult } from '../../../src/trainer/clusters/kMeans';
import { Kernels } from '../../../src/trainer/kernels/kernels';
import { loadRows } from '../../../src/trainer/kernels/rows';
import { unitRows, type Rows } from '../neighbours/rows';
import { groups } from './groups';

let kernels: Kernels;
beforeAll(async () => {
  kernels = await Kernels.start(2);
});
afterAll(() => kernels.close());

function grouped(rows: Rows, k: number, options: KMeansOptions, on = kernels): KMeansResult {
  const before = on.memory.allocated;
  const found = kMeans(on, loadRows(on, rows), k, options);
  on.memory.release(before);
  return found;
}

function inertiaOf({ data, rows, dims }: Rows, clusters: Int32Array, k: number): number {
  let sum = 0;
  for (let c = 0; c < k; c++) {
    const members = Array.from({ length: rows }, (_, row) => row).filter((row) => clusters[row] === c);
    for (let d = 0; d < dims; d++) {
      const mean = members.reduce((total, row) => total + data[row * dims + d], 0) / members.length;
      for (const row of members) sum += (data[row * dims + d] - mean) ** 2;
    }
  }
  return sum;
}

describe('kMeans', () => {
  it('finds groups that are apart', () => {
    const { rows, labels } = groups(12, 9, 0.05, 1);
    const { clusters, inertia } = grouped(rows, 12, { seed: 1, restarts: 5 });
    const pairs = new Set([...labels].map((label, row) => `${label} ${clusters[row]}`));
    expect(pairs.size).toBe(12);
    expect(inertia).toBeCloseTo(inertiaOf(rows, clusters, 12), 4);
  });

  it('finds the best grouping of all where that can be tried', () => {
    const rows = unitRows(9, 2, 3);
    const { clusters, inertia } = grouped(rows, 3, { seed: 2, restarts: 20 });
    let best = Infinity;
    for (let code = 0; code < 3 ** 9; code++) {
      const grouping = Int32Array.from({ length: 9 }, (_, row) => Math.floor(code / 3 ** row) % 3);
      if (new Set(grouping).size === 3) best = Math.min(best, inertiaOf(rows, grouping, 3));
    }
    expect(inertiaOf(rows, clusters, 3)).toBeCloseTo(best, 6);
    expect(inertia).toBeCloseTo(best, 5);
  });

  it('gives every cluster a row, duplicates or not, the same for the same seed', () => {
    const data = new Float32Array(10 * 2).map((_, i) => (i < 16 ? 0.5 : i));
    const run = (seed: number): KMeansResult => grouped({ data, rows: 10, dims: 2 }, 4, { seed, restarts: 2 });
    const { clusters } = run(1);
    expect(new Set(clusters).size).toBe(4);
    expect(run(1)).toEqual(run(1));
    const each = grouped(unitRows(5, 3, 1), 5, { seed: 1, restarts: 1 });
    expect(new Set(each.clusters).size).toBe(5);
    expect(each.inertia).toBeCloseTo(0, 8);
  });

  it('is the same on any number of threads', async () => {
    const rows = unitRows(700, 9, 4);
    const here = grouped(rows, 20, { seed: 1, restarts: 1 });
    for (const threads of [1, 4]) {
      const others = await Kernels.start(threads);
      expect(grouped(rows, 20, { seed: 1, restarts: 1 }, others)).toEqual(here);
      await others.close();
    }
  });
});

describe('spherical k-means', () => {
  it('has a higher sum of cosines the more it may move, and finds directions whatever their lengths', () => {
    const rows = unitRows(300, 6, 5);
    const inertia: number[] = [];
    for (const iterations of [1, 2, 4, 8, 30])
      inertia.push(grouped(rows, 12, { seed: 3, restarts: 1, iterations, spherical: true }).inertia);
    for (let i = 1; i < inertia.length; i++) expect(inertia[i]).toBeLessThanOrEqual(inertia[i - 1] + 1e-3);
    expect(inertia[4]).toBeLessThan(inertia[0]);
  });

  it('assigns each row to the centre of the largest cosine', () => {
    const rows = unitRows(120, 4, 6);
    const { clusters } = grouped(rows, 5, { seed: 1, restarts: 1, iterations: 100, spherical: true });
    const sums = Array.from({ length: 5 }, () => new Float64Array(4));
    clusters.forEach((c, row) => sums[c].forEach((_, d) => (sums[c][d] += rows.data[row * 4 + d])));
    const cosine = (row: number, c: number): number =>
      sums[c].reduce((sum, value, d) => sum + value * rows.data[row * 4 + d], 0) / Math.hypot(...sums[c]);
    clusters.forEach((c, row) => {
      for (let other = 0; other < 5; other++) expect(cosine(row, c)).toBeGreaterThanOrEqual(cosine(row, other) - 1e-5);
    });
  });
});
