import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Embedding } from '../../../src/trainer/embedding/embedding';
import { Kernels } from '../../../src/trainer/kernels/kernels';
import { approximateNeighbours, type ApproximateNeighbours } from '../../../src/trainer/neighbours/approximate';
import { nearestOf } from '../../../src/trainer/neighbours/exact';
import { extendNeighbours } from '../../../src/trainer/neighbours/extend';
import { neighbourGraph } from '../../../src/trainer/neighbours/graph';
import type { Progress } from '../../../src/trainer/protocol';
import { writeNpy } from '../../../src/trainer/store/npy';
import { storePaths } from '../../../src/trainer/store/paths';
import { quiet, removeFolder, temporaryFolder } from '../embedding/emoji';
import { embeddingOf, takenRows, unitRows, type Rows } from './rows';

let kernels: Kernels;
beforeAll(async () => {
  kernels = await Kernels.start(2);
});
afterAll(() => kernels.close());

const all = unitRows(800, 12, 5);
const numbers = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
/** Six rows less, fifty more, and all in another order. */
const first = numbers(0, 700);
const later = [...numbers(6, 700), ...numbers(700, 750)].sort((a, b) => ((a * 37) % 751) - ((b * 37) % 751));

function search(rows: Rows, metric: 'cosine' | 'euclidean', k = 8): ApproximateNeighbours {
  const found = approximateNeighbours(kernels, rows, { k, metric, seed: 1 });
  expect(found.recall).toBe(1);
  return found;
}

describe('extendNeighbours', { timeout: 60_000 }, () => {
  const before = Int32Array.from(later, (row) => (row < 700 ? row : -1));

  it.each(['cosine', 'euclidean'] as const)('is what a search from nothing finds: %s', async (metric) => {
    const earlier = { ...search(takenRows(all, first), metric), before };
    const rows = takenRows(all, later);
    const expected = search(rows, metric);
    const settings = { k: 8, metric, seed: 1 };
    const extended = extendNeighbours(kernels, rows, settings, earlier)!;
    expect(extended).toEqual(expected);
    for (let row = 0; row < rows.rows; row += 7)
      expect(extended.indices.subarray(row * 8, row * 8 + 8)).toEqual(nearestOf(rows, row, 8).items);
    for (const threads of [1, 4]) {
      const others = await Kernels.start(threads);
      expect(extendNeighbours(others, rows, settings, earlier)).toEqual(extended);
      await others.close();
    }
  });

  it('takes the first of more neighbours, and needs no search for what is only in another order', () => {
    const earlier = search(takenRows(all, first), 'cosine', 20);
    const order = [...first].reverse();
    const rows = takenRows(all, order);
    const reports: unknown[] = [];
    const settings = { k: 8, metric: 'cosine', seed: 1 } as const;
    const turned = { ...earlier, before: Int32Array.from(order) };
    expect(extendNeighbours(kernels, rows, settings, turned, (progress) => reports.push(progress))).toEqual(
      search(rows, 'cosine'),
    );
    expect(reports).toEqual([]);
  });

  it('leaves it to a search from nothing when too much has changed, or the result would be worse', () => {
    const rows = takenRows(all, numbers(0, 800));
    const settings = { k: 8, metric: 'cosine', seed: 1 } as const;
    const earlier = search(takenRows(all, first), 'cosine');
    const known = (count: number): Int32Array => Int32Array.from(numbers(0, 800), (row) => (row < count ? row : -1));
    expect(extendNeighbours(kernels, rows, settings, { ...earlier, before: known(700) })).toBeDefined();
    expect(extendNeighbours(kernels, rows, settings, { ...earlier, before: known(600) })).toBeUndefined();
    // Neighbours that are none: the recall that is measured says so.
    const wrong = { ...earlier, indices: earlier.indices.map((_, i) => (Math.floor(i / 8) + 300 + (i % 8)) % 700) };
    expect(extendNeighbours(kernels, rows, settings, { ...wrong, before: known(700) })).toBeUndefined();
    // Dimensions count: comparing few rows of many numbers takes as long as a search.
    const long = unitRows(400, 60_000, 1);
    const graph = { k: 1, indices: new Int32Array(380), recall: 1, before: known(380).subarray(0, 400) };
    expect(extendNeighbours(kernels, long, { ...settings, k: 1 }, graph)).toBeUndefined();
  });
});

describe('a neighbour graph whose rows change', { timeout: 60_000 }, () => {
  let root: string;
  beforeEach(async () => {
    root = await temporaryFolder();
  });
  afterEach(() => removeFolder(root));

  async function stored(rows: Rows): Promise<Embedding> {
    const file = path.join(storePaths({ root }).embeddings, 'descriptor.npy');
    await writeNpy(file, { data: rows.data, shape: [rows.rows, rows.dims] });
    return embeddingOf(rows, file);
  }

  const stagesOf = async (embedding: Embedding, k: number): Promise<{ graph: unknown; units: Set<string> }> => {
    const context = quiet<Progress>();
    const graph = await neighbourGraph({ paths: storePaths({ root }) }, embedding, k, context, 'euclidean');
    return { graph, units: new Set(context.reports.map(({ unit }) => unit)) };
  };

  it('is brought up to date, and is that of a search from nothing', async () => {
    const before = await stagesOf(await stored(takenRows(all, first)), 10);
    expect(before.units).toEqual(new Set(['rounds']));
    const embedding = await stored(takenRows(all, later));
    const extended = await stagesOf(embedding, 6);
    expect(extended.units).toEqual(new Set(['items']));
    // Ten neighbours are still there for whoever needs them.
    const more = await stagesOf(embedding, 10);
    expect(more.units).toEqual(new Set());
    await rm(storePaths({ root }).neighbours, { recursive: true });
    const anew = await stagesOf(embedding, 10);
    expect(anew.units).toEqual(new Set(['rounds']));
    expect(more.graph).toEqual(anew.graph);
    expect((await stagesOf(embedding, 6)).graph).toEqual(extended.graph);
  });

  it('is searched for from nothing when it cannot be used', async () => {
    await stagesOf(await stored(takenRows(all, first)), 10);
    const record = path.join(storePaths({ root }).neighbours, 'descriptor-euclidean.json');
    const { keyed, ...unkeyed } = JSON.parse(await readFile(record, 'utf8')) as { keyed: boolean };
    expect(keyed).toBe(true);
    await writeFile(record, JSON.stringify(unkeyed));
    const embedding = await stored(takenRows(all, later));
    expect((await stagesOf(embedding, 10)).units).toEqual(new Set(['rounds']));
    await writeFile(path.join(storePaths({ root }).neighbours, 'descriptor-euclidean.items.npy'), 'broken');
    expect((await stagesOf(await stored(takenRows(all, first)), 10)).units).toEqual(new Set(['rounds']));
    // More neighbours than it has.
    expect((await stagesOf(await stored(takenRows(all, later)), 11)).units).toEqual(new Set(['rounds']));
  });
});
