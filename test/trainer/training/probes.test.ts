import { rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openDataset, type Dataset } from '../../../src/trainer/dataset/dataset';
import { Random } from '../../../src/trainer/random';
import { insightOf, PROBES, type RowPair } from '../../../src/trainer/training/probes';
import { readProbes } from '../../../src/trainer/training/probeStore';
import { resumeRun, trainRun } from '../../../src/trainer/training/run';
import { readMetrics } from '../../../src/trainer/training/runStore';
import { cancelledWhen, quickSettings, quiet, shapeDataset } from './shapes';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const never = new AbortController().signal;

/** Unit rows of a few classes, drawn at random around a direction for each. */
function randomRows(count: number, dims: number, classes: number) {
  const random = new Random(5);
  const centres = Array.from({ length: classes }, () => Array.from({ length: dims }, () => random.normal()));
  const labels = Int32Array.from({ length: count }, () => random.integer(classes));
  const data = new Float32Array(count * dims);
  labels.forEach((label, row) => {
    const vector = centres[label].map((value) => value + 1.2 * random.normal());
    const norm = Math.hypot(...vector);
    vector.forEach((value, d) => (data[row * dims + d] = value / norm));
  });
  return { data, dims, labels };
}

describe('what a measure shows', () => {
  const rows = randomRows(60, 6, 7);
  const { data, dims, labels } = rows;
  const cosine = (a: number, b: number): number => {
    let sum = 0;
    for (let d = 0; d < dims; d++) sum += data[a * dims + d] * data[b * dims + d];
    return sum;
  };
  const all: RowPair[] = [];
  for (let a = 0; a < labels.length; a++)
    for (let b = a + 1; b < labels.length; b++) all.push({ rows: [a, b], similarity: cosine(a, b) });
  const same = ({ rows: [a, b] }: RowPair): boolean => labels[a] === labels[b];
  const ofRows = (pairs: readonly RowPair[]): (readonly [number, number])[] => pairs.map((pair) => pair.rows);

  it('is the pairs that are hardest, by comparing all', async () => {
    const { strangers, relatives } = await insightOf(rows, never);
    const falling = all.filter((pair) => !same(pair)).sort((a, b) => b.similarity - a.similarity);
    expect(ofRows(strangers)).toEqual(ofRows(falling.slice(0, 8)));
    const rising = all.filter(same).sort((a, b) => a.similarity - b.similarity);
    expect(ofRows(relatives)).toEqual(ofRows(rising.slice(0, 8)));
    expect(relatives[0].similarity).toBeCloseTo(rising[0].similarity, 5);
  });

  it('is the nearest others of a few rows, one of a class', async () => {
    const { probes } = await insightOf(rows, never);
    expect(probes).toHaveLength(7);
    expect(new Set(probes.map(({ row }) => labels[row])).size).toBe(7);
    for (const { row, neighbours } of probes) {
      const others = Array.from({ length: labels.length }, (_, other) => other).filter((other) => other !== row);
      others.sort((a, b) => cosine(row, b) - cosine(row, a));
      expect(neighbours.map(({ rows: [, other] }) => other)).toEqual(others.slice(0, 6));
    }
    expect((await insightOf(randomRows(80, 4, 20), never)).probes.length).toBe(PROBES);
  });

  it('is little where there is little', async () => {
    const two = { data: Float32Array.of(1, 0, 0, 1), dims: 2, labels: Int32Array.of(0, 1) };
    const { probes, strangers, relatives } = await insightOf(two, never);
    expect(probes).toEqual([]);
    expect(relatives).toEqual([]);
    expect(strangers).toEqual([{ rows: [0, 1], similarity: 0 }]);
  });
});

describe('what is kept of the measures of a run', () => {
  let dataset: Dataset;
  let remove: () => Promise<void>;
  beforeAll(async () => {
    ({ dataset, remove } = await shapeDataset(12, 4));
  });
  afterAll(() => remove());

  it('is one entry a measure, of held-out items, the same after a stop, and without items that are gone', async () => {
    const steps = { budget: { steps: 20 } };
    const early = cancelledWhen(({ metrics }) => metrics !== undefined && metrics.step >= 5);
    await expect(trainRun(dataset, quickSettings('probed', steps), early)).rejects.toMatchObject({ code: 'cancelled' });
    await resumeRun(dataset, 'probed', quiet());
    await trainRun(dataset, quickSettings('steady', steps), quiet());
    const kept = await readProbes(dataset, 'probed');
    expect(kept).toEqual(await readProbes(dataset, 'steady'));
    const measured = (await readMetrics(dataset.paths, 'probed')).filter(({ recallAt1 }) => recallAt1 !== undefined);
    expect(kept.map(({ step }) => step)).toEqual(measured.map(({ step }) => step));
    const { probes, strangers, relatives } = kept.at(-1)!;
    expect(probes.length).toBeGreaterThanOrEqual(2);
    for (const { item, neighbours } of probes) {
      expect(neighbours.length).toBeGreaterThan(0);
      for (const { a, b, isSame } of neighbours) {
        expect(a).toBe(item);
        expect(isSame).toBe(dataset.items.label.codes[a] === dataset.items.label.codes[b]);
      }
    }
    expect(strangers.every(({ isSame }) => !isSame)).toBe(true);
    expect(relatives.every(({ isSame }) => isSame)).toBe(true);

    const gone = probes[0].item;
    await rm(path.join(dataset.paths.root, dataset.items.paths[gone]));
    const after = await openDataset({ root: dataset.paths.root }, {}, quiet());
    const rest = (await readProbes(after, 'probed')).at(-1)!;
    expect(rest.probes).toHaveLength(probes.length - 1);
    expect(Math.max(...rest.probes.map(({ item }) => item))).toBeLessThan(after.items.count);
  });

  it('is nothing of a run that was never measured', async () => {
    await trainRun(
      dataset,
      quickSettings('blind', { budget: { steps: 2 }, holdOut: 'item', holdOutFraction: 0.01 }),
      quiet(),
    );
    expect(Array.isArray(await readProbes(dataset, 'blind'))).toBe(true);
    await expect(readProbes(dataset, 'nowhere')).rejects.toMatchObject({ code: 'not-found' });
  });
});
