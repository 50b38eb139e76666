import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listFolder } from '../../../src/trainer/dataset/folderListing';
import { type Listing } from '../../../src/trainer/dataset/listing';
import { naturalKey, sortNaturally } from '../../../src/trainer/dataset/naturalOrder';
import { areSplitFolders, splitAlias } from '../../../src/trainer/dataset/splits';
import { temporaryFolder, writeFiles } from './images';

/** Only names count for a listing, so the files may be empty. */
async function list(...paths: string[]): Promise<Listing> {
  const root = await temporaryFolder();
  await writeFiles(root, Object.fromEntries(paths.map((path) => [path, ''])));
  return listFolder(root, join(root, '.kindred'));
}

const rows = (listing: Listing): string[] =>
  listing.files.map((file) => `${file.path} ${file.label ?? '-'} ${file.split ?? '-'}`);

describe('listFolder', () => {
  it('takes class folders as labels', async () => {
    const listing = await list('cat/1.png', 'dog/1.JPG', 'dog/deep/er/2.webp', 'loose.png');
    expect(listing.source).toEqual({ kind: 'class-folders' });
    expect(rows(listing)).toEqual([
      'cat/1.png cat -',
      'dog/1.JPG dog -',
      'dog/deep/er/2.webp dog/deep/er -',
      'loose.png - -',
    ]);
  });

  it('takes split folders in any case, and their usual other names', async () => {
    const listing = await list('Train/cat/1.png', 'VALIDATION/cat/2.png', 'test/dog/3.png', 'train/4.png');
    expect(rows(listing).sort()).toEqual(
      [
        'Train/cat/1.png cat train',
        'VALIDATION/cat/2.png cat val',
        'test/dog/3.png dog test',
        'train/4.png - train',
      ].sort(),
    );
  });

  it('takes a class that is called like a split for a class', async () => {
    expect(rows(await list('test/1.png', 'wood/1.png', 'iron/1.png'))).toEqual([
      'iron/1.png iron -',
      'test/1.png test -',
      'wood/1.png wood -',
    ]);
  });

  it('takes a folder without sub-folders as flat', async () => {
    const listing = await list('b10.png', 'b9.png', 'a.gif', 'notes.txt', 'README');
    expect(listing.source).toEqual({ kind: 'flat' });
    expect(rows(listing)).toEqual(['a.gif - -', 'b9.png - -', 'b10.png - -']);
    expect(listing.ignored).toBe(2);
    expect(listing.problems).toEqual([]);
  });

  it('passes over what is hidden, cached, quarantined or installed', async () => {
    const listing = await list(
      '.hidden/1.png',
      '.x.png',
      '.kindred/thumbnails/1.png',
      'kindred.quarantine/a/1.png',
      'a/node_modules/x/1.png',
      'a/1.png',
    );
    expect(rows(listing)).toEqual(['a/1.png a -']);
  });

  it('passes over a store that was put inside of the dataset', async () => {
    const root = await temporaryFolder();
    await writeFiles(root, { 'a/1.png': '', 'cache/x.png': '' });
    expect(rows(await listFolder(root, join(root, 'cache')))).toEqual(['a/1.png a -']);
  });

  it('follows links that stay inside, once, and lists those that do not', async () => {
    const root = await temporaryFolder();
    const elsewhere = await temporaryFolder();
    await writeFiles(root, { 'a/1.png': '' });
    await writeFiles(elsewhere, { 'secret.png': '', 'more/2.png': '' });
    await symlink(join(root, 'a'), join(root, 'b'));
    await symlink(root, join(root, 'a', 'loop'));
    await symlink(join(root, 'a', '1.png'), join(root, 'link.png'));
    await symlink(join(elsewhere, 'secret.png'), join(root, 'out.png'));
    await symlink(join(elsewhere, 'more'), join(root, 'more'));
    await symlink(join(root, 'nothing'), join(root, 'broken.png'));
    const listing = await listFolder(root, join(root, '.kindred'));
    expect(rows(listing)).toEqual(['a/1.png a -', 'b/1.png b -', 'link.png - -']);
    const problems = Object.fromEntries(listing.problems.map((problem) => [problem.path, problem.reason]));
    expect(problems).toEqual({
      'out.png': 'is outside of the dataset',
      more: 'is outside of the dataset',
      'broken.png': 'does not exist',
    });
  });

  it('lists a folder that is named like an image', async () => {
    const root = await temporaryFolder();
    await mkdir(join(root, 'x.png'));
    await writeFile(join(root, 'y.png'), '');
    const { problems, files } = await listFolder(root, join(root, '.kindred'));
    expect(files.map((file) => file.path)).toEqual(['y.png']);
    expect(problems).toMatchObject([{ path: 'x.png', reason: 'is a folder, not an image' }]);
  });

  it('orders thousands of files as the plain sort by key does', async () => {
    const names = Array.from({ length: 3000 }, (_, i) => `c${i % 7}/${(i * 7919) % 3000}.png`);
    const { files } = await list(...names);
    const expected = [...names].sort((a, b) => (naturalKey(a) < naturalKey(b) ? -1 : 1));
    expect(files.map((file) => file.path)).toEqual(expected);
  });
});

describe('natural order', () => {
  it('orders numbers by value, folders as a whole, and depends on no locale', () => {
    const sorted = ['a', 'a/1', 'a/2', 'a/10', 'a/10b', 'a-1', 'a1', 'a01', 'a2', 'a100', 'b', 'z', 'ä'];
    const expected = ['a', 'a/1', 'a/2', 'a/10', 'a/10b', 'a-1', 'a01', 'a1', 'a2', 'a100', 'b', 'z', 'ä'];
    expect(sortNaturally([...sorted].reverse())).toEqual(expected);
  });

  it('orders numbers longer than any integer', () => {
    const long = '9'.repeat(80);
    expect(sortNaturally([`x1${long}`, `x${long}`, 'x5'])).toEqual(['x5', `x${long}`, `x1${long}`]);
  });
});

describe('splits', () => {
  it('knows the usual names', () => {
    expect(['train', 'Training', 'VAL', 'valid', 'dev', 'Test', 'testing', 'cats'].map(splitAlias)).toEqual([
      'train',
      'train',
      'val',
      'val',
      'val',
      'test',
      'test',
      undefined,
    ]);
    expect(splitAlias('constructor')).toBeUndefined();
  });

  it('needs all folders or two different splits', () => {
    expect(areSplitFolders(['train'])).toBe(true);
    expect(areSplitFolders(['train', 'test', 'extra'])).toBe(true);
    expect(areSplitFolders(['test', 'wood'])).toBe(false);
    expect(areSplitFolders([])).toBe(false);
  });
});
