import { readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { getEventListeners } from 'node:events';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDataset, type Dataset } from '../../../src/trainer/dataset/dataset';
import { ensurePixels } from '../../../src/trainer/dataset/pixels';
import { computeEmbedding } from '../../../src/trainer/embedding/compute';
import { DESCRIPTOR_DIMS, embedDescriptors } from '../../../src/trainer/embedding/descriptor';
import { listEmbeddings, loadEmbedding } from '../../../src/trainer/embedding/embedding';
import { replaceFiles } from '../../../src/trainer/store/files';
import { readNpy, writeNpy } from '../../../src/trainer/store/npy';
import type { ModelId, Progress } from '../../../src/trainer/protocol';
import { addClasses, emojiDataset, emojiNames, quiet, removeFolder, temporaryFolder } from './emoji';
import { untrainedRun } from './untrainedRun';

let root: string;
let dataset: Dataset;

beforeEach(async () => {
  root = await temporaryFolder();
  dataset = await emojiDataset(root, 6);
});

afterEach(() => removeFolder(root));

const reopen = (): Promise<Dataset> => openDataset({ root }, {}, quiet());
const bytesOf = (id: string): Promise<Buffer> => readFile(path.join(dataset.paths.embeddings, `${id}.npy`));

/** How many images the meter says were embedded. */
function embedded(reports: readonly Progress[]): number {
  return Math.max(0, ...reports.filter((r) => r.stage === 'Embedding images').map((r) => r.total));
}

