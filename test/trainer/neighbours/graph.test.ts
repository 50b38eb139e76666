import { readFile, stat, truncate } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nearestOf } from '../../../src/trainer/neighbours/exact';
import { neighbourGraph } from '../../../src/trainer/neighbours/graph';
import { readNpy, writeNpy } from '../../../src/trainer/store/npy';
import { storePaths, type StorePaths } from '../../../src/trainer/store/paths';
import { quiet, removeFolder, temporaryFolder } from '../embedding/emoji';
import { embeddingOf, unitRows } from './rows';

let root: string;
let dataset: { readonly paths: StorePaths };

beforeEach(async () => {
  root = await temporaryFolder();
  dataset = { paths: storePaths({ root }) };
});

afterEach(() => removeFolder(root));

const graphFile = (): string => path.join(dataset.paths.neighbours, 'descriptor.npy');

describe('neighbourGraph', { timeout: 60_000 }, () => {
  it('is nearestOf for every item, and stored as .npy', async () => {
    const embedding = await embeddingOf(unitRows(150, 24, 1));
    const graph = await neighbourGraph(dataset, embedding, 6, quiet());
    expect(graph.k).toBe(6);
    for (let item = 0; item < 150; item++) {
      const { items, distances } = nearestOf(embedding, item, 6);
      expect(graph.indices.subarray(item * 6, item * 6 + 6)).toEqual(items);
      distances.forEach((distance, j) => expect(graph.distances[item * 6 + j]).toBeCloseTo(distance, 5));
    }
    expect(await readNpy(graphFile())).toEqual({ data: graph.indices, shape: [150, 6] });
  });

  it.each(['euclidean', 'dot'] as const)(
    'compares by another metric when asked, and keeps that apart: %s',
    async (metric) => {
      const embedding = await embeddingOf(unitRows(120, 8, 3), path.join(root, 'rows.npy'));
      await writeNpy(embedding.summary.file, { data: embedding.data, shape: [120, 8] });
      const cosine = await neighbourGraph(dataset, embedding, 5, quiet());
      const graph = await neighbourGraph(dataset, embedding, 5, quiet(), metric);
      // Rows of one length have the same neighbours by all three.
      expect(graph.indices).toEqual(cosine.indices);
      graph.distances.forEach((distance, i) =>
        expect(distance).toBeCloseTo(
          metric === 'dot' ? cosine.distances[i] - 1 : Math.sqrt(2 * cosine.distances[i]),
          4,
        ),
      );
      expect(await neighbourGraph(dataset, embedding, 5, quiet(), metric)).toEqual(graph);
      expect(await neighbourGraph(dataset, embedding, 5, quiet())).toEqual(cosine);
    },
  );

  it('never has the item itself, however many duplicates there are', async () => {
    const { data } = unitRows(1, 8, 2);
    const same = { data: new Float32Array(Array.from({ length: 20 }, () => [...data]).flat()), rows: 20, dims: 8 };
    const graph = await neighbourGraph(dataset, await embeddingOf(same), 4, quiet());
    for (let item = 0; item < 20; item++) {
      const row = [...graph.indices.subarray(item * 4, item * 4 + 4)];
      expect(row).not.toContain(item);
      expect(new Set(row).size).toBe(4);
    }
    expect(graph.distances.every((distance) => distance === 0)).toBe(true);
  });

  it('gives as many neighbours as there are, and none to a single item or to rows of nothing', async () => {
    expect((await neighbourGraph(dataset, await embeddingOf(unitRows(4, 3, 1)), 15, quiet())).k).toBe(3);
    for (const rows of [0, 1])
      expect(await neighbourGraph(dataset, await embeddingOf(unitRows(rows, 3, 1)), 15, quiet())).toEqual({
        k: 0,
        indices: new Int32Array(0),
        distances: new Float32Array(0),
        recall: 1,
      });
    const zeros = await neighbourGraph(
      dataset,
      await embeddingOf({ data: new Float32Array(12), rows: 4, dims: 3 }),
      2,
      quiet(),
    );
    expect([...zeros.indices]).toEqual([1, 2, 0, 2, 0, 1, 0, 1]);
    expect(zeros.distances.every((distance) => distance === 1)).toBe(true);
  });

  it('is taken from the store while the rows are the same, also for fewer neighbours', async () => {
    const embedding = await embeddingOf(unitRows(60, 5, 3));
    const many = await neighbourGraph(dataset, embedding, 8, quiet());
    const { mtimeMs } = await stat(graphFile());
    const context = quiet();
    const few = await neighbourGraph(dataset, embedding, 3, context);
    expect(context.reports).toEqual([]);
    expect((await stat(graphFile())).mtimeMs).toBe(mtimeMs);
    for (let item = 0; item < 60; item++)
      expect(few.indices.subarray(item * 3, item * 3 + 3)).toEqual(many.indices.subarray(item * 8, item * 8 + 3));
    expect((await neighbourGraph(dataset, embedding, 9, quiet())).k).toBe(9);
    const others = await embeddingOf(unitRows(60, 5, 4));
    expect((await neighbourGraph(dataset, others, 9, quiet())).indices).not.toEqual(many.indices);
  });

  it('is made anew when its file is damaged', async () => {
    const embedding = await embeddingOf(unitRows(60, 5, 3));
    const graph = await neighbourGraph(dataset, embedding, 5, quiet());
    const bytes = await readFile(graphFile());
    await truncate(graphFile(), 300);
    expect(await neighbourGraph(dataset, embedding, 5, quiet())).toEqual(graph);
    expect((await readFile(graphFile())).equals(bytes)).toBe(true);
  });

  it('can be cancelled', async () => {
    const cancelled = neighbourGraph(dataset, await embeddingOf(unitRows(60, 5, 3)), 5, {
      ...quiet(),
      signal: AbortSignal.abort(),
    });
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
  });
});
