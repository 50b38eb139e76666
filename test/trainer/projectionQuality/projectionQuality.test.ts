import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Embedding } from '../../../src/trainer/embedding/embedding';
import { anchorsFor, projectionQuality } from '../../../src/trainer/projectionQuality/projectionQuality';
import { writeNpy } from '../../../src/trainer/store/npy';
import { storePaths, type StorePaths } from '../../../src/trainer/store/paths';
import type { Progress } from '../../../src/trainer/types/progress';
import { quiet, removeFolder, temporaryFolder } from '../embedding/emoji';
import { embeddingOf, unitRows } from '../neighbours/rows';

const settings = { kind: 'pca', neighbours: 15, minDist: 0.1, seed: 1 } as const;

let root: string;
let dataset: { readonly paths: StorePaths };

beforeEach(async () => {
  root = await temporaryFolder();
  dataset = { paths: storePaths({ root }) };
});

afterEach(() => removeFolder(root));

async function stored(rows: number, dims: number, seed = 1): Promise<Embedding> {
  const file = path.join(root, 'rows.npy');
  const made = unitRows(rows, dims, seed);
  await writeNpy(file, { data: made.data, shape: [rows, dims] });
  return embeddingOf(made, file);
}

describe('projectionQuality', { timeout: 60_000 }, () => {
  it('measures the map in a thread of its own, tells how far it is, and keeps what it found', async () => {
    const embedding = await stored(400, 8);
    const context = quiet<Progress>();
    const first = await projectionQuality(dataset, embedding, settings, context);
    expect(first).toMatchObject({ k: 15, items: 400, anchors: 400 });
    expect(first.trustworthiness.value).toBeGreaterThan(0.6);
    expect(first.trustworthiness.value).toBeLessThan(0.95);
    expect(context.reports.map(({ stage }) => stage)).toContain('Comparing neighbourhoods');
    const again = quiet<Progress>();
    expect(await projectionQuality(dataset, embedding, settings, again)).toEqual(first);
    expect(again.reports).toEqual([]);
    expect((await projectionQuality(dataset, embedding, settings, quiet(), 5)).k).toBe(5);
  });

  it('measures again when the rows have changed, or what was kept is broken', async () => {
    const first = await projectionQuality(dataset, await stored(60, 4), settings, quiet());
    const other = await projectionQuality(dataset, await stored(60, 4, 2), settings, quiet());
    expect(other.trustworthiness.value).not.toBe(first.trustworthiness.value);
    const names = await readdir(dataset.paths.projections);
    const kept = names.find((name) => name.endsWith('quality-k15.npy'))!;
    await writeFile(path.join(dataset.paths.projections, kept), 'broken');
    expect(await projectionQuality(dataset, await stored(60, 4, 2), settings, quiet())).toEqual(other);
  });

  it('can be cancelled, and says which k it takes', async () => {
    const embedding = await stored(3000, 64);
    const controller = new AbortController();
    const report = ({ stage }: Progress): void => {
      if (stage === 'Comparing neighbourhoods') controller.abort();
    };
    const measuring = projectionQuality(dataset, embedding, settings, { signal: controller.signal, report });
    await expect(measuring).rejects.toMatchObject({ code: 'cancelled' });
    for (const k of [0, 1.5, 201])
      await expect(projectionQuality(dataset, embedding, settings, quiet(), k)).rejects.toMatchObject({
        code: 'invalid-argument',
      });
  });

  it('serves an empty and a single-item embedding', async () => {
    const one = await projectionQuality(dataset, await stored(1, 4), settings, quiet());
    expect(one).toMatchObject({ k: 0, items: 1, trustworthiness: { value: 1 } });
  });

  it('ranks all items of small sets, and never fewer than 256 of large ones', () => {
    expect([100, 3000].map((rows) => anchorsFor(rows, 128))).toEqual([100, 3000]);
    expect(anchorsFor(1_000_000, 64)).toBe(256);
  });
});
