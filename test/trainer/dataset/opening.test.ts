import { appendFile, cp, readdir, readFile, rename, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadDataset, openDataset, reopenDataset } from '../../../src/trainer/dataset/dataset';
import { ensurePixels } from '../../../src/trainer/dataset/pixels';
import { fillDisk, makeReadOnly, watchReads } from '../store/brokenDisk';
import { context, png, temporaryFolder, writeFiles, writePictures } from './images';

const paths = (count: number): string[] => Array.from({ length: count }, (_, i) => `${'abc'[i % 3]}/${i}.png`);
const images = (reads: readonly string[]): string[] => reads.filter((path) => path.endsWith('.png'));

describe('openDataset', () => {
  it('describes a dataset, and loads it again as it was', async () => {
    const root = await temporaryFolder();
    await writePictures(root, ['train/cat/1.png', 'train/cat/2.png', 'test/cat/3.png', 'test/dog/4.png']);
    const dataset = await openDataset({ root }, {}, context());
    expect(dataset.summary).toMatchObject({
      ref: { root },
      source: { kind: 'class-folders' },
      modality: 'image',
      items: 4,
      labels: [
        { name: 'cat', count: 3 },
        { name: 'dog', count: 1 },
      ],
      splits: [
        { name: 'test', count: 2 },
        { name: 'train', count: 2 },
      ],
      problems: [],
      warnings: [{ message: 'The class "dog" has one image only.' }],
    });
    const first = await stat(join(root, 'test/cat/3.png'));
    expect(dataset.summary.bytes).toBeGreaterThan(first.size);
    expect(dataset.detail(0)).toEqual({
      item: 0,
      hash: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      path: 'test/cat/3.png',
      label: 'cat',
      split: 'test',
      bytes: first.size,
      width: 24,
      height: 24,
      metadata: {},
    });
    expect(dataset.absolutePath(0)).toBe(join(root, 'test/cat/3.png'));
    const loaded = await loadDataset({ root });
    expect(loaded.summary).toEqual(dataset.summary);
    expect(loaded.items).toEqual(dataset.items);
    expect(() => loaded.detail(4)).toThrow(RangeError);
  });

  it('keeps metadata of a manifest by item, also when rows are left out', async () => {
    const root = await temporaryFolder();
    await writePictures(root, ['a.png', 'b.png', 'c.png']);
    await writeFiles(root, { 'm.csv': 'path,note,label\nc.png,third,x\ngone.png,none,x\na.png,,y\n' });
    const dataset = await openDataset({ root }, { manifest: { path: 'm.csv' } }, context());
    expect(dataset.items.paths).toEqual(['c.png', 'a.png']);
    expect(dataset.items.metadata).toEqual([{ name: 'note', values: ['third', ''] }]);
    expect(dataset.detail(0).metadata).toEqual({ note: 'third' });
    expect(dataset.detail(1).metadata).toEqual({});
    expect((await loadDataset({ root })).items).toEqual(dataset.items);
    const reads = watchReads();
    const again = await reopenDataset(dataset, context());
    expect(again.items).toEqual(dataset.items);
    expect(images(reads)).toEqual([]);
  });

  it('marks its store as a cache', async () => {
    const root = await temporaryFolder();
    await writePictures(root, ['a.png']);
    await openDataset({ root }, {}, context());
    expect(await readFile(join(root, '.kindred/.gitignore'), 'utf8')).toBe('*\n');
    expect(await readFile(join(root, '.kindred/CACHEDIR.TAG'), 'utf8')).toMatch(
      /^Signature: 8a477f597d28d172789f06886806bc55\n/,
    );
    expect((await readdir(join(root, '.kindred'))).sort()).toEqual(
      ['.gitignore', 'CACHEDIR.TAG', 'dataset.json', 'items.arrow', 'pixels'].sort(),
    );
  });

  it('gives the same items and fingerprint for a copy elsewhere, and another when anything changes', async () => {
    const root = await temporaryFolder();
    await writePictures(root, paths(12));
    const first = await openDataset({ root }, {}, context());
    const copy = join(await temporaryFolder(), 'copy');
    await cp(root, copy, { recursive: true, filter: (path) => !path.includes('.kindred') });
    const second = await openDataset({ root: copy }, {}, context());
    expect(second.items.paths).toEqual(first.items.paths);
    expect(second.items.hashes).toEqual(first.items.hashes);
    expect(second.summary.fingerprint).toBe(first.summary.fingerprint);
    const seen = new Set([first.summary.fingerprint]);
    await writeFile(join(copy, 'a/0.png'), await png(99));
    seen.add((await openDataset({ root: copy }, {}, context())).summary.fingerprint);
    await rename(join(copy, 'a/0.png'), join(copy, 'a/000.png'));
    seen.add((await openDataset({ root: copy }, {}, context())).summary.fingerprint);
    await rm(join(copy, 'b/1.png'));
    seen.add((await openDataset({ root: copy }, {}, context())).summary.fingerprint);
    expect(seen.size).toBe(4);
  });

  it('says not-found for what was never opened', async () => {
    await expect(loadDataset({ root: await temporaryFolder() })).rejects.toMatchObject({ code: 'not-found' });
  });

  it('reports progress in images', async () => {
    const root = await temporaryFolder();
    await writePictures(root, paths(6));
    const { reports, ...rest } = context();
    await openDataset({ root }, {}, rest);
    expect(reports.map((report) => report.stage)).toContain('Finding files');
    expect(reports.at(-1)).toEqual({ stage: 'Reading images', done: 6, total: 6, unit: 'images' });
  });
});

