import { mkdir, symlink, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { openDataset, type Dataset, type OpenOptions } from '../../../src/trainer/dataset/dataset';
import { refuseReading, makeReadOnly } from '../store/brokenDisk';
import { context, plain, png, temporaryFolder, writeFiles, writePictures } from './images';

/** Opens a folder that holds the given content beside a good picture, and gives the one problem. */
async function problemOf(name: string, content: string | Uint8Array): Promise<{ reason: string; remedy: string }> {
  const root = await temporaryFolder();
  await writeFiles(root, { 'good.png': await png(1), [name]: content });
  const { summary } = await openDataset({ root }, {}, context());
  expect(summary.items).toBe(1);
  expect(summary.problems).toMatchObject([{ path: name }]);
  return summary.problems[0];
}

async function refusal(
  root: string,
  options: OpenOptions = {},
): Promise<{ code: string; message: string; remedy: string }> {
  const error: unknown = await openDataset({ root }, options, context()).catch((e: unknown) => e);
  expect(error).toMatchObject({ name: 'KindredError', remedy: expect.stringMatching(/\.$/) as string });
  return error as { code: string; message: string; remedy: string };
}

/** A PNG that says that it is very large, without being so. */
async function claimedSize(width: number, height: number): Promise<Buffer> {
  const content = await png(1, 8, 8);
  content.writeUInt32BE(width, 16);
  content.writeUInt32BE(height, 20);
  content.writeUInt32BE(crc32(content.subarray(12, 29)), 29);
  return content;
}

function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

describe('a bad file is listed with its reason and remedy', () => {
  it.each([
    ['zero bytes', 'a.png', () => '', /is empty \(0 bytes\)/, /Copy the file again/],
    ['text', 'a.png', () => 'Dear reader,\nthis is no image.\n', /is text; it is not an image/, /Put the real image/],
    ['binary', 'a.jpg', () => Buffer.from([1, 2, 0, 4, 5]), /unknown format; it is not an image/, /Put the real image/],
    [
      'LFS',
      'a.png',
      () => 'version https://git-lfs.github.com/spec/v1\noid sha256:00\n',
      /Git LFS pointer/,
      /git lfs pull/,
    ],
    ['BMP', 'a.bmp', () => Buffer.from('BM\x3a\0\0\0\0\0\0\0\x36\0\0\0\x28\0', 'latin1'), /is a BMP file/, /Convert/],
    ['broken SVG', 'a.svg', () => '<svg xmlns="http://www.w3.org/2000/svg"><rect', /is text/, /Put the real image/],
    [
      'huge',
      'a.png',
      () => claimedSize(60_000, 60_000),
      /has too many pixels; at most 536 million/,
      /Scale the picture/,
    ],
  ])('%s', async (_, name, content, reason, remedy) => {
    const problem = await problemOf(name, await content());
    expect(problem.reason).toMatch(reason);
    expect(problem.remedy).toMatch(remedy);
  });

  it.each(['png', 'jpeg', 'webp', 'gif', 'tiff', 'avif'] as const)('a truncated %s', async (format) => {
    const whole = await sharp(await png(5, 200, 150))
      .toFormat(format)
      .toBuffer();
    const problem = await problemOf(`cut.${format}`, whole.subarray(0, Math.floor(whole.length * 0.6)));
    expect(problem.reason).toMatch(/cut short or damaged/);
    expect(problem.remedy).toMatch(/Copy the file again/);
  });

  it.each([1, 12])('a PNG that lacks its last %i bytes is no better than its picture', async (missing) => {
    // What is missing is the end mark only: every pixel is there, so either answer is right, but it must be an answer.
    const root = await temporaryFolder();
    const whole = await png(5, 64, 64);
    await writeFiles(root, { 'good.png': await png(1), 'cut.png': whole.subarray(0, whole.length - missing) });
    const { summary } = await openDataset({ root }, {}, context());
    expect(summary.items + summary.problems.length).toBe(2);
  });

  it('more bytes than can be read', async () => {
    const root = await temporaryFolder();
    await writeFiles(root, { 'good.png': await png(1), 'vast.png': '' });
    await truncate(join(root, 'vast.png'), 2 ** 31); // A sparse file takes no room.
    const { summary } = await openDataset({ root }, {}, context());
    expect(summary.problems).toMatchObject(
      [{ path: 'vast.png', reason: /at most 1073741824 can be read/ }].map((p) => ({
        ...p,
        reason: expect.stringMatching(p.reason) as string,
      })),
    );
  });

  it('a file that may not be read, which is looked at again the next time', async () => {
    const root = await temporaryFolder();
    await writePictures(root, ['a.png', 'b.png']);
    refuseReading(join(root, 'a.png'), 'EACCES');
    const first = await openDataset({ root }, {}, context());
    expect(first.summary.problems).toMatchObject([
      {
        path: 'a.png',
        reason: 'may not be read (permission denied)',
        remedy: 'Give yourself the right to read the file.',
      },
    ]);
  });

  it('a folder named like an image', async () => {
    const root = await temporaryFolder();
    await writePictures(root, ['good.png']);
    await mkdir(join(root, 'x.png'));
    const { summary } = await openDataset({ root }, {}, context());
    expect(summary.problems).toMatchObject([{ path: 'x.png', reason: 'is a folder, not an image' }]);
  });

  it('rows of a manifest: missing, a folder, outside, through a link outside', async () => {
    const root = await temporaryFolder();
    const elsewhere = await temporaryFolder();
    await writePictures(elsewhere, ['secret.png']);
    await writePictures(root, ['good.png', 'sub/x.png']);
    await symlink(elsewhere, join(root, 'link'));
    await writeFiles(root, { 'm.csv': 'path\ngood.png\ngone.png\nsub\n../out.png\nlink/secret.png\nsub\\x.png\n' });
    const { summary, items } = await openDataset({ root }, { manifest: { path: 'm.csv' } }, context());
    expect(items.paths).toEqual(['good.png', 'sub/x.png']);
    expect(summary.problems.map((problem) => `${problem.path} ${problem.reason}`).sort()).toEqual([
      'm.csv:3 names "gone.png", which does not exist',
      'm.csv:4 names "sub", which is a folder, not an image',
      'm.csv:5 names "../out.png", which is outside of the dataset',
      'm.csv:6 names "link/secret.png", which is outside of the dataset',
    ]);
  });
});

describe('unusual files that are fine', () => {
  const opened = async (contents: Record<string, string | Uint8Array>): Promise<Dataset> => {
    const root = await temporaryFolder();
    await writeFiles(root, contents);
    const dataset = await openDataset({ root }, {}, context());
    expect(dataset.summary.problems).toEqual([]);
    return dataset;
  };

  it('a picture 20,000 pixels wide', async () => {
    const { items } = await opened({ 'wide.png': await plain(20_000, 60, '#369').png().toBuffer() });
    expect([items.widths[0], items.heights[0]]).toEqual([20_000, 60]);
  });

  it('a picture of 20,000 x 12,000 pixels', { timeout: 60_000 }, async () => {
    const grey = sharp({ create: { width: 20_000, height: 12_000, channels: 3, background: '#777' } });
    const { items } = await opened({
      'large.png': await grey.toColourspace('b-w').png({ compressionLevel: 1 }).toBuffer(),
    });
    expect([items.widths[0], items.heights[0]]).toEqual([20_000, 12_000]);
  });

  it('a JPEG named .png, an upright EXIF picture, animation, 16 bits, grey, CMYK, one pixel, SVG', async () => {
    const turned = await sharp(await png(1, 40, 20))
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const frames = Buffer.alloc(10 * 30 * 3, 99);
    const { items } = await opened({
      'a-jpeg.png': await sharp(await png(2))
        .jpeg()
        .toBuffer(),
      'b-turned.jpg': turned,
      'c-animated.gif': await sharp(frames, { raw: { width: 10, height: 30, channels: 3, pageHeight: 10 } })
        .gif()
        .toBuffer(),
      'd-deep.png': await sharp(await png(3))
        .toColourspace('rgb16')
        .png()
        .toBuffer(),
      'e-grey.png': await sharp(await png(4))
        .greyscale()
        .png()
        .toBuffer(),
      'f-cmyk.jpg': await sharp(await png(5))
        .toColourspace('cmyk')
        .jpeg()
        .toBuffer(),
      'g-dot.png': await plain(1, 1, '#fff').png().toBuffer(),
      'h-drawn.svg':
        '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="10"><rect width="9" height="9"/></svg>',
    });
    expect([items.widths[1], items.heights[1]]).toEqual([20, 40]);
    expect([items.widths[2], items.heights[2]]).toEqual([10, 10]);
    expect([items.widths[6], items.heights[6]]).toEqual([1, 1]);
    expect([items.widths[7], items.heights[7]]).toEqual([30, 10]);
  });

  it('names with spaces, letters of every script, and 255 bytes', async () => {
    const long = `${'x'.repeat(251)}.png`;
    const names = ['two words.png', 'ünïcode/日本語 🐱.png', 'quo\'te"s;,.png', 'new\nline.png', '#%?.png', long];
    const root = await temporaryFolder();
    await writePictures(root, names);
    const dataset = await openDataset({ root }, {}, context());
    expect(dataset.summary.problems).toEqual([]);
    expect([...dataset.items.paths].sort()).toEqual([...names].sort());
  });
});

describe('what cannot be opened at all says why and what to do', () => {
  it('an empty folder, a folder without images, no folder, a file', async () => {
    const root = await temporaryFolder();
    expect((await refusal(root)).message).toBe(`The folder ${root} is empty.`);
    await writeFiles(root, { 'a.pdf': 'x', 'b.csv': 'x' });
    expect((await refusal(root)).message).toMatch(/has no images and no texts \(it has 2 other files\)/);
    expect(await refusal(join(root, 'gone'))).toMatchObject({ code: 'not-found' });
    expect((await refusal(join(root, 'a.pdf'))).message).toMatch(/is a file, not a folder/);
  });

  it('a folder of bad files only', async () => {
    const root = await temporaryFolder();
    await writeFiles(root, { 'a.png': '', 'b.png': 'text' });
    const { code, message } = await refusal(root);
    expect(code).toBe('bad-input');
    expect(message).toMatch(/Not one of the 2 images .* the first: a\.png is empty/);
  });

  it('a manifest without a path column', async () => {
    const root = await temporaryFolder();
    await writePictures(root, ['a.png']);
    await writeFiles(root, { 'm.csv': 'id,label\n1,x\n' });
    expect((await refusal(root, { manifest: { path: 'm.csv' } })).message).toMatch(/it has "id", "label"/);
  });

  it('a read-only folder, which works with another place for the store', async () => {
    const root = await temporaryFolder();
    await writePictures(root, ['a.png', 'b.png']);
    makeReadOnly(root);
    const error = await refusal(root);
    expect(error.code).toBe('read-only');
    expect(error.message).toContain(join(root, '.kindred'));
    expect(error.remedy).toMatch(/kindred\.storeFolder.*--store/);
    const store = join(await temporaryFolder(), 'store');
    const dataset = await openDataset({ root, store }, {}, context());
    expect(dataset.summary.items).toBe(2);
    expect(dataset.paths.items).toBe(join(store, 'items.arrow'));
  });

  it.runIf(process.platform === 'linux')('a folder of a file system that takes no files', async () => {
    const store = '/proc/kindred';
    const root = await temporaryFolder();
    await writePictures(root, ['a.png']);
    const error: unknown = await openDataset({ root, store }, {}, context()).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'read-only', remedy: expect.stringMatching(/kindred\.storeFolder/) as string });
    expect((error as Error).message).toContain(store);
  });
});
