import { cp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/trainer/dataset/dataset';
import { ensurePixels, type PixelStore } from '../../../src/trainer/dataset/pixels';
import { pixelsOnDemand } from '../../../src/trainer/dataset/pixelsOnDemand';
import { quiet, shapeDataset } from '../training/shapes';

const SIZE = 20;
const ROW = SIZE * SIZE * 3;
let dataset: Dataset;
let remove: () => Promise<void>;
let store: PixelStore;

beforeEach(async () => {
  ({ dataset, remove } = await shapeDataset(4, 3));
  store = await pixelsOnDemand(dataset, SIZE);
});
afterEach(async () => {
  await store.close();
  await remove();
});

/** What `ensurePixels` makes of the same dataset, in a store of its own. */
async function expected(): Promise<Uint8Array> {
  const paths = { ...dataset.paths, pixels: path.join(dataset.paths.folder, 'other pixels') };
  const whole = await ensurePixels(Object.assign(Object.create(dataset) as Dataset, { paths }), SIZE, quiet());
  const pixels = await whole.read(Array.from({ length: 12 }, (_, item) => item));
  await whole.close();
  return pixels;
}

const rowOf = (pixels: Uint8Array, row: number): Uint8Array => pixels.slice(row * ROW, (row + 1) * ROW);

describe('pixelsOnDemand', () => {
  it('gives the same pixels as a store that was made before, in any order', async () => {
    const all = await expected();
    const items = [7, 2, 2, 11, 0];
    const some = await store.read(items);
    items.forEach((item, i) => expect(rowOf(some, i)).toEqual(rowOf(all, item)));
    expect(await store.read([...Array(12).keys()])).toEqual(all);
    expect(await store.read([...Array(12).keys()])).toEqual(all);
    expect(store.problems).toEqual([]);
  });

  it('keeps what it decoded for the next time', async () => {
    const before = await store.read([3, 4]);
    await store.close();
    for (const item of [3, 4]) await rm(dataset.absolutePath(item));
    store = await pixelsOnDemand(dataset, SIZE);
    expect(await store.read([3, 4])).toEqual(before);
    expect(store.problems).toEqual([]);
  });

  it('lists a file that has gone or changed, once, and gives grey for it', async () => {
    await rm(dataset.absolutePath(1));
    await cp(dataset.absolutePath(5), dataset.absolutePath(2));
    await writeFile(dataset.absolutePath(3), 'no picture');
    for (let times = 0; times < 3; times++) {
      const pixels = await store.read([...Array(12).keys()]);
      for (const row of [1, 2, 3]) expect(new Set(rowOf(pixels, row))).toEqual(new Set([128]));
      expect(new Set(rowOf(pixels, 5)).size).toBeGreaterThan(1);
    }
    const listed = store.problems.map((problem) => problem.path).sort();
    expect(listed).toEqual([1, 2, 3].map((item) => dataset.items.paths[item]).sort());
  });

  it('ends a reading when it is cancelled', async () => {
    const controller = new AbortController();
    const cancelled = await pixelsOnDemand(dataset, SIZE + 1, controller.signal);
    controller.abort();
    await expect(cancelled.read([1, 2])).rejects.toMatchObject({ code: 'cancelled' });
    await cancelled.close();
  });
});
