import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { openDataset } from '../../../src/trainer/dataset/dataset';
import { withPicture } from '../../../src/trainer/dataset/imageReader';
import { PixelFile } from '../../../src/trainer/dataset/pixelFile';
import { ensurePixels } from '../../../src/trainer/dataset/pixels';
import { lumaGrid, shrink, toSquare } from '../../../src/trainer/dataset/squarePixels';
import { fillDisk, watchHandles, watchReads } from '../store/brokenDisk';
import { context, plain, png, temporaryFolder, writeFiles, writePictures } from './images';

const square = async (content: Buffer, size: number): Promise<Uint8Array> =>
  Uint8Array.from(await withPicture(content, async (picture) => toSquare(await shrink(picture, size), size)));
const pixel = (pixels: Uint8Array, size: number, x: number, y: number): number[] => [
  ...pixels.subarray((y * size + x) * 3, (y * size + x) * 3 + 3),
];

describe('square pixels', () => {
  it('stretches a picture that is nearly square', async () => {
    const pixels = await square(await plain(30, 20, '#0a141e').png().toBuffer(), 16);
    expect(pixels).toEqual(Uint8Array.from({ length: 16 * 16 * 3 }, (_, i) => [10, 20, 30][i % 3]));
  });

  it.each([
    [80, 20],
    [20, 80],
  ])('keeps the shape of a picture of %i x %i, on its mean colour', async (width, height) => {
    const half = {
      input: await plain(width / 2, height, '#ff0000')
        .png()
        .toBuffer(),
      left: 0,
      top: 0,
    };
    const content = await plain(width, height, '#0000ff').composite([half]).png().toBuffer();
    const pixels = await square(content, 16);
    const [middle, edge] =
      width > height
        ? [
            { x: 1, y: 8 },
            { x: 8, y: 1 },
          ]
        : [
            { x: 6, y: 1 },
            { x: 1, y: 8 },
          ];
    expect(pixel(pixels, 16, middle.x, middle.y)).toEqual([255, 0, 0]);
    const [red, green, blue] = pixel(pixels, 16, edge.x, edge.y);
    expect(Math.abs(red - 128)).toBeLessThan(6);
    expect(green).toBe(0);
    expect(Math.abs(blue - 128)).toBeLessThan(6);
  });

  it('lays transparency on white', async () => {
    expect(pixel(await square(await plain(8, 8, { r: 9, g: 9, b: 9, alpha: 0 }).png().toBuffer(), 8), 8, 4, 4)).toEqual(
      [255, 255, 255],
    );
    const half = pixel(
      await square(await plain(8, 8, { r: 200, g: 100, b: 0, alpha: 0.5 }).png().toBuffer(), 8),
      8,
      4,
      4,
    );
    for (const [i, expected] of [228, 178, 128].entries()) expect(Math.abs(half[i] - expected)).toBeLessThanOrEqual(1);
  });

  it('turns grey into three equal channels, and takes an extremely long picture', async () => {
    const grey = await sharp(await plain(8, 8, '#646464').png().toBuffer())
      .greyscale()
      .png()
      .toBuffer();
    expect(pixel(await square(grey, 8), 8, 3, 3)).toEqual([100, 100, 100]);
    expect((await square(await plain(4000, 2, '#123456').png().toBuffer(), 8)).length).toBe(192);
  });

  it('averages brightness over cells, whole and divided', () => {
    const data = Uint8Array.from({ length: 3 * 6 }, (_, i) => Math.floor(i / 3) * 30); // 0, 30, 60 / 90, 120, 150
    const grid = lumaGrid({ width: 3, height: 2, data }, 2);
    const expected = [(0 + 15) / 1.5, (15 + 60) / 1.5, (90 + 60) / 1.5, (60 + 150) / 1.5];
    grid.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 3));
    expect(lumaGrid({ width: 1, height: 1, data: new Uint8Array([50, 50, 50]) }, 4)).toEqual(
      new Float32Array(16).fill(50),
    );
  });
});

