import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { openDataset, type Dataset } from '../../../src/trainer/dataset/dataset';
import { thumbnails } from '../../../src/trainer/dataset/thumbnails';
import { fillDisk, watchReads } from '../store/brokenDisk';
import { context, plain, png, temporaryFolder, writeFiles } from './images';

async function sample(): Promise<Dataset> {
  const root = await temporaryFolder();
  const clear = await plain(40, 40, { r: 255, g: 0, b: 0, alpha: 0 }).png().toBuffer();
  await writeFiles(root, { '0.png': await png(1, 200, 100), '1.png': clear, '2.png': await png(2, 10, 10) });
  return openDataset({ root }, {}, context());
}

describe('thumbnails', () => {
  it('fit in the size, keep shape and transparency, and are not made larger', async () => {
    const made = await thumbnails(await sample(), [0, 1, 2], 32);
    const pictures = await Promise.all(made.map((bytes) => sharp(bytes).metadata()));
    expect(pictures.map(({ format, width, height }) => [format, width, height])).toEqual([
      ['webp', 32, 16],
      ['webp', 32, 32],
      ['webp', 10, 10],
    ]);
    const { data, info } = await sharp(made[1]).raw().toBuffer({ resolveWithObject: true });
    expect([info.channels, data[3]]).toEqual([4, 0]);
  });

  it('are kept by content, and made again when the kept file is torn', async () => {
    const dataset = await sample();
    const [first] = await thumbnails(dataset, [0], 32);
    const hash = dataset.items.hashes[0];
    const kept = join(dataset.paths.thumbnails, hash.slice(0, 2), `${hash}-32.webp`);
    expect(await readFile(kept)).toEqual(first);
    const reads = watchReads();
    expect(await thumbnails(dataset, [0], 32)).toEqual([first]);
    expect(reads).toEqual([kept]);
    await writeFile(kept, (first ?? new Uint8Array()).subarray(0, 40));
    expect(await thumbnails(dataset, [0], 32)).toEqual([first]);
    expect(await readFile(kept)).toEqual(first);
  });

  it('are undefined for what is gone or broken, and never kept under a content that is not theirs', async () => {
    const dataset = await sample();
    await rm(dataset.absolutePath(0));
    await writeFile(dataset.absolutePath(1), 'text');
    await writeFile(dataset.absolutePath(2), await png(9, 20, 20));
    const made = await thumbnails(dataset, [0, 1, 2], 32);
    expect(made.map((bytes) => bytes === undefined)).toEqual([true, true, false]);
    await expect(readdir(dataset.paths.thumbnails)).rejects.toThrow(/ENOENT/);
  });

  it('are shown although they cannot be kept', async () => {
    const dataset = await sample();
    fillDisk(0);
    expect((await thumbnails(dataset, [0], 32))[0]).toBeInstanceOf(Uint8Array);
  });

  it('refuse a size that is none', async () => {
    await expect(thumbnails(await sample(), [0], 0)).rejects.toMatchObject({ code: 'invalid-argument' });
  });
});
