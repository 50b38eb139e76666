import { UMAP } from 'umap-js';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Embedding } from '../../../src/trainer/embedding/embedding';
import { Kernels } from '../../../src/trainer/kernels/kernels';
import { nearestAmong } from '../../../src/trainer/neighbours/exactSearch';
import { approximateNeighbours } from '../../../src/trainer/neighbours/approximate';
import { principalAxes, projectOnto } from '../../../src/trainer/projection/pca';
import { placeItems, type KnownPlaces } from '../../../src/trainer/projection/placing';
import { project } from '../../../src/trainer/projection/project';
import { layOut, principalPositions } from '../../../src/trainer/projection/projector';
import type { Projection, ProjectionProgress, ProjectionSettings } from '../../../src/trainer/protocol';
import { Random } from '../../../src/trainer/random';
import { writeNpy } from '../../../src/trainer/store/npy';
import { storePaths } from '../../../src/trainer/store/paths';
import { quiet, removeFolder, temporaryFolder } from '../embedding/emoji';
import { embeddingOf, takenRows, unitRows, type Rows } from '../neighbours/rows';

const UMAP_SETTINGS: ProjectionSettings = { kind: 'umap', neighbours: 10, minDist: 0.1, seed: 7 };
const DIMS = 10;

let kernels: Kernels;
beforeAll(async () => {
  kernels = await Kernels.start(2);
});
afterAll(() => kernels.close());

/** Unit rows around a few centres, and of which centre each is. */
function islands(rows: number, seed: number): Rows & { readonly of: Int32Array } {
  const centres = unitRows(8, DIMS, 99);
  const noise = unitRows(rows, DIMS, seed);
  const of = Int32Array.from({ length: rows }, (_, i) => (i * 5 + (i >> 3)) % 8);
  const data = noise.data.map((value, i) => {
    const row = Math.floor(i / DIMS);
    return 0.55 * value + centres.data[of[row] * DIMS + (i % DIMS)];
  });
  for (let row = 0; row < rows; row++) {
    const length = Math.hypot(...data.subarray(row * DIMS, (row + 1) * DIMS));
    for (let d = 0; d < DIMS; d++) data[row * DIMS + d] /= length;
  }
  return { data, rows, dims: DIMS, of };
}

/** By the 15 nearest known items on a map: the share of new ones that lie among their own. */
function accuracy(
  positions: ArrayLike<number>,
  placed: ArrayLike<number>,
  known: Int32Array,
  fresh: Int32Array,
): number {
  let right = 0;
  for (let i = 0; i < fresh.length; i++) {
    const order = Array.from(known.keys()).sort((a, b) => square(a) - square(b));
    const votes = new Int32Array(8);
    for (const j of order.slice(0, 15)) votes[known[j]]++;
    if (votes.indexOf(Math.max(...votes)) === fresh[i]) right++;
    function square(j: number): number {
      return (positions[2 * j] - placed[2 * i]) ** 2 + (positions[2 * j + 1] - placed[2 * i + 1]) ** 2;
    }
  }
  return right / fresh.length;
}

