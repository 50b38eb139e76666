import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/trainer/dataset/dataset';
import { buildItemTable, type ItemTable } from '../../../src/trainer/dataset/itemTable';
import { evaluate } from '../../../src/trainer/evaluation/evaluate';
import { chooseHeldOut, hashesOf, heldOutOf, unseenHashesOf } from '../../../src/trainer/training/heldOut';
import { trainRun } from '../../../src/trainer/training/run';
import { readMetrics, readRecord } from '../../../src/trainer/training/runStore';
import { quickSettings, quiet, shapeDataset } from './shapes';

/** Classes of 30, 20 and 3 items; the content of an item is its number, but for what `copies` says. */
async function table(copies: Readonly<Record<number, number>> = {}): Promise<ItemTable> {
  const labels = Array.from({ length: 30 }, (_, c) => Array.from({ length: [30, 20, 3][c % 3] }, () => `class ${c}`));
  const records = labels.flat().map((label, i) => ({
    path: `${i}.png`,
    label,
    split: undefined,
    bytes: 1,
    modified: 0,
    facts: { hash: (copies[i] ?? i).toString(16).padStart(32, '0'), width: 8, height: 8, perceptualHash: 0n },
  }));
  return buildItemTable(records, []);
}

describe('what is held out beside whole classes', () => {
  const settings = { holdOut: 'class', holdOutFraction: 0.2, seed: 3 } as const;

  it('is a tenth of the items of large classes that are trained on, at least two', async () => {
    const items = await table();
    const { classes, items: whole, unseenItems } = chooseHeldOut(items, settings);
    expect(classes).toBe(6);
    const { codes } = items.label;
    const unseenClasses = new Set([...whole].map((item) => codes[item]));
    const beside = new Map<number, number>();
    for (const item of unseenItems!) beside.set(codes[item], (beside.get(codes[item]) ?? 0) + 1);
    for (const [code, category] of items.label.categories.entries()) {
      const size = codes.filter((each) => each === code).length;
      const expected = unseenClasses.has(code) ? undefined : { 30: 3, 20: 2, 3: undefined }[size];
      expect(beside.get(code), category).toBe(expected);
      if (unseenClasses.has(code)) expect([...whole].filter((item) => codes[item] === code)).toHaveLength(size);
    }
  });

  it('is known again by its content, also when a class that was held out has grown', async () => {
    const items = await table();
    const chosen = chooseHeldOut(items, settings);
    const hashes = hashesOf(items, chosen);
    const unseen = unseenHashesOf(items, chosen);
    expect(hashes).toHaveLength(chosen.items.length + chosen.unseenItems!.length);
    expect(heldOutOf(items, 'class', hashes, unseen)).toEqual(chosen);
    expect(heldOutOf(items, 'class', hashes.slice(1), unseen).items.length).toBeGreaterThan(0);
    // A run of an older version has no such list: all that it held out is of whole classes.
    expect(heldOutOf(items, 'class', unseen).unseenItems).toBeUndefined();
  });

  it('has no item whose content is in a class that is held out whole', async () => {
    const plain = await table();
    const { items: whole, unseenItems } = chooseHeldOut(plain, settings);
    const copied = await table({ [unseenItems![0]]: whole[0] });
    const again = chooseHeldOut(copied, settings);
    expect([...again.unseenItems!]).not.toContain(unseenItems![0]);
    expect([...again.items]).toContain(unseenItems![0]);
  });
});

describe('a run that held out both', { timeout: 120_000 }, () => {
  let dataset: Dataset;
  let remove: () => Promise<void>;
  beforeAll(async () => {
    ({ dataset, remove } = await shapeDataset(6, 20));
  });
  afterAll(() => remove());

  it('is measured on each, keeps the best by MAP@R, and is evaluated on each', async () => {
    const summary = await trainRun(dataset, quickSettings('both', { holdOutFraction: 0.34 }), quiet());
    expect(summary.heldOut).toEqual({ by: 'class', classes: 2, items: 40, unseenItems: 8 });
    const measured = (await readMetrics(dataset.paths, 'both')).filter((line) => line.recallAt1 !== undefined);
    expect(measured.length).toBeGreaterThan(2);
    for (const { meanAveragePrecision, unseenItems, spread } of measured) {
      for (const share of [meanAveragePrecision!, unseenItems!.recallAt1, unseenItems!.meanAveragePrecision]) {
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(1);
      }
      expect(spread!.deviation).toBeGreaterThan(0);
    }
    const best = measured.reduce((a, b) => (b.meanAveragePrecision! > a.meanAveragePrecision! ? b : a));
    const { step, recallAt1, meanAveragePrecision } = best;
    expect(summary.best).toEqual({ step, recallAt1, meanAveragePrecision });

    const report = await evaluate(dataset, 'run:both', quiet());
    expect(report.heldOut).toEqual({ by: 'class', classes: 2, items: 40 });
    expect(report.rows.at(-1)!.mapAtR).toBeCloseTo(meanAveragePrecision!, 5);
    expect(report.unseenItems).toMatchObject({ classes: 4, items: 8, queries: 8 });
    expect(report.unseenItems!.rows.at(-1)!.mapAtR).toBeCloseTo(best.unseenItems!.meanAveragePrecision, 5);
    // What was held out beside whole classes was not trained on either.
    const { heldOutHashes, unseenItemHashes } = await readRecord(dataset.paths, 'both');
    expect(heldOutHashes).toHaveLength(48);
    expect(heldOutHashes).toEqual(expect.arrayContaining([...unseenItemHashes!]));
  });
});
