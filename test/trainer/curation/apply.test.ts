import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyDecisions, listBatches, planApply, restoreBatch } from '../../../src/trainer/curation/apply';
import { replaceFiles } from '../../../src/trainer/store/files';
import type { ApplyReport } from '../../../src/trainer/types/curation';
import { quietContext } from './support/context';
import { contentsOf, removing, writeDataset, type Subject } from './support/folder';

let root: string;
beforeEach(async () => {
  root = await fs.mkdtemp(join(tmpdir(), 'kindred-apply-'));
});
afterEach(() => fs.rm(root, { recursive: true, force: true }));

const FILES = { 'a.png': 'A', 'cat/b.png': 'B', 'cat/ü c.png': 'C', 'dog/b.png': 'B2' };
const apply = (dataset: Subject, ...items: number[]): Promise<ApplyReport> =>
  applyDecisions(dataset, removing(items), quietContext());
const restore = (dataset: Subject, id: string): Promise<ApplyReport> => restoreBatch(dataset, id, quietContext());

describe('apply and restore', () => {
  it('moves the files away, keeping their folders, and back', async () => {
    const dataset = await writeDataset(root, FILES);
    const { batch, moved, problems } = await apply(dataset, 1, 2);
    expect({ moved, problems, state: batch.state, files: batch.files, bytes: batch.bytes }).toEqual({
      moved: 2,
      problems: [],
      state: 'applied',
      files: 2,
      bytes: 2,
    });
    const away = `kindred.quarantine/${batch.id}/files`;
    expect(await contentsOf(root)).toEqual({
      'a.png': 'A',
      'dog/b.png': 'B2',
      [`${away}/cat/b.png`]: 'B',
      [`${away}/cat/ü c.png`]: 'C',
    });
    expect(await listBatches(dataset.paths)).toEqual([batch]);

    const back = await restore(dataset, batch.id);
    expect(back).toMatchObject({ moved: 2, problems: [], batch: { state: 'restored', files: 2 } });
    expect(await contentsOf(root)).toEqual(FILES);
    expect(await listBatches(dataset.paths)).toEqual([back.batch]);
    await expect(restore(dataset, batch.id)).rejects.toMatchObject({ code: 'invalid-argument' });
  });

  it('has nothing to do without verdicts', async () => {
    const dataset = await writeDataset(root, FILES);
    await expect(apply(dataset)).rejects.toMatchObject({ code: 'invalid-argument' });
    expect(await contentsOf(root)).toEqual(FILES);
  });

  it('leaves alone and lists what has changed, is gone, or is a link', async () => {
    const dataset = await writeDataset(root, FILES);
    await fs.writeFile(join(root, 'a.png'), 'changed');
    await fs.unlink(join(root, 'cat/b.png'));
    await fs.unlink(join(root, 'dog/b.png'));
    await fs.symlink(join(root, 'cat/ü c.png'), join(root, 'dog/b.png'));
    const { moved, problems, batch } = await apply(dataset, 0, 1, 2, 3);
    expect(moved).toBe(1);
    expect(problems.map(({ path, reason }) => [path, reason])).toEqual([
      ['a.png', expect.stringContaining('has changed')],
      ['cat/b.png', expect.stringContaining('not there')],
      ['dog/b.png', expect.stringContaining('link')],
    ]);
    expect((await contentsOf(root))['a.png']).toBe('changed');
    await restore(dataset, batch.id);
    expect((await contentsOf(root))['cat/ü c.png']).toBe('C');
  });

  it('makes no batch when nothing could be moved', async () => {
    const dataset = await writeDataset(root, FILES);
    await fs.writeFile(join(root, 'a.png'), 'changed');
    expect(await apply(dataset, 0)).toMatchObject({ moved: 0, problems: [{ path: 'a.png' }] });
    expect(await listBatches(dataset.paths)).toEqual([]);
  });

  it('never overwrites when it restores, and restores the rest when the place is free', async () => {
    const dataset = await writeDataset(root, FILES);
    const { batch } = await apply(dataset, 0, 1);
    await fs.writeFile(join(root, 'a.png'), 'another');
    const first = await restore(dataset, batch.id);
    expect(first).toMatchObject({ moved: 1, problems: [{ path: 'a.png' }], batch: { state: 'applied', files: 1 } });
    expect(await contentsOf(root)).toMatchObject({ 'a.png': 'another', 'cat/b.png': 'B' });
    await fs.rename(join(root, 'a.png'), join(root, 'other.png'));
    expect(await restore(dataset, batch.id)).toMatchObject({ moved: 1, problems: [], batch: { state: 'restored' } });
    expect(await contentsOf(root)).toEqual({ ...FILES, 'other.png': 'another' });
  });

  it('lists a file that was changed in the quarantine and leaves it there', async () => {
    const dataset = await writeDataset(root, FILES);
    const { batch } = await apply(dataset, 0);
    await fs.writeFile(join(root, 'kindred.quarantine', batch.id, 'files/a.png'), 'changed');
    expect(await restore(dataset, batch.id)).toMatchObject({ moved: 0, problems: [{ path: 'a.png' }] });
  });

  it('copies to another disk, verifies, and takes the original away', async () => {
    const dataset = await writeDataset(root, FILES);
    const across = (from: string, to: string): boolean =>
      from.includes('kindred.quarantine') !== to.includes('kindred.quarantine');
    const refuse = (from: string, to: string): void => {
      if (across(from, to)) throw Object.assign(new Error('EXDEV'), { code: 'EXDEV' });
    };
    const undo = replaceFiles({
      link: async (from, to) => (refuse(from, to), fs.link(from, to)),
      rename: async (from, to) => (refuse(from, to), fs.rename(from, to)),
    });
    try {
      const { batch } = await apply(dataset, 0, 1);
      expect(Object.keys(await contentsOf(root))).toHaveLength(4);
      await restore(dataset, batch.id);
      expect(await contentsOf(root)).toEqual(FILES);
    } finally {
      undo();
    }
  });

  it('works on a file system without hard links, still without overwriting', async () => {
    const undo = replaceFiles({ link: () => Promise.reject(Object.assign(new Error(), { code: 'EPERM' })) });
    try {
      const dataset = await writeDataset(root, FILES);
      const { batch } = await apply(dataset, 0, 1);
      await fs.writeFile(join(root, 'a.png'), 'another');
      expect(await restore(dataset, batch.id)).toMatchObject({ moved: 1, problems: [{ path: 'a.png' }] });
      expect(await contentsOf(root)).toMatchObject({ 'a.png': 'another', 'cat/b.png': 'B' });
    } finally {
      undo();
    }
  });

  it('stops when it is cancelled; what was moved is a batch that can be restored', async () => {
    const dataset = await writeDataset(root, FILES);
    const controller = new AbortController();
    const undo = replaceFiles({
      link: async (from, to) => {
        await fs.link(from, to);
        controller.abort();
      },
    });
    await expect(applyDecisions(dataset, removing([0, 1, 2]), quietContext(controller.signal))).rejects.toMatchObject({
      code: 'cancelled',
    });
    undo();
    const [batch] = await listBatches(dataset.paths);
    expect(batch).toMatchObject({ files: 1, state: 'applied' });
    await restore(dataset, batch.id);
    expect(await contentsOf(root)).toEqual(FILES);
  });

  it.each(['EACCES', 'ENOSPC', 'EROFS'])('moves nothing when the plan cannot be written (%s)', async (code) => {
    const dataset = await writeDataset(root, FILES);
    const undo = replaceFiles({
      open: (path, flags) =>
        path.includes('kindred.quarantine') && flags !== 'r'
          ? Promise.reject(Object.assign(new Error(code), { code }))
          : fs.open(path, flags),
    });
    try {
      await expect(apply(dataset, 0, 1)).rejects.toMatchObject({ code: code === 'ENOSPC' ? 'disk-full' : 'read-only' });
    } finally {
      undo();
    }
    expect(await contentsOf(root)).toEqual(FILES);
    expect(await listBatches(dataset.paths)).toEqual([]);
  });

  it('stops at a full disk, and the next apply ends what was begun', async () => {
    const dataset = await writeDataset(root, FILES);
    let links = 0;
    const undo = replaceFiles({
      link: (from, to) =>
        links++ === 1 ? Promise.reject(Object.assign(new Error(), { code: 'ENOSPC' })) : fs.link(from, to),
    });
    await expect(apply(dataset, 0, 1, 2)).rejects.toMatchObject({ code: 'disk-full' });
    undo();
    await apply(dataset, 1);
    const batches = await listBatches(dataset.paths);
    expect(batches.map(({ files, state }) => [files, state])).toEqual([
      [1, 'applied'],
      [1, 'applied'],
    ]);
    for (const { id } of batches) await restore(dataset, id);
    expect(await contentsOf(root)).toEqual(FILES);
  });
});

