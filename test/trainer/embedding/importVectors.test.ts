import { copyFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDataset, type Dataset } from '../../../src/trainer/dataset/dataset';
import { computeEmbedding } from '../../../src/trainer/embedding/compute';
import { openEmbedder } from '../../../src/trainer/embedding/embedder';
import { listEmbeddings, loadEmbedding, type Embedding } from '../../../src/trainer/embedding/embedding';
import { importVectors } from '../../../src/trainer/embedding/importVectors';
import { evaluate } from '../../../src/trainer/evaluation/evaluate';
import { nearestOf } from '../../../src/trainer/neighbours/exact';
import { npyHeader, writeNpy } from '../../../src/trainer/store/npy';
import { createService } from '../../../src/trainer/service';
import { addClasses, emojiDataset, emojiNames, quiet, removeFolder, temporaryFolder } from './emoji';

const ITEMS = 12;
let root: string;
let elsewhere: string;
let dataset: Dataset;
let file: string;

beforeEach(async () => {
  [root, elsewhere] = await Promise.all([temporaryFolder(), temporaryFolder()]);
  dataset = await emojiDataset(root, ITEMS / 2);
  file = path.join(elsewhere, 'vectors.npy');
});

afterEach(() => Promise.all([removeFolder(root), removeFolder(elsewhere)]));

const reopen = (): Promise<Dataset> => openDataset({ root }, {}, quiet());
const importFile = (name = 'clip'): Promise<Embedding> => importVectors(dataset, name, file, quiet());

/** Rows that tell which item they were made for: (cos, sin) of a twentieth of the item, three times as long. */
function fan(rows: number): Float32Array {
  return Float32Array.from({ length: rows * 2 }, (_, i) => 3 * (i % 2 === 0 ? Math.cos : Math.sin)((i >> 1) / 20));
}

describe('importVectors', { timeout: 60_000 }, () => {
  it('makes an embedding like any other: neighbours and measures are those of the embedding that was written', async () => {
    const descriptor = await computeEmbedding(dataset, 'descriptor', quiet());
    const longer = descriptor.data.map((value, i) => value * (1 + Math.floor(i / descriptor.dims)));
    await writeNpy(file, { data: longer, shape: [ITEMS, descriptor.dims] });
    const imported = await importFile();
    expect(imported.summary).toMatchObject({ id: 'vectors-clip', model: 'vectors:clip', dims: descriptor.dims });
    for (let item = 0; item < ITEMS; item++) {
      expect(Math.hypot(...imported.row(item))).toBeCloseTo(1, 5);
      expect(nearestOf(imported, item, 5).items).toEqual(nearestOf(descriptor, item, 5).items);
    }
    expect((await listEmbeddings(dataset)).map(({ id }) => id)).toContain('vectors-clip');
    const whole = await computeEmbedding(dataset, 'vectors:clip', quiet());
    expect(whole.data).toEqual((await loadEmbedding(dataset, 'vectors-clip')).data);
    const { rows } = await evaluate(dataset, 'vectors:clip', quiet());
    expect(rows.map(({ model }) => model)).toEqual(['pixels', 'descriptor', 'vectors:clip']);
    expect({ ...rows[2], model: 'descriptor' }).toEqual(rows[1]);
  });

  it('reads float64, and replaces what had the name, in memory too', async () => {
    const service = createService();
    const call = { dataset: { root }, name: 'a.b_c-1', file };
    const neighbours = async (): Promise<Int32Array> =>
      (await service['neighbours.of']({ ...call, embedding: 'vectors-a.b_c-1', item: 0, k: 2 }, quiet())).items;
    const write = (values: Float64Array): Promise<void> =>
      writeFile(file, Buffer.concat([double([ITEMS, 2]), Buffer.from(values.buffer)]));
    await write(Float64Array.from(fan(ITEMS)));
    await service['embedding.import'](call, quiet());
    expect([...(await neighbours())]).toEqual([1, 2]);
    const swapped = Float64Array.from(fan(ITEMS));
    swapped.copyWithin(2, ITEMS * 2 - 2); // Item 1 is now where the last one is.
    await write(swapped);
    await service['embedding.import'](call, quiet());
    expect([...(await neighbours())]).toEqual([2, 3]);
  });

  it('keeps rows of zeros', async () => {
    await writeNpy(file, { data: fan(ITEMS).fill(0, 4, 6), shape: [ITEMS, 2] });
    expect([...(await importFile()).row(2)]).toEqual([0, 0]);
    await rm(path.join(root, dataset.items.paths[0]));
    dataset = await reopen();
    expect([...(await computeEmbedding(dataset, 'vectors:clip', quiet())).row(1)]).toEqual([0, 0]);
  });

  it.each([
    ['too few rows', [11, 2], fan(11), /has 11 rows; .* has 12 items/],
    ['one axis', [ITEMS], new Float32Array(ITEMS), /has 1 axis and not 2/],
    ['no columns', [ITEMS, 0], new Float32Array(0), /has 0 columns/],
    ['whole numbers', [ITEMS, 1], new Int32Array(ITEMS), /whole numbers/],
  ])('refuses %s', async (_, shape, data, message) => {
    await writeNpy(file, { data, shape });
    await expect(importFile()).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringMatching(message) as string,
      remedy: expect.any(String) as string,
      path: file,
    });
    expect(await listEmbeddings(dataset)).toEqual([]);
  });

  it.each([NaN, Infinity])('names the item whose row has %d', async (value) => {
    await writeNpy(file, { data: fan(ITEMS).fill(value, 7, 8), shape: [ITEMS, 2] });
    const named = expect.stringContaining(`row 3 (${dataset.items.paths[3]})`) as string;
    await expect(importFile()).rejects.toMatchObject({ code: 'bad-input', message: named });
  });

  it('says what is wrong with the file or the name before anything is written', async () => {
    await expect(importFile()).rejects.toMatchObject({ code: 'not-found', path: file });
    await writeFile(file, 'no matrix');
    await expect(importFile()).rejects.toMatchObject({
      code: 'bad-input',
      remedy: expect.stringContaining('numpy') as string,
    });
    await writeFile(file, double([ITEMS, 3]));
    await expect(importFile()).rejects.toMatchObject({ code: 'bad-input' });
    await expect(importFile('../clip')).rejects.toMatchObject({ code: 'invalid-argument' });
    await expect(importVectors(dataset, 'clip', elsewhere, quiet())).rejects.toMatchObject({ code: 'bad-input' });
  });
});

