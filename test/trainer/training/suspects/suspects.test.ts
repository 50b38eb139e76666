import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Dataset } from '../../../../src/trainer/dataset/dataset';
import { importVectors } from '../../../../src/trainer/embedding/importVectors';
import { Random } from '../../../../src/trainer/random';
import { writeNpy } from '../../../../src/trainer/store/npy';
import { trainRun } from '../../../../src/trainer/training/run';
import { farFromDominant } from '../../../../src/trainer/training/suspects/farFromDominant';
import { readSuspects } from '../../../../src/trainer/training/suspects/suspectStore';
import { quickSettings, quiet, shapeDataset } from '../shapes';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const unit = (degrees: number): number[] => [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];

describe('farFromDominant', () => {
  // Class 0: most at 0 degrees, some at 85, one at 74. Class 1: all at 180. Two centres each, of any length.
  const angles = [0, 5, -5, 85, 74, 180, 175];
  const embedded = {
    rows: Float32Array.from(angles.flatMap(unit)),
    dims: 2,
    labels: Int32Array.of(0, 0, 0, 0, 0, 1, 1),
  };
  const centres = Float32Array.from([...unit(90).map((x) => 7 * x), ...unit(0), ...unit(180), ...unit(-90)]);

  it('measures from the centre that most items of the class are nearest to', async () => {
    const { far } = await farFromDominant(embedded, centres, 2);
    expect(far.map(({ row }) => row)).toEqual([3]);
    expect(far[0].angle).toBeCloseTo(85, 3);
    expect(far[0].nearest).toBe(0);
  });

  it('takes another threshold, and puts the farthest first', async () => {
    const { far } = await farFromDominant(embedded, centres, 2, 4);
    expect(far.map(({ row }) => row)).toEqual([3, 4, 1, 2, 6]);
  });

  it('tells the class that an item is nearest to', async () => {
    const wrong = { ...embedded, labels: Int32Array.of(0, 0, 0, 0, 1, 1, 0) };
    const {
      far: [first],
    } = await farFromDominant(wrong, centres, 2);
    expect(first).toMatchObject({ row: 6, nearest: 1 });
  });
});

describe('a run with sub-centre ArcFace', () => {
  const DIMS = 16;
  const WRONG = [3, 45, 77, 110];
  let dataset: Dataset;
  let remove: () => Promise<void>;
  let scratch: string;

  beforeAll(async () => {
    ({ dataset, remove } = await shapeDataset(6, 30));
    scratch = await mkdtemp(path.join(tmpdir(), 'kindred-suspects-'));
    const random = new Random(9);
    const centres = Array.from({ length: 6 }, (_, label) =>
      Array.from({ length: DIMS }, (__, k) => (k === label ? 2 : 0)),
    );
    const data = new Float32Array(dataset.items.count * DIMS);
    dataset.items.label.codes.forEach((label, item) => {
      // Some items look like another class than their label says.
      const looksLike = WRONG.includes(item) ? (label + 1) % 6 : label;
      data.set(
        centres[looksLike].map((x) => x + 0.2 * random.normal()),
        item * DIMS,
      );
    });
    const file = path.join(scratch, 'rows.npy');
    await writeNpy(file, { data, shape: [dataset.items.count, DIMS] });
    await importVectors(dataset, 'rows', file, quiet());
  });
  afterAll(async () => {
    await remove();
    await rm(scratch, { recursive: true, force: true });
  });

  const settings = (name: string) =>
    quickSettings(name, {
      features: 'vectors:rows',
      loss: { kind: 'sub-centre-arcface', margin: 28.6, scale: 16, centres: 3, proxyRate: 10 },
      batch: { classes: 6, perClass: 8 },
      learningRate: 1e-2,
      budget: { steps: 150 },
      holdOut: 'item',
      holdOutFraction: 0.1,
    });

  it('lists the items whose labels are wrong, and what they look like', async () => {
    const run = await trainRun(dataset, settings('noisy'), quiet());
    expect(run.state).toBe('finished');
    const list = await readSuspects(dataset, 'noisy');
    expect(list).toMatchObject({ run: 'noisy', threshold: 75 });
    expect(list.items).toBe(dataset.items.count - run.heldOut.items);
    const suspected = list.suspects.map(({ item }) => item);
    const trainedOn = WRONG.filter((item) => suspected.includes(item));
    // One of them may have been held out; what is not wrong is not suspected.
    expect(trainedOn.length).toBeGreaterThanOrEqual(3);
    expect(suspected.filter((item) => !WRONG.includes(item))).toEqual([]);
    const { categories, codes } = dataset.items.label;
    for (const { item, label, nearestLabel, angle, path: file } of list.suspects) {
      expect(label).toBe(categories[codes[item]]);
      expect(nearestLabel).toBe(categories[(codes[item] + 1) % 6]);
      expect(angle).toBeGreaterThan(75);
      expect(file).toBe(dataset.items.paths[item]);
    }
  });

  it('leaves out items that are gone, or have another label by now', async () => {
    const before = await readSuspects(dataset, 'noisy');
    const [first, second] = before.suspects;
    const { items } = dataset;
    const codes = items.label.codes.slice();
    codes[first.item] = (codes[first.item] + 1) % 6;
    const hashes = items.hashes.map((hash, item) => (item === second.item ? 'f'.repeat(32) : hash));
    const changed = { ...items, hashes, label: { ...items.label, codes } };
    const after = await readSuspects(new Dataset(dataset.ref, dataset.summary, changed), 'noisy');
    expect(after.suspects).toEqual(before.suspects.slice(2));
  });

  it('says that other runs have no list', async () => {
    await trainRun(
      dataset,
      { ...settings('other'), loss: { kind: 'proxy-nca', scale: 1, proxyRate: 10 }, budget: { steps: 3 } },
      quiet(),
    );
    await expect(readSuspects(dataset, 'other')).rejects.toMatchObject({ code: 'not-found' });
    await expect(readSuspects(dataset, 'nothing')).rejects.toMatchObject({ code: 'not-found' });
  });
});