describe('a plan that someone has doctored', () => {
  const doctored = async (dataset: Subject, path: string): Promise<string> => {
    const { batch } = await apply(dataset, 0);
    const plan = join(root, 'kindred.quarantine', batch.id, 'batch.json');
    const json = JSON.parse(await fs.readFile(plan, 'utf8')) as { files: { path: string }[] };
    json.files[0].path = path;
    await fs.writeFile(plan, JSON.stringify(json));
    return batch.id;
  };

  it.each(['../escaped.png', '/tmp/escaped.png', '.kindred/items.arrow', 'kindred.quarantine/x.png', 'out/x.png', '.'])(
    'does not lead to %s',
    async (path) => {
      const outside = await fs.mkdtemp(join(tmpdir(), 'kindred-outside-'));
      await fs.symlink(outside, join(root, 'out'));
      const dataset = await writeDataset(root, FILES);
      const id = await doctored(dataset, path);
      const report = await restore(dataset, id).catch((error: unknown) => error);
      expect(report).toSatisfy((value: ApplyReport | { code: string }) =>
        'code' in value ? value.code === 'bad-input' : value.moved === 0,
      );
      expect(await fs.readdir(outside)).toEqual([]);
      await fs.rm(outside, { recursive: true });
      expect(await fs.readdir(join(root, 'kindred.quarantine', id, 'files'))).toEqual(['a.png']);
    },
  );

  it.each(['..', '../x', 'a/b', ''])('is not looked for at the batch "%s"', async (id) => {
    const dataset = await writeDataset(root, FILES);
    await expect(restore(dataset, id)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('is listed when it cannot be read, and says so when restored', async () => {
    const dataset = await writeDataset(root, FILES);
    const { batch } = await apply(dataset, 0);
    await fs.writeFile(join(root, 'kindred.quarantine', batch.id, 'batch.json'), '{');
    expect(await listBatches(dataset.paths)).toMatchObject([{ id: batch.id, state: 'incomplete' }]);
    await expect(restore(dataset, batch.id)).rejects.toMatchObject({ code: 'bad-input' });
    await apply(dataset, 1);
  });
});

describe('the plan of an apply', () => {
  it('warns when no copy of a picture stays, and when nothing stays', async () => {
    const dataset = await writeDataset(root, { 'a.png': 'A', 'b.png': 'A', 'c.png': 'C' });
    expect(planApply(dataset, removing([0]))).toEqual({
      items: [0],
      paths: ['a.png'],
      bytes: 1,
      quarantine: 'kindred.quarantine',
      relabel: [],
      manifest: undefined,
      warnings: [],
    });
    expect(planApply(dataset, removing([0, 1])).warnings).toEqual([expect.stringContaining('a.png (2 copies)')]);
    expect(planApply(dataset, removing([0, 1, 2])).warnings).toEqual([expect.stringContaining('No item stays')]);
  });
});
