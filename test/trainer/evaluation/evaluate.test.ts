import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDataset, type Dataset } from '../../../src/trainer/dataset/dataset';
import { computeEmbedding } from '../../../src/trainer/embedding/compute';
import { evaluate } from '../../../src/trainer/evaluation/evaluate';
import { macroMeans, microMeans } from '../../../src/trainer/evaluation/measures';
import { searchQueries } from '../../../src/trainer/evaluation/queries';
import type { ModelId, Progress } from '../../../src/trainer/protocol';
import { emojiDataset, quiet, removeFolder, temporaryFolder } from '../embedding/emoji';
import { untrainedRun } from '../embedding/untrainedRun';

let root: string;
let dataset: Dataset;

beforeEach(async () => {
  root = await temporaryFolder();
  dataset = await emojiDataset(root, 20);
});

afterEach(() => removeFolder(root));

async function measured(model: ModelId, items: readonly number[]): Promise<object> {
  const embedding = await computeEmbedding(dataset, model, quiet());
  const { dims } = embedding;
  const data = new Float32Array(items.length * dims);
  items.forEach((item, i) => data.set(embedding.row(item), i * dims));
  const labels = Int32Array.from(items, (item) => dataset.items.label.codes[item]);
  const results = await searchQueries(data, items.length, dims, labels);
  return { model, dims, ...microMeans(results), macro: macroMeans(results) };
}

describe('evaluate', { timeout: 60_000 }, () => {
  it('measures pixels, descriptors and the run on what the run held out', async () => {
    const heldOut = [2, 3, 6, 7, 8, 9, 14, 15, 22, 23];
    await untrainedRun(dataset, 'first', { heldOut });
    const context = quiet<Progress>();
    const report = await evaluate(dataset, 'run:first', context);
    expect(report.heldOut).toEqual({ by: 'class', classes: 5, items: 10 });
    expect(report.queries).toBe(10);
    expect(report.rows.map((row) => row.model)).toEqual(['pixels', 'descriptor', 'run:first']);
    expect(context.reports.length).toBeGreaterThan(0);
    // Now that all three are stored, the same again from their files.
    const expected = [];
    for (const model of ['pixels', 'descriptor', 'run:first'] as const) expected.push(await measured(model, heldOut));
    expect(report.rows).toMatchObject(expected);
    expect(await evaluate(dataset, 'run:first', quiet())).toEqual(report);
  });

  it('measures the hand-made models on all labelled items', async () => {
    const report = await evaluate(dataset, 'descriptor', quiet());
    expect(report.heldOut).toEqual({ by: 'none', classes: 20, items: 40 });
    expect(report.rows.map((row) => row.model)).toEqual(['pixels', 'descriptor']);
    expect(report.differences).toEqual([]);
    const all = [...dataset.items.label.codes.keys()];
    expect(report.rows).toMatchObject([await measured('pixels', all), await measured('descriptor', all)]);
  });

  it('says so when nothing can be found', async () => {
    const flat = await temporaryFolder();
    for (const item of [0, 1, 2]) await copyFile(dataset.absolutePath(item), path.join(flat, `${item}.png`));
    const unlabelled = await openDataset({ root: flat }, {}, quiet());
    const refused = evaluate(unlabelled, 'descriptor', quiet());
    await expect(refused).rejects.toMatchObject({ code: 'bad-input', remedy: expect.stringMatching(/\.$/) });
    await removeFolder(flat);
  });

  it('tells of an unknown run before it does any work, and can be cancelled', async () => {
    const context = quiet<Progress>();
    await expect(evaluate(dataset, 'run:nothing', context)).rejects.toMatchObject({ code: 'not-found' });
    expect(context.reports).toEqual([]);
    const cancelled = evaluate(dataset, 'pixels', { ...quiet(), signal: AbortSignal.abort() });
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
  });
});