describe('computeEmbedding', { timeout: 60_000 }, () => {
  it('writes one L2-normalised row an item, readable as .npy, and is listed and loaded', async () => {
    const embedding = await computeEmbedding(dataset, 'descriptor', quiet());
    expect(embedding.summary).toMatchObject({
      id: 'descriptor',
      model: 'descriptor',
      count: 12,
      dims: DESCRIPTOR_DIMS,
    });
    const { data, shape } = await readNpy(embedding.summary.file);
    expect(shape).toEqual([12, DESCRIPTOR_DIMS]);
    expect(data).toEqual(embedding.data);
    for (let item = 0; item < 12; item++) expect(Math.hypot(...embedding.row(item))).toBeCloseTo(1, 5);
    const store = await ensurePixels(dataset, 64, quiet());
    expect(embedding.row(7).slice()).toEqual(embedDescriptors(await store.read([7]), 1));
    await store.close();
    expect(await listEmbeddings(dataset)).toEqual([embedding.summary]);
    expect((await loadEmbedding(dataset, 'descriptor')).data).toEqual(embedding.data);
  });

  it('leaves no listener on a signal that outlives it', async () => {
    const context = quiet<Progress>();
    await computeEmbedding(dataset, 'descriptor', context);
    await expect(computeEmbedding(dataset, 'run:nowhere', context)).rejects.toMatchObject({ code: 'not-found' });
    expect(getEventListeners(context.signal, 'abort')).toEqual([]);
  });

  it('does no work when the embedding is there', async () => {
    const first = await computeEmbedding(dataset, 'descriptor', quiet());
    const context = quiet<Progress>();
    const second = await computeEmbedding(dataset, 'descriptor', context);
    expect(context.reports).toEqual([]);
    expect(second.summary).toEqual(first.summary);
    expect(second.data).toEqual(first.data);
  });

  it.each<ModelId>(['descriptor', 'pixels', 'run:first'])('gives the same bytes again: %s', async (model) => {
    await untrainedRun(dataset, 'first');
    const { id } = (await computeEmbedding(dataset, model, quiet())).summary;
    const before = await bytesOf(id);
    await rm(dataset.paths.embeddings, { recursive: true });
    await computeEmbedding(dataset, model, quiet());
    expect((await bytesOf(id)).equals(before)).toBe(true);
  });

  it('keeps the rows of known items when others come and go', async () => {
    const before = await computeEmbedding(dataset, 'descriptor', quiet());
    const rowOf = new Map(dataset.items.hashes.map((hash, item) => [hash, before.row(item).slice()]));
    const gone = dataset.items.paths[3];
    await rm(path.join(root, gone));
    await addClasses(root, (await emojiNames(40)).slice(5, 7));
    dataset = await reopen();
    await expect(loadEmbedding(dataset, 'descriptor')).rejects.toMatchObject({ code: 'not-found' });
    const context = quiet<Progress>();
    const after = await computeEmbedding(dataset, 'descriptor', context);
    expect(embedded(context.reports)).toBe(4);
    expect(after.rows).toBe(15);
    let kept = 0;
    dataset.items.hashes.forEach((hash, item) => {
      if (!rowOf.has(hash)) return;
      kept++;
      expect(after.row(item).slice()).toEqual(rowOf.get(hash));
    });
    expect(kept).toBe(11);
    // The same as if it had all been made at once.
    const bytes = await bytesOf('descriptor');
    await rm(dataset.paths.embeddings, { recursive: true });
    await computeEmbedding(dataset, 'descriptor', quiet());
    expect((await bytesOf('descriptor')).equals(bytes)).toBe(true);
  });

  it('makes a damaged embedding anew', async () => {
    const { summary, data } = await computeEmbedding(dataset, 'descriptor', quiet());
    await truncate(summary.file, 1000);
    await expect(loadEmbedding(dataset, 'descriptor')).rejects.toMatchObject({ code: 'bad-input', path: summary.file });
    expect((await computeEmbedding(dataset, 'descriptor', quiet())).data).toEqual(data);
    await writeNpy(summary.file, { data: data.map((x) => -x), shape: [12, DESCRIPTOR_DIMS] });
    expect((await computeEmbedding(dataset, 'descriptor', quiet())).data).toEqual(data);
  });

  it('can be cancelled before and in the middle, and leaves nothing half done', async () => {
    const before = AbortSignal.abort();
    await expect(computeEmbedding(dataset, 'pixels', { ...quiet(), signal: before })).rejects.toMatchObject({
      code: 'cancelled',
    });
    const controller = new AbortController();
    const report = ({ stage }: Progress): void => {
      if (stage === 'Embedding images') controller.abort();
    };
    const cancelled = computeEmbedding(dataset, 'descriptor', { signal: controller.signal, report });
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
    expect(await listEmbeddings(dataset)).toEqual([]);
    expect((await computeEmbedding(dataset, 'descriptor', quiet())).rows).toBe(12);
  });

  it('goes on after the last part that was finished', async () => {
    const controller = new AbortController();
    const report = ({ stage, done }: Progress): void => {
      if (stage === 'Embedding images' && done >= 12) controller.abort();
    };
    const interrupted = computeEmbedding(dataset, 'descriptor', { signal: controller.signal, report }, 4);
    await expect(interrupted).rejects.toMatchObject({ code: 'cancelled' });
    const parts = path.join(dataset.paths.embeddings, 'descriptor.parts');
    const names = await readdir(parts);
    expect(names).toHaveLength(2);
    // Recognisable rows in place of the real ones show that they were taken and not computed again.
    for (const name of names)
      await writeNpy(path.join(parts, name), {
        data: new Float32Array(4 * DESCRIPTOR_DIMS).fill(0.5),
        shape: [4, DESCRIPTOR_DIMS],
      });
    const { data } = await computeEmbedding(dataset, 'descriptor', quiet(), 4);
    expect(data.subarray(0, 8 * DESCRIPTOR_DIMS).every((value) => value === 0.5)).toBe(true);
    expect(data.subarray(8 * DESCRIPTOR_DIMS).includes(0.5)).toBe(false);
    await expect(readdir(parts)).rejects.toThrow();
  });

  it('does the work once for two requests at the same time', async () => {
    const contexts = [quiet<Progress>(), quiet<Progress>()];
    const [a, b] = await Promise.all(contexts.map((context) => computeEmbedding(dataset, 'descriptor', context)));
    expect(a.data).toEqual(b.data);
    expect(contexts.map((context) => embedded(context.reports))).toEqual([12, 0]);
  });

  it('lets go of one who waits for the work of another', async () => {
    const controller = new AbortController();
    const order: string[] = [];
    const first = computeEmbedding(dataset, 'descriptor', quiet()).then(() => order.push('first'));
    const waiting = computeEmbedding(dataset, 'descriptor', { ...quiet(), signal: controller.signal });
    const refused = expect(waiting)
      .rejects.toMatchObject({ code: 'cancelled' })
      .then(() => order.push('waiting'));
    controller.abort();
    await Promise.all([first, refused]);
    expect(order).toEqual(['waiting', 'first']);
  });

  it('tries a file again that was gone', async () => {
    await ensurePixels(dataset, 64, quiet()).then((store) => store.close());
    await rm(dataset.paths.pixels, { recursive: true });
    const gone = path.join(root, dataset.items.paths[5]);
    const content = await readFile(gone);
    await rm(gone);
    const without = await computeEmbedding(dataset, 'descriptor', quiet());
    expect(without.row(5).every((value) => value === 0)).toBe(true);
    expect((await loadEmbedding(dataset, 'descriptor')).rows).toBe(12);
    await writeFile(gone, content);
    const context = quiet<Progress>();
    const again = await computeEmbedding(dataset, 'descriptor', context);
    expect(embedded(context.reports)).toBe(1);
    expect(Math.hypot(...again.row(5))).toBeCloseTo(1, 5);
  });

  it('says when the disk is full and goes on from there', async () => {
    const restore = replaceFiles({
      rename: () => Promise.reject(Object.assign(new Error('no space left'), { code: 'ENOSPC' })),
    });
    try {
      await expect(computeEmbedding(dataset, 'descriptor', quiet())).rejects.toMatchObject({ code: 'disk-full' });
    } finally {
      restore();
    }
    expect((await computeEmbedding(dataset, 'descriptor', quiet())).rows).toBe(12);
  });
});

