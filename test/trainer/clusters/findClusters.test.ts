import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findClusters } from '../../../src/trainer/clusters/findClusters';
import { completeSettings } from '../../../src/trainer/clusters/settings';
import type { Dataset } from '../../../src/trainer/dataset/dataset';
import type { Embedding } from '../../../src/trainer/embedding/embedding';
import { writeNpy } from '../../../src/trainer/store/npy';
import { storePaths } from '../../../src/trainer/store/paths';
import type { ClusterSettings } from '../../../src/trainer/types/clusters';
import type { Progress } from '../../../src/trainer/types/progress';
import { quiet, removeFolder, temporaryFolder } from '../embedding/emoji';
import { embeddingOf, unitRows, type Rows } from '../neighbours/rows';
import { groupsOnSphere, sameGroups } from './points';

let root: string;

beforeEach(async () => {
  root = await temporaryFolder();
});

afterEach(() => removeFolder(root));

const CORNERS = [
  [1, 0, 0, 0],
  [0, 1, 0, 0],
  [0, 0, 1, 0],
  [0, 0, 0, 1],
];
const kinds = ['leiden', 'hdbscan', 'kmeans'] as const;

async function stored(rows: Rows): Promise<Embedding> {
  const file = path.join(root, 'rows.npy');
  await writeNpy(file, { data: rows.data, shape: [rows.rows, rows.dims] });
  return embeddingOf(rows, file);
}

function datasetOf(rows: number): Pick<Dataset, 'paths' | 'items'> {
  const items = {
    count: rows,
    paths: Array.from({ length: rows }, (_, i) => `${i}.png`),
    label: {
      name: 'label',
      categories: ['a', 'b', 'c', 'd'],
      codes: Int32Array.from({ length: rows }, (_, i) => Math.floor(i / 50) % 4),
    },
    metadata: [],
  } as unknown as Dataset['items'];
  return { paths: storePaths({ root }), items };
}

describe('findClusters', { timeout: 60_000 }, () => {
  it.each(kinds)('finds groups that are apart, names them and keeps them: %s', async (kind) => {
    const embedding = await stored(groupsOnSphere(CORNERS, 50, 0.05, 1));
    const dataset = datasetOf(200);
    const context = quiet<Progress>();
    const settings: ClusterSettings = { kind, seed: 1 };
    const found = await findClusters(dataset, embedding, settings, context);
    const whole = found.clusters.filter(({ parent }) => parent < 0);
    expect(whole.map(({ name }) => name).sort()).toEqual(['a', 'b', 'c', 'd']);
    const clusterAt = (item: number): number => {
      let id = found.clusterOf[item];
      while (id >= 0 && found.clusters[id].parent >= 0) id = found.clusters[id].parent;
      return id;
    };
    const isClustered = [...found.clusterOf.keys()].filter((item) => found.clusterOf[item] >= 0);
    expect(isClustered.length).toBe(200 - found.noise);
    expect(isClustered.length).toBeGreaterThan(170);
    expect(
      sameGroups(
        isClustered.map(clusterAt),
        isClustered.map((item) => Math.floor(item / 50)),
      ),
    ).toBe(true);
    for (const { exemplars, medoid, id } of whole)
      expect(exemplars.every((item) => clusterAt(item) === id && clusterAt(medoid) === id)).toBe(true);
    expect(found.modularity === undefined).toBe(kind !== 'leiden');
    expect(context.reports.map(({ stage }) => stage)).toContain('Choosing examples');
    const again = quiet<Progress>();
    expect(await findClusters(dataset, embedding, settings, again)).toEqual(found);
    expect(again.reports).toEqual([]);
  });

  it('tells labels of the dataset as it is now, and finds again what is broken or of other rows', async () => {
    const dataset = datasetOf(200);
    const first = await findClusters(
      dataset,
      await stored(groupsOnSphere(CORNERS, 50, 0.05, 1)),
      { kind: 'leiden', seed: 1 },
      quiet(),
    );
    const renamed = {
      ...dataset,
      items: { ...dataset.items, label: { ...dataset.items.label, categories: ['e', 'f', 'g', 'h'] } },
    };
    const embedding = await stored(groupsOnSphere(CORNERS, 50, 0.05, 1));
    const names = (await findClusters(renamed, embedding, { kind: 'leiden', seed: 1 }, quiet())).clusters.map(
      ({ name }) => name,
    );
    expect(names).toContain('e');
    const file = (await readdir(dataset.paths.clusters)).find((name) => name.endsWith('probabilities.npy'))!;
    await writeFile(path.join(dataset.paths.clusters, file), 'broken');
    expect(await findClusters(dataset, embedding, { kind: 'leiden', seed: 1 }, quiet())).toEqual(first);
    const other = await findClusters(dataset, await stored(unitRows(200, 4, 2)), { kind: 'leiden', seed: 1 }, quiet());
    expect(other.clusterOf).not.toEqual(first.clusterOf);
  });

  it.each(kinds)('serves one item, few items and duplicates: %s', async (kind) => {
    for (const rows of [
      unitRows(1, 3, 1),
      unitRows(3, 3, 1),
      { data: new Float32Array(90).fill(0.5), rows: 30, dims: 3 },
    ]) {
      const found = await findClusters(datasetOf(rows.rows), await stored(rows), { kind, seed: 1, count: 2 }, quiet());
      expect(found.clusterOf).toHaveLength(rows.rows);
      expect(found.probabilities.every(Number.isFinite)).toBe(true);
    }
  });

  it('can be cancelled', async () => {
    const embedding = await stored(unitRows(4000, 32, 1));
    const controller = new AbortController();
    const report = ({ stage }: Progress): void => {
      if (stage === 'Finding clusters') controller.abort();
    };
    const finding = findClusters(
      datasetOf(4000),
      embedding,
      { kind: 'hdbscan', seed: 1 },
      { signal: controller.signal, report },
    );
    await expect(finding).rejects.toMatchObject({ code: 'cancelled' });
  });

  it.each([
    { kind: 'louvain' },
    { kind: 'leiden', resolution: 0 },
    { kind: 'leiden', minSize: 1.5 },
    { kind: 'hdbscan', selection: 'best' },
    { kind: 'kmeans', count: 1 },
    { kind: 'kmeans', seed: -1 },
  ])('says what is wrong with %o', async (wrong) => {
    const settings = { seed: 1, ...wrong } as ClusterSettings;
    const finding = findClusters(datasetOf(5), await stored(unitRows(5, 2, 1)), settings, quiet());
    await expect(finding).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringContaining('Clusters cannot have') as string,
    });
  });

  it('chooses what is left open from the number of items and labels', () => {
    expect(completeSettings({ kind: 'leiden', seed: 1 }, 60_000, 10)).toMatchObject({
      minSize: 50,
      count: 10,
      minSamples: 15,
    });
    expect(completeSettings({ kind: 'kmeans', seed: 1 }, 100, 0)).toMatchObject({ minSize: 5, count: 7 });
  });
});
