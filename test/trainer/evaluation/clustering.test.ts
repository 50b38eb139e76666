import { describe, expect, it } from 'vitest';
import { clustering, rowsToCluster } from '../../../src/trainer/evaluation/clustering';
import { Random } from '../../../src/trainer/random';
import { groups } from '../clusters/groups';
import { unitRows } from '../neighbours/rows';

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