describe('a run', { timeout: 60_000 }, () => {
  it('embeds through its model.onnx, and anew when the model changes', async () => {
    await untrainedRun(dataset, 'first', { seed: 1 });
    const first = await computeEmbedding(dataset, 'run:first', quiet());
    expect(first.summary).toMatchObject({ id: 'run-first', model: 'run:first', dims: 16, count: 12 });
    for (let item = 0; item < 12; item++) expect(Math.hypot(...first.row(item))).toBeCloseTo(1, 5);
    await untrainedRun(dataset, 'first', { seed: 2 });
    const second = await computeEmbedding(dataset, 'run:first', quiet());
    expect(second.data).not.toEqual(first.data);
    expect(second.digest).not.toBe(first.digest);
  });

  it('that is not there, has no model yet, or has a broken one is an error that says what to do', async () => {
    const missing = computeEmbedding(dataset, 'run:nothing', quiet());
    await expect(missing).rejects.toMatchObject({ code: 'not-found', remedy: expect.stringMatching(/\w+\.$/) });
    const file = await untrainedRun(dataset, 'broken');
    await writeFile(file, 'no model');
    const broken = computeEmbedding(dataset, 'run:broken', quiet());
    await expect(broken).rejects.toMatchObject({ code: 'bad-input', path: file });
    await rm(file);
    const unfinished = computeEmbedding(dataset, 'run:broken', quiet());
    await expect(unfinished).rejects.toMatchObject({ code: 'not-found', path: file });
    await expect(computeEmbedding(dataset, 'magic' as ModelId, quiet())).rejects.toMatchObject({
      code: 'invalid-argument',
    });
    const outside = computeEmbedding(dataset, 'run:../../x', quiet());
    await expect(outside).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('an unknown embedding', { timeout: 60_000 }, () => {
  it('is not found, wherever its name points', async () => {
    for (const id of ['nothing', '../dataset', ''])
      await expect(loadEmbedding(dataset, id)).rejects.toMatchObject({ code: 'not-found' });
    await computeEmbedding(dataset, 'pixels', quiet());
    expect((await readdir(dataset.paths.embeddings)).sort()).toEqual(['pixels.items.txt', 'pixels.json', 'pixels.npy']);
  });
});