describe('opening again', () => {
  it('reads only files that are new or have changed', async () => {
    const root = await temporaryFolder();
    await writePictures(root, [...paths(9)]);
    await writeFiles(root, { 'a/bad.png': 'text' });
    await openDataset({ root }, {}, context());
    const reads = watchReads();
    const same = await openDataset({ root }, {}, context());
    expect(images(reads)).toEqual([]);
    expect(same.summary.problems).toMatchObject([{ path: 'a/bad.png' }]);

    await writeFile(join(root, 'b/1.png'), await png(50, 30, 30));
    await utimes(join(root, 'c/2.png'), new Date(1), new Date(1)); // The same content at another time.
    await rm(join(root, 'a/0.png'));
    await writeFile(join(root, 'a/new.png'), await png(51));
    const changed = await openDataset({ root }, {}, context());
    expect(images(reads).sort()).toEqual(
      [join(root, 'a/new.png'), join(root, 'b/1.png'), join(root, 'c/2.png')].sort(),
    );
    expect(changed.items.paths).not.toContain('a/0.png');
    expect(changed.items.widths[changed.items.paths.indexOf('b/1.png')]).toBe(30);
    expect(await loadDataset({ root }).then((dataset) => dataset.items)).toEqual(changed.items);
  });

  it('writes nothing when nothing has changed, so it works where nothing may be written', async () => {
    const root = await temporaryFolder();
    await writePictures(root, paths(4));
    const before = await openDataset({ root }, {}, context());
    makeReadOnly(root);
    expect((await reopenDataset(before, context())).items).toEqual(before.items);
  });

  it('finds removed files gone and restored files back, reading these alone', async () => {
    const root = await temporaryFolder();
    await writePictures(root, paths(6));
    const before = await openDataset({ root }, {}, context());
    const away = join(await temporaryFolder(), 'x.png');
    await rename(join(root, 'b/1.png'), away);
    const without = await reopenDataset(before, context());
    expect(without.summary.items).toBe(5);
    await rename(away, join(root, 'b/1.png'));
    const reads = watchReads();
    const after = await reopenDataset(without, context());
    expect(after.items).toEqual(before.items);
    expect(images(reads)).toEqual([join(root, 'b/1.png')]);
  });

  it('reads all anew when the store is damaged', async () => {
    const root = await temporaryFolder();
    await writePictures(root, paths(4));
    const before = await openDataset({ root }, {}, context());
    await writeFile(join(root, '.kindred/items.arrow'), 'ARROW1 no more');
    await writeFile(join(root, '.kindred/dataset.json'), '{');
    await expect(loadDataset({ root })).rejects.toMatchObject({ code: 'bad-input', remedy: 'Open the dataset again.' });
    expect((await openDataset({ root }, {}, context())).items).toEqual(before.items);
  });
});