describe('imported vectors', { timeout: 60_000 }, () => {
  beforeEach(async () => {
    // A copy of the last file comes right after it.
    const last = path.join(root, dataset.items.paths[ITEMS - 1]);
    await copyFile(last, last.replace('1.png', '2.png'));
    dataset = await reopen();
    await writeNpy(file, { data: fan(ITEMS + 1), shape: [ITEMS + 1, 2] });
    await importFile();
  });

  it('stay with their items when one is removed; copies share a row from then on', async () => {
    const { stamp } = await openEmbedder(dataset, 'vectors:clip');
    const before = await loadEmbedding(dataset, 'vectors-clip');
    await rm(path.join(root, dataset.items.paths[3]));
    dataset = await reopen();
    await expect(loadEmbedding(dataset, 'vectors-clip')).rejects.toMatchObject({ code: 'not-found' });
    await evaluate(dataset, 'vectors:clip', quiet()); // It aligns the rows as well.
    const after = await computeEmbedding(dataset, 'vectors:clip', quiet());
    const rows = [0, 1, 2, 4, 5, 6, 7, 8, 9, 10].map((item) => before.row(item));
    expect(Array.from({ length: 10 }, (_, item) => after.row(item))).toEqual(rows);
    expect(after.row(10)).toEqual(after.row(11));
    expect([before.row(11), before.row(12)]).toContainEqual(after.row(10));
    expect(await openEmbedder(dataset, 'vectors:clip')).toMatchObject({ stamp, dims: 2 });
  });

  it('cannot say anything of an item that was added', async () => {
    await addClasses(root, (await emojiNames(40)).slice(5, 6));
    const { length } = dataset.items.paths;
    dataset = await reopen();
    expect(dataset.items.count).toBe(length + 2);
    const error = {
      code: 'not-found',
      message: expect.stringContaining('2 items') as string,
      remedy: expect.stringContaining('import again') as string,
    };
    await expect(computeEmbedding(dataset, 'vectors:clip', quiet())).rejects.toMatchObject(error);
    await expect(evaluate(dataset, 'vectors:clip', quiet())).rejects.toMatchObject(error);
    await expect((await openEmbedder(dataset, 'vectors:clip')).embed(new Uint8Array(), 2)).rejects.toMatchObject(error);
    await expect(computeEmbedding(dataset, 'vectors:other', quiet())).rejects.toMatchObject({ code: 'not-found' });
  });
});

/** The head of a float64 file. */
function double(shape: readonly number[]): Buffer {
  return Buffer.from(Buffer.from(npyHeader('<f4', shape)).toString('latin1').replace('<f4', '<f8'), 'latin1');
}
