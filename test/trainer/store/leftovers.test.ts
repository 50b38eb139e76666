import { readdir, symlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDataset } from '../../../src/trainer/dataset/dataset';
import { writeFileAtomic } from '../../../src/trainer/store/atomic';
import { replaceFiles } from '../../../src/trainer/store/files';
import { removeLeftovers } from '../../../src/trainer/store/leftovers';
import { storePaths } from '../../../src/trainer/store/paths';
import { context, png, temporaryFolder, writeFiles } from '../dataset/images';

const OURS = '.kindred-123-mc0x7k2a-0.tmp';
const TWO_HOURS = 7_200_000;

async function writeAged(root: string, paths: readonly string[], age: number): Promise<void> {
  const then = new Date(Date.now() - age);
  await writeFiles(root, Object.fromEntries(paths.map((path) => [path, 'unfinished'])));
  for (const path of paths) await utimes(join(root, path), then, then);
}

async function filesIn(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();
}

describe('removeLeftovers', () => {
  it('takes what a crash has left anywhere in the store, beside the journal and beside the manifest', async () => {
    const root = await temporaryFolder();
    const places = ['', '.kindred', '.kindred/runs/first/checkpoint', '.kindred/thumbnails/0a', 'tables'];
    await writeAged(
      root,
      places.map((place) => join(place, OURS)),
      TWO_HOURS,
    );
    await removeLeftovers(storePaths({ root }), 'tables/list.csv');
    expect(await filesIn(root)).toEqual([]);
  });

  it('leaves new ones, names that are not ours, links, and folders that are not ours', async () => {
    const root = await temporaryFolder();
    const others = ['.kindred-1-2.tmp', '.kindred-1-a-0.tmp.png', 'x.kindred-1-a-0.tmp', '.kindred-a-b-0.tmp', 'a.tmp'];
    const elsewhere = [
      join('pictures', OURS),
      join('.kindred/other', OURS),
      join('.kindred/runs/first', 'run.json'),
      ...others.flatMap((name) => [name, join('.kindred', name)]),
    ];
    await writeAged(root, elsewhere, TWO_HOURS);
    await writeAged(root, [OURS, join('.kindred', OURS)], 60_000);
    await symlink(join(root, 'pictures'), join(root, '.kindred/runs', 'linked'));
    const before = await filesIn(root);
    await removeLeftovers(storePaths({ root }), undefined);
    expect(await filesIn(root)).toEqual(before);
  });

  it('knows the names that an atomic write really gives', async () => {
    const root = await temporaryFolder();
    const undo = replaceFiles({ rename: () => Promise.reject(new Error('died')), remove: () => Promise.resolve() });
    await writeFileAtomic(join(root, 'file'), 'content').catch(() => undefined);
    undo();
    const [left] = await readdir(root);
    expect(left).toMatch(/\.tmp$/);
    await writeAged(root, [left], TWO_HOURS);
    await removeLeftovers(storePaths({ root }), undefined);
    expect(await readdir(root)).toEqual([]);
  });

  it('happens when a dataset is opened', async () => {
    const root = await temporaryFolder();
    await writeFiles(root, { 'a.png': await png(1), 'list.csv': 'path\na.png\n' });
    await writeAged(root, [OURS, join('.kindred', OURS)], TWO_HOURS);
    await openDataset({ root }, { manifest: { path: 'list.csv' } }, context());
    expect((await filesIn(root)).filter((path) => path.endsWith('.tmp'))).toEqual([]);
  });

  it('does not keep a dataset from being opened when it cannot remove them', async () => {
    const root = await temporaryFolder();
    await writeFiles(root, { 'a.png': await png(1) });
    await writeAged(root, [join('.kindred', OURS)], TWO_HOURS);
    const undo = replaceFiles({ unlink: () => Promise.reject(new Error('refused')) });
    expect((await openDataset({ root }, {}, context())).items.count).toBe(1);
    undo();
    expect(await filesIn(root)).toContain(join('.kindred', OURS));
  });
});