describe('an interrupted opening', () => {
  const COUNT = 1100; // One save, and some more.

  it('keeps what it has read when cancelled, and goes on there', { timeout: 60_000 }, async () => {
    const root = await temporaryFolder();
    const picture = await png(1, 8, 8);
    for (let i = 0; i < COUNT; i++) {
      // A different content each: bytes after the end of a PNG are not part of the picture.
      await writeFiles(root, { [`${i}.png`]: Buffer.concat([picture, Buffer.from(String(i))]) });
    }
    const cancelled = openDataset(
      { root },
      {},
      context(({ stage, done }) => stage === 'Reading images' && done > 1030),
    );
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
    await expect(loadDataset({ root })).rejects.toMatchObject({ code: 'not-found' });

    // A process that is killed may also leave torn ends.
    const store = join(root, '.kindred');
    await appendFile(join(store, 'opening.jsonl'), '{"path":"torn');
    await appendFile(join(store, 'pixels/64.u8'), 'torn');
    await appendFile(join(store, 'pixels/64.hashes'), 'torn');

    const reads = watchReads();
    const dataset = await openDataset({ root }, {}, context());
    expect(dataset.summary.items).toBe(COUNT);
    expect(images(reads).length).toBeGreaterThan(0);
    expect(images(reads).length).toBeLessThanOrEqual(COUNT - 1024);
    expect(await readdir(store)).not.toContain('opening.jsonl');
    const pixels = await ensurePixels(dataset, 64, context());
    expect((await pixels.read([0, COUNT - 1])).length).toBe(2 * 64 * 64 * 3);
    await pixels.close();
  });

  it('reads pictures again whose pixels were lost', async () => {
    const root = await temporaryFolder();
    await writePictures(root, paths(6));
    const before = await openDataset({ root }, {}, context());
    await truncate(join(root, '.kindred/pixels/64.u8'), 64 * 64 * 3 * 4 + 100);
    const reads = watchReads();
    expect((await reopenDataset(before, context())).items).toEqual(before.items);
    expect(images(reads).length).toBe(2);
  });

  it.each([0, 100, 3000, 30_000, 50_500])(
    'leaves a good store as it was when the disk is full after %i bytes',
    async (room) => {
      const root = await temporaryFolder();
      await writePictures(root, paths(4));
      const before = await openDataset({ root }, {}, context());
      for (let i = 0; i < 4; i++) await writeFiles(root, { [`a/new${i}.png`]: await png(20 + i) });
      const undo = fillDisk(room);
      const failed: unknown = await reopenDataset(before, context()).catch((error: unknown) => error);
      expect(failed).toMatchObject({ code: 'disk-full', remedy: expect.stringMatching(/Free some space/) as string });
      undo();
      expect((await loadDataset({ root })).items).toEqual(before.items);
      const after = await reopenDataset(before, context());
      expect(after.summary.items).toBe(8);
      const fresh = join(await temporaryFolder(), 'copy');
      await cp(root, fresh, { recursive: true, filter: (path) => !path.includes('.kindred') });
      const oracle = await openDataset({ root: fresh }, {}, context());
      const [mine, theirs] = [await ensurePixels(after, 64, context()), await ensurePixels(oracle, 64, context())];
      const all = Array.from({ length: 8 }, (_, i) => i);
      expect(await mine.read(all)).toEqual(await theirs.read(all));
      await Promise.all([mine.close(), theirs.close()]);
    },
  );
});
