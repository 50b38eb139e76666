import { describe, expect, it } from 'vitest';
import { clustering, rowsToCluster } from '../../../src/trainer/evaluation/clustering';
import { kMeans } from '../../../src/trainer/clusters/kMeans';
import { Random } from '../../../src/trainer/random';
import { unitRows, type Rows } from '../neighbours/rows';

/** Groups of rows around corners that are far apart. */
function groups(count: number, each: number, spread: number, seed: number): { rows: Rows; labels: Int32Array } {
  const random = new Random(seed);
  const dims = count;
  const data = new Float32Array(count * each * dims);
  for (let row = 0; row < count * each; row++)
    for (let d = 0; d < dims; d++) data[row * dims + d] = (row % count === d ? 1 : 0) + spread * random.normal();
  return {
    rows: { data, rows: count * each, dims },
    labels: Int32Array.from({ length: count * each }, (_, row) => row % count),
  };
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
  it('finds groups that are apart', async () => {
    const { rows, labels } = groups(12, 9, 0.05, 1);
    const { clusters, inertia } = await kMeans(rows, 12, { seed: 1, restarts: 5 });
    const pairs = new Set([...labels].map((label, row) => `${label} ${clusters[row]}`));
    expect(pairs.size).toBe(12);
    expect(inertia).toBeCloseTo(inertiaOf(rows, clusters, 12), 4);
  });

  it('finds the best grouping of all where that can be tried', async () => {
    const rows = unitRows(9, 2, 3);
    const { clusters, inertia } = await kMeans(rows, 3, { seed: 2, restarts: 20 });
    let best = Infinity;
    for (let code = 0; code < 3 ** 9; code++) {
      const grouping = Int32Array.from({ length: 9 }, (_, row) => Math.floor(code / 3 ** row) % 3);
      if (new Set(grouping).size === 3) best = Math.min(best, inertiaOf(rows, grouping, 3));
    }
    expect(inertiaOf(rows, clusters, 3)).toBeCloseTo(best, 6);
    expect(inertia).toBeCloseTo(best, 5);
  });

  it('gives every cluster a row, duplicates or not, the same for the same seed', async () => {
    const data = new Float32Array(10 * 2).map((_, i) => (i < 16 ? 0.5 : i));
    const run = (seed: number): ReturnType<typeof kMeans> =>
      kMeans({ data, rows: 10, dims: 2 }, 4, { seed, restarts: 2 });
    const { clusters } = await run(1);
    expect(new Set(clusters).size).toBe(4);
    expect(await run(1)).toEqual(await run(1));
    const each = await kMeans(unitRows(5, 3, 1), 5, { seed: 1, restarts: 1 });
    expect(new Set(each.clusters).size).toBe(5);
    expect(each.inertia).toBeCloseTo(0, 8);
  });

  it('can be cancelled', async () => {
    const cancelled = kMeans(unitRows(100, 4, 1), 5, { seed: 1, restarts: 1, signal: AbortSignal.abort() });
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('clustering', () => {
  it('is perfect where classes are apart, and near 0 by AMI where they are chance', async () => {
    const { rows, labels } = groups(8, 10, 0.05, 2);
    expect(await clustering(rows, labels, { seed: 1 })).toMatchObject({ clusters: 8, items: 80, nmi: 1, ami: 1 });
    const chance = await clustering(
      unitRows(400, 8, 1),
      Int32Array.from({ length: 400 }, (_, i) => i % 40),
      { seed: 1 },
    );
    expect(chance!.nmi).toBeGreaterThan(0.3);
    expect(Math.abs(chance!.ami)).toBeLessThan(0.06);
    expect(await clustering(rows, new Int32Array(80), { seed: 1 })).toBeUndefined();
  });

  it('takes whole classes of many, and a share of each of few', () => {
    const counts = (labels: Int32Array): Map<number, number> => {
      const found = new Map<number, number>();
      for (const row of rowsToCluster(labels, new Random(1))) found.set(labels[row], (found.get(labels[row]) ?? 0) + 1);
      return found;
    };
    const few = counts(Int32Array.from({ length: 60_000 }, (_, i) => i % 10));
    expect([...few.values()]).toEqual(Array.from({ length: 10 }, () => 400));
    const pairs = counts(Int32Array.from({ length: 20_000 }, (_, i) => Math.floor(i / 2)));
    expect(new Set(pairs.values())).toEqual(new Set([2]));
    expect(pairs.size).toBeGreaterThan(300);
    const small = Int32Array.of(3, 3, 1, 1, 1);
    expect([...rowsToCluster(small, new Random(1))]).toEqual([0, 1, 2, 3, 4]);
  });
});