describe('placeItems', { timeout: 60_000 }, () => {
  const rows = islands(1000, 1);
  const all = Int32Array.from({ length: 1000 }, (_, i) => i);
  const [known, fresh] = [all.filter((i) => i % 10 !== 3), all.filter((i) => i % 10 === 3)];
  const vectors = { data: known.reduce(toData, new Float32Array(900 * DIMS)), rows: 900, dims: DIMS };
  function toData(data: Float32Array, row: number, i: number): Float32Array {
    data.set(rows.data.subarray(row * DIMS, (row + 1) * DIMS), i * DIMS);
    return data;
  }

  async function mapOf(settings: ProjectionSettings): Promise<KnownPlaces> {
    const near = approximateNeighbours(kernels, vectors, { k: 14, metric: 'cosine', seed: 1 });
    const start = { principal: principalPositions(vectors, 'start') };
    return { known, fresh, ...(await layOut(near, start, settings, () => undefined)) };
  }

  const classes = (items: Int32Array): Int32Array => items.map((item) => rows.of[item]);

  it("puts new items among their own, as often as umap-js's transform does with the same neighbours", async () => {
    const settings = { ...UMAP_SETTINGS, neighbours: 15 };
    const map = await mapOf(settings);
    const ours = accuracy(map.positions, placeItems(kernels, rows, map, settings), classes(known), classes(fresh));
    const random = new Random(1);
    const umap = new UMAP({ nNeighbors: 15, minDist: 0.1, random: () => random.next() });
    const vector = (item: number): number[] => [...rows.data.subarray(item * DIMS, (item + 1) * DIMS)];
    const fitted = umap.fit(Array.from(known, vector));
    const found = nearestAmong(kernels, rows, known, fresh, { k: 15, metric: 'cosine' });
    const listed = (values: Int32Array | Float32Array): number[][] =>
      Array.from({ length: fresh.length }, (_, i) => [...values.subarray(i * 15, (i + 1) * 15)]);
    // Its own search finds few of the true neighbours.
    Object.assign(umap, { search: () => [listed(found.indices), listed(found.distances), listed(found.indices)] });
    const theirs = umap.transform(Array.from(fresh, vector));
    const peer = accuracy(fitted.flat(), theirs.flat(), classes(known), classes(fresh));
    expect(peer).toBeGreaterThan(0.7);
    expect(ours).toBeGreaterThanOrEqual(peer - 0.02);
  });

  it.each(['umap', 'tsne'] as const)('gives the same bytes on any number of threads: %s', async (kind) => {
    const settings = { ...UMAP_SETTINGS, kind };
    const map = await mapOf(settings);
    const here = placeItems(kernels, rows, map, settings);
    expect(accuracy(map.positions, here, classes(known), classes(fresh))).toBeGreaterThan(0.9);
    for (const threads of [1, 4]) {
      const others = await Kernels.start(threads);
      expect(placeItems(others, rows, map, settings)).toEqual(here);
      await others.close();
    }
  });
});