describe('ensurePixels', () => {
  it('gives the rows of any items in order, from the first pass and for other sizes', async () => {
    const root = await temporaryFolder();
    await writePictures(
      root,
      Array.from({ length: 5 }, (_, i) => `${i}.png`),
    );
    const dataset = await openDataset({ root }, {}, context());
    const reads = watchReads();
    for (const size of [64, 32]) {
      const store = await ensurePixels(dataset, size, context());
      expect([store.size, store.count]).toEqual([size, 5]);
      const row = size * size * 3;
      // Twice over, so that also what is kept in memory is looked at.
      for (const order of [[3, 0, 3], [4, 3, 2, 1, 0], [0, 1, 2, 3, 4], [2]]) {
        const rows = await store.read(Int32Array.from(order));
        for (const [i, item] of order.entries())
          expect(rows.subarray(i * row, (i + 1) * row)).toEqual(await square(await png(item), size));
      }
      expect(await store.read([])).toEqual(new Uint8Array());
      await store.close();
    }
    expect(reads.filter((path) => path.endsWith('.png')).length).toBe(5); // For 32 only.
    await (await ensurePixels(dataset, 32, context())).close();
    expect(reads.filter((path) => path.endsWith('.png')).length).toBe(5);
  });

  it('keeps the pixels of equal contents once', async () => {
    const root = await temporaryFolder();
    await writeFiles(root, { 'a.png': await png(1), 'b.png': await png(1), 'c.png': await png(2) });
    const dataset = await openDataset({ root }, {}, context());
    const store = await ensurePixels(dataset, 64, context());
    const rows = await store.read([0, 1]);
    expect(rows.subarray(0, 12288)).toEqual(rows.subarray(12288));
    expect((await PixelFile.open(dataset.paths.pixels, 64)).count).toBe(2);
    await store.close();
  });

  it('lists files that have gone or changed since, and gives grey for them', async () => {
    const root = await temporaryFolder();
    await writePictures(root, ['0.png', '1.png', '2.png']);
    const dataset = await openDataset({ root }, {}, context());
    await rm(join(root, '0.png'));
    await writeFile(join(root, '2.png'), await png(77));
    const store = await ensurePixels(dataset, 16, context());
    expect(store.problems).toMatchObject([
      { path: '0.png', reason: 'does not exist' },
      { path: '2.png', reason: 'has changed since the dataset was opened' },
    ]);
    const rows = await store.read([0, 1, 2]);
    expect(rows.subarray(0, 768)).toEqual(new Uint8Array(768).fill(128));
    expect(rows.subarray(768, 1536)).toEqual(await square(await png(1), 16));
    await store.close();
  });

  it('can be cancelled and goes on', async () => {
    const root = await temporaryFolder();
    await writePictures(
      root,
      Array.from({ length: 30 }, (_, i) => `${i}.png`),
    );
    const dataset = await openDataset({ root }, {}, context());
    const cancelled = ensurePixels(
      dataset,
      16,
      context(() => true),
    );
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
    const store = await ensurePixels(dataset, 16, context());
    expect((await store.read([29])).length).toBe(768);
    await store.close();
  });

  it.each([0, 2.5, -1, 100_000, NaN])('refuses size %s', async (size) => {
    const root = await temporaryFolder();
    await writePictures(root, ['0.png']);
    const dataset = await openDataset({ root }, {}, context());
    await expect(ensurePixels(dataset, size, context())).rejects.toMatchObject({ code: 'invalid-argument' });
  });
});

describe('PixelFile', () => {
  const row = (name: string, value: number): { hash: string; pixels: Uint8Array } => ({
    hash: name.padStart(32, '0'),
    pixels: new Uint8Array(4 * 4 * 3).fill(value),
  });

  it('takes rows from two writers that do not know of each other', async () => {
    const folder = await temporaryFolder();
    const [one, two] = [await PixelFile.open(folder, 4), await PixelFile.open(folder, 4)];
    await Promise.all([one.append([row('a', 1), row('b', 2)]), two.append([row('b', 2), row('c', 3)])]);
    await one.append([row('d', 4)]);
    const read = await PixelFile.open(folder, 4);
    expect(read.count).toBe(4);
    for (const [name, value] of [
      ['a', 1],
      ['b', 2],
      ['c', 3],
      ['d', 4],
    ] as const)
      expect((await read.read([read.rowOf(name.padStart(32, '0')) ?? -1]))[0]).toBe(value);
    await read.close();
  });

  it('opens its file once for reads at the same time, ends them before it closes, and is not opened again', async () => {
    const folder = await temporaryFolder();
    const made = await PixelFile.open(folder, 4);
    await made.append([row('a', 1), row('b', 2), row('c', 3)]);
    const handles = watchHandles();
    const file = await PixelFile.open(folder, 4);
    const reads = Promise.all([file.read([2, 0, 2]), file.read([1]), file.read([0])]);
    const closing = file.close();
    await expect(file.read([0])).rejects.toThrow(/is closed/);
    expect((await reads).map((bytes) => [...bytes].filter((_, i) => i % 48 === 0))).toEqual([[3, 1, 3], [2], [1]]);
    await closing;
    await expect(file.read([0])).rejects.toThrow(/is closed/);
    await file.close();
    expect(handles).toEqual({ opened: 1, closed: 1 });
  });

  it('can be read once its file is there, though it was not before', async () => {
    const file = await PixelFile.open(await temporaryFolder(), 4);
    await expect(file.read([0])).rejects.toThrow(/ENOENT/);
    await file.append([row('a', 1)]);
    expect((await file.read([0]))[0]).toBe(1);
    await file.close();
  });

  it('writes over what a full disk has left half-written', async () => {
    const folder = await temporaryFolder();
    const file = await PixelFile.open(folder, 4);
    await file.append([row('a', 1)]);
    const undo = fillDisk(20);
    await expect(file.append([row('b', 2)])).rejects.toMatchObject({ code: 'disk-full' });
    undo();
    await file.append([row('c', 3)]);
    const read = await PixelFile.open(folder, 4);
    expect(read.count).toBe(2);
    expect([...(await read.read([0, 1]))].filter((_, i) => i % 48 === 0)).toEqual([1, 3]);
    await read.close();
  });
});