describe('a map that grows', { timeout: 60_000 }, () => {
  let root: string;
  beforeEach(async () => {
    root = await temporaryFolder();
  });
  afterEach(() => removeFolder(root));

  async function stored(rows: Rows): Promise<Embedding> {
    const { embeddings } = storePaths({ root });
    const file = path.join(embeddings, 'descriptor.npy');
    await writeNpy(file, { data: rows.data, shape: [rows.rows, rows.dims] });
    return embeddingOf(rows, file);
  }

  const run = (embedding: Embedding, settings: ProjectionSettings, anew?: boolean): Promise<Projection> =>
    project({ paths: storePaths({ root }) }, embedding, settings, quiet<ProjectionProgress>(), anew);

  const all = islands(360, 4);
  /** 300 at first; then in another order 20 of these have gone, and 30 others come between. */
  const first = Array.from({ length: 300 }, (_, i) => i);
  const later = [...Array.from({ length: 30 }, (_, i) => 300 + i), ...first.slice(20)].sort(
    (a, b) => ((a * 7) % 331) - ((b * 7) % 331),
  );
  const at = (positions: Float32Array, i: number): number[] => [...positions.subarray(2 * i, 2 * i + 2)];

  it.each<[string, ProjectionSettings]>([
    ['umap', UMAP_SETTINGS],
    ['tsne', { ...UMAP_SETTINGS, kind: 'tsne', perplexity: 10 }],
    ['pca', { ...UMAP_SETTINGS, kind: 'pca' }],
    ['umap-js', { ...UMAP_SETTINGS, implementation: 'umap-js' }],
  ])('leaves every item that it had where it was, to the byte: %s', async (_, settings) => {
    const before = await run(await stored(takenRows(all, first)), settings);
    expect(before).not.toHaveProperty('placed');
    const embedding = await stored(takenRows(all, later));
    const grown = await run(embedding, settings);
    expect(grown.placed).toBe(30);
    expect(grown.recall).toBe(before.recall);
    later.forEach((item, i) => {
      if (item < 300) expect(at(grown.positions, i)).toEqual(at(before.positions, item));
      else at(grown.positions, i).forEach((value) => expect(Math.abs(value)).toBeLessThanOrEqual(1));
    });
    const fresh = later.flatMap((item, i) => (item < 300 ? [] : [i]));
    const old = later.flatMap((item, i) => (item < 300 ? [i] : []));
    const classOf = (items: number[]): Int32Array => Int32Array.from(items, (i) => all.of[later[i]]);
    const places = (items: number[]): number[] => items.flatMap((i) => at(grown.positions, i));
    const least = settings.kind === 'pca' ? 0.3 : 0.85;
    expect(accuracy(places(old), places(fresh), classOf(old), classOf(fresh))).toBeGreaterThan(least);
    // From the store, with what is known of it.
    expect(await run(embedding, settings)).toEqual(grown);
    // Back as it was: nothing has been forgotten or moved, and nothing is placed any more.
    const back = await run(await stored(takenRows(all, first.slice(20))), settings);
    expect(back.positions).toEqual(before.positions.subarray(40));
    expect(back).not.toHaveProperty('placed');
  });

  it('places on the axes of PCA', async () => {
    const settings: ProjectionSettings = { ...UMAP_SETTINGS, kind: 'pca' };
    const before = await run(await stored(takenRows(all, first)), settings);
    const rows = takenRows(all, [...first, 300, 301, 302]);
    const { positions } = await run(await stored(rows), settings);
    const true_ = projectOnto(rows, principalAxes(takenRows(all, first), 2));
    // The picture is the plain projection, moved and scaled.
    const scale = (before.positions[2] - before.positions[0]) / (true_[2] - true_[0]);
    for (let i = 0; i < positions.length; i++)
      expect(positions[i]).toBeCloseTo(before.positions[i % 2] + scale * (true_[i] - true_[i % 2]), 4);
  });

  it.each(['umap', 'tsne', 'pca'] as const)('grows in space too: %s', async (kind) => {
    const settings: ProjectionSettings = { ...UMAP_SETTINGS, kind, dims: 3 };
    const before = await run(await stored(takenRows(all, first)), settings);
    const grown = await run(await stored(takenRows(all, [...first, 300, 301])), settings);
    expect(grown.placed).toBe(2);
    expect(grown.positions.subarray(0, 900)).toEqual(before.positions);
    expect(grown.positions.subarray(900).every((value) => value !== 0 && Math.abs(value) <= 1)).toBe(true);
  });

  it('lays out anew when that is asked for, or when too much is new, or the model is another', async () => {
    await run(await stored(takenRows(all, first)), UMAP_SETTINGS);
    const embedding = await stored(takenRows(all, later));
    const grown = await run(embedding, UMAP_SETTINGS);
    const anew = await run(embedding, UMAP_SETTINGS, true);
    expect(anew).not.toHaveProperty('placed');
    expect(anew.positions).not.toEqual(grown.positions);
    expect(await run(embedding, UMAP_SETTINGS)).toEqual(anew);
    // There is nothing to arrange anew in a map that was laid out from all of its items.
    expect(await run(embedding, UMAP_SETTINGS, true)).toEqual(anew);
    const many = await run(
      await stored(
        takenRows(all, [
          ...later.slice(0, 90),
          ...first.slice(0, 20),
          ...Array.from({ length: 30 }, (_, i) => 330 + i),
        ]),
      ),
      UMAP_SETTINGS,
    );
    expect(many).not.toHaveProperty('placed');
    expect(await run(await stored(unitRows(310, DIMS, 8)), UMAP_SETTINGS)).not.toHaveProperty('placed');
  });

  it('counts what was placed earlier, until all is laid out again', async () => {
    await run(await stored(takenRows(all, first)), UMAP_SETTINGS);
    const once = await run(await stored(takenRows(all, [...first, 300, 301])), UMAP_SETTINGS);
    const twice = await run(await stored(takenRows(all, [...first, 300, 301, 302])), UMAP_SETTINGS);
    expect([once.placed, twice.placed]).toEqual([2, 3]);
    expect(twice.positions.subarray(0, 604)).toEqual(once.positions);
    const most = Array.from({ length: 60 }, (_, i) => 300 + i);
    expect((await run(await stored(takenRows(all, [...first, ...most])), UMAP_SETTINGS)).placed).toBe(60);
    expect(
      await run(await stored(takenRows(all, [...first.slice(0, 100), ...most])), UMAP_SETTINGS),
    ).not.toHaveProperty('placed');
  });

  it('keeps the map that it had when placing is cancelled', async () => {
    const before = await run(await stored(takenRows(all, first)), UMAP_SETTINGS);
    const embedding = await stored(takenRows(all, later));
    const controller = new AbortController();
    const report = (): void => controller.abort();
    const paths = storePaths({ root });
    const cancelled = project({ paths }, embedding, UMAP_SETTINGS, { signal: controller.signal, report });
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
    const grown = await run(embedding, UMAP_SETTINGS);
    expect(at(grown.positions, later.indexOf(100))).toEqual(at(before.positions, 100));
  });
});
