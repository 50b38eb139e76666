import { readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { project, type ProjectedDataset } from '../../../src/trainer/projection/project';
import type { ProjectionProgress, ProjectionSettings } from '../../../src/trainer/protocol';
import { readNpy, writeNpy } from '../../../src/trainer/store/npy';
import { storePaths, type StorePaths } from '../../../src/trainer/store/paths';
import { measureQuality } from '../../../src/trainer/projectionQuality/measure';
import type { Embedding } from '../../../src/trainer/embedding/embedding';
import { quiet, removeFolder, temporaryFolder } from '../embedding/emoji';
import { embeddingOf, unitRows, type Rows } from '../neighbours/rows';

const UMAP: ProjectionSettings = { kind: 'umap', neighbours: 10, minDist: 0.1, seed: 7 };
const PCA: ProjectionSettings = { ...UMAP, kind: 'pca' };
const TSNE: ProjectionSettings = { ...UMAP, kind: 'tsne', perplexity: 5 };

let root: string;
let dataset: { readonly paths: StorePaths };

beforeEach(async () => {
  root = await temporaryFolder();
  dataset = { paths: storePaths({ root }) };
});

afterEach(() => removeFolder(root));

async function stored(rows: Rows): Promise<Embedding> {
  const file = path.join(dataset.paths.embeddings, 'descriptor.npy');
  await writeNpy(file, { data: rows.data, shape: [rows.rows, rows.dims] });
  return embeddingOf(rows, file);
}

function repeated(rows: Rows, times: number): Rows {
  const data = new Float32Array(rows.data.length * times);
  for (let i = 0; i < times; i++) data.set(rows.data, i * rows.data.length);
  return { data, rows: rows.rows * times, dims: rows.dims };
}

function expectFramed(positions: Float32Array): void {
  expect(positions.every((x) => Number.isFinite(x) && x >= -1.000001 && x <= 1.000001)).toBe(true);
}

describe('project', { timeout: 60_000 }, () => {
  it('shows PCA first, then moving pictures, and ends framed and stored', async () => {
    const embedding = await stored(unitRows(7000, 16, 1));
    const context = quiet<ProjectionProgress>();
    const result = await project(dataset, embedding, UMAP, context);
    expect(result).toMatchObject({ embedding: 'descriptor', settings: UMAP });
    expect(result.positions).toHaveLength(14_000);
    expectFramed(result.positions);
    const pictures = context.reports.filter((report) => report.positions !== undefined);
    expect(pictures.length).toBeGreaterThan(3);
    expect(pictures[0].stage).toBe('Drawing a first map');
    pictures.forEach((picture) => expectFramed(picture.positions!));
    const epochs = pictures.slice(1).map((picture) => picture.done);
    expect(epochs).toEqual([...epochs].sort((a, b) => a - b));
    pictures.slice(1).forEach((picture) => expect(picture).toMatchObject({ unit: 'epochs', total: 300 }));
    expect(pictures.at(-1)!.secondsLeft).toBeGreaterThanOrEqual(0);
    const file = path.join(dataset.paths.projections, `${result.id}.npy`);
    expect(await readNpy(file)).toEqual({ data: result.positions, shape: [7000, 2] });
  });

  it('gives the same bytes for the same seed and others for another', async () => {
    const embedding = await stored(unitRows(60, 8, 2));
    const first = await project(dataset, embedding, UMAP, quiet());
    await rm(dataset.paths.projections, { recursive: true });
    await rm(dataset.paths.neighbours, { recursive: true });
    expect((await project(dataset, embedding, UMAP, quiet())).positions).toEqual(first.positions);
    expect((await project(dataset, embedding, { ...UMAP, seed: 8 }, quiet())).positions).not.toEqual(first.positions);
  });

  it('is taken from the store with the same settings, and made anew when it is damaged or the rows are others', async () => {
    const embedding = await stored(unitRows(40, 8, 2));
    const first = await project(dataset, embedding, UMAP, quiet());
    const context = quiet<ProjectionProgress>();
    expect(await project(dataset, embedding, UMAP, context)).toEqual(first);
    expect(context.reports).toEqual([]);
    await truncate(path.join(dataset.paths.projections, `${first.id}.npy`), 140);
    expect((await project(dataset, embedding, UMAP, quiet())).positions).toEqual(first.positions);
    const others = await stored(unitRows(40, 8, 3));
    expect((await project(dataset, others, UMAP, quiet())).positions).not.toEqual(first.positions);
  });

  it('draws PCA along the directions of greatest variance, in proportion', async () => {
    const data = Float32Array.from([0, 4, 0, 0, -4, 0, 1, 0, 0, -1, 0, 0]); // widest along the second axis
    const result = await project(dataset, await stored({ data, rows: 4, dims: 3 }), PCA, quiet());
    const expected = [1, 0, -1, 0, 0, 0.25, 0, -0.25];
    result.positions.forEach((x, i) => expect(x).toBeCloseTo(expected[i], 5));
  });

  it.each<[string, Rows]>([
    ['no item', unitRows(0, 4, 1)],
    ['one item', unitRows(1, 4, 1)],
    ['two items', unitRows(2, 4, 1)],
    ['three items', unitRows(3, 4, 1)],
    ['four items', unitRows(4, 4, 1)],
    ['five items', unitRows(5, 4, 1)],
    ['all the same', repeated(unitRows(1, 4, 1), 30)],
    ['all zeros', { data: new Float32Array(80), rows: 20, dims: 4 }],
    ['every row five times', repeated(unitRows(8, 4, 1), 5)],
    ['one dimension', unitRows(12, 1, 1)],
  ])('has finite positions for %s', async (_, rows) => {
    const embedding = await stored(rows);
    for (const settings of [UMAP, PCA, TSNE, { ...UMAP, neighbours: 2, minDist: 0 }])
      for (const dims of [2, 3] as const) {
        const { positions } = await project(dataset, embedding, { ...settings, dims }, quiet());
        expect(positions).toHaveLength(dims * rows.rows);
        expectFramed(positions);
      }
  });

  it.each<[string, ProjectionSettings]>([
    ['t-SNE', TSNE],
    ['Euclidean distances', { ...UMAP, metric: 'euclidean' }],
    ['a wide spread', { ...UMAP, spread: 3, minDist: 2 }],
    ['a start along the widest directions', { ...UMAP, start: 'principal' }],
    ['umap-js', { ...UMAP, implementation: 'umap-js' }],
    ['densities', { ...UMAP, density: 2 }],
  ])('lays out by %s, apart from the usual map', async (_, settings) => {
    const embedding = await stored(unitRows(120, 8, 2));
    const usual = await project(dataset, embedding, UMAP, quiet());
    const context = quiet<ProjectionProgress>();
    const other = await project(dataset, embedding, settings, context);
    expectFramed(other.positions);
    expect(other.positions).not.toEqual(usual.positions);
    expect(context.reports.some(({ unit }) => unit === 'epochs' || unit === 'maps')).toBe(true);
    expect(await project(dataset, embedding, settings, quiet())).toEqual(other);
  });

  it('lets labels pull: equal ones together, anew when they change, and refused where there are none', async () => {
    const rows = unitRows(160, 8, 2);
    const embedding = await stored(rows);
    const supervised = { ...UMAP, supervision: 0.9 };
    const labelled = (codeOf: (item: number) => number): ProjectedDataset => {
      const label = {
        name: 'label',
        categories: ['a', 'b'],
        codes: Int32Array.from({ length: 160 }, (_, i) => codeOf(i)),
      };
      return { ...dataset, items: { count: 160, metadata: [], label } };
    };
    const odd = labelled((item) => item % 2);
    const { id, positions } = await project(odd, embedding, supervised, quiet());
    expect(id).toContain('-labels0.9');
    const nearestHasLabel = Array.from({ length: 160 }, (_, item) => {
      const to = (other: number): number =>
        other === item
          ? Infinity
          : Math.hypot(positions[2 * item] - positions[2 * other], positions[2 * item + 1] - positions[2 * other + 1]);
      const others = Array.from({ length: 160 }, (_, other) => other).sort((a, b) => to(a) - to(b));
      return others[0] % 2 === item % 2;
    });
    expect(nearestHasLabel.filter(Boolean).length).toBeGreaterThan(150);
    expect((await project(odd, embedding, supervised, quiet())).positions).toEqual(positions);
    const halves = labelled((item) => (item < 80 ? 0 : 1));
    expect((await project(halves, embedding, supervised, quiet())).positions).not.toEqual(positions);
    for (const none of [dataset, labelled(() => -1)])
      await expect(project(none, embedding, supervised, quiet())).rejects.toMatchObject({ code: 'invalid-argument' });
  });

  it.each(['umap', 'tsne'] as const)('begins from another map and lies like it: %s', async (kind) => {
    const embedding = await stored(unitRows(150, 6, 2));
    const first = await project(dataset, embedding, UMAP, quiet());
    const changed = { ...UMAP, kind, neighbours: 12, perplexity: 10 };
    const context = quiet<ProjectionProgress>();
    const alone = await project(dataset, embedding, { ...changed, seed: 3 }, quiet());
    const like = await project(dataset, embedding, { ...changed, seed: 3, like: first.id }, context);
    expect(context.reports.find(({ positions }) => positions)!.positions).toEqual(first.positions);
    const apart = ({ positions }: { positions: Float32Array }): number =>
      Math.hypot(...positions.map((x, i) => x - first.positions[i]));
    expect(apart(like)).toBeLessThan(apart(alone));
    expectFramed(like.positions);
  });

  it.each<[string, Partial<ProjectionSettings>]>([
    ['UMAP', {}],
    ['UMAP from the widest directions', { start: 'principal' }],
    ['umap-js', { implementation: 'umap-js' }],
    ['t-SNE', { kind: 'tsne', perplexity: 5 }],
    ['PCA', { kind: 'pca' }],
  ])('lays out in space, apart from the flat map and kept beside it: %s', async (_, change) => {
    const rows = unitRows(120, 8, 2);
    const embedding = await stored(rows);
    const settings: ProjectionSettings = { ...UMAP, ...change, dims: 3 };
    const flat = await project(dataset, embedding, { ...UMAP, ...change }, quiet());
    const context = quiet<ProjectionProgress>();
    const space = await project(dataset, embedding, settings, context);
    expect(space.id).not.toBe(flat.id);
    expect(space.positions).toHaveLength(3 * 120);
    expectFramed(space.positions);
    for (const { positions } of context.reports) if (positions) expect(positions).toHaveLength(3 * 120);
    const depths = space.positions.filter((_value, i) => i % 3 === 2);
    expect(Math.max(...depths) - Math.min(...depths)).toBeGreaterThan(0.2);
    expect((await readNpy(path.join(dataset.paths.projections, `${space.id}.npy`))).shape).toEqual([120, 3]);
    expect(await project(dataset, embedding, settings, quiet())).toEqual(space);
    expect(await project(dataset, embedding, { ...UMAP, ...change, dims: 2 }, quiet())).toMatchObject({ id: flat.id });
    // The true neighbours find more room.
    const kept = (positions: Float32Array, dims: number): number =>
      measureQuality(
        {
          vectors: rows,
          positions: { data: positions, rows: 120, dims },
          k: 10,
          anchors: 120,
          neighbours: undefined,
          seed: 1,
        },
        () => undefined,
      ).preservation.value;
    expect(kept(space.positions, 3)).toBeGreaterThan(kept(flat.positions, 2));
  });

  it('lies like another map in space, and says that a flat one cannot be followed there', async () => {
    const embedding = await stored(unitRows(150, 6, 2));
    const first = await project(dataset, embedding, { ...UMAP, dims: 3 }, quiet());
    for (const kind of ['umap', 'tsne'] as const) {
      const changed: ProjectionSettings = { ...UMAP, kind, neighbours: 12, perplexity: 10, seed: 3, dims: 3 };
      const apart = ({ positions }: { positions: Float32Array }): number =>
        Math.hypot(...positions.map((x, i) => x - first.positions[i]));
      const alone = await project(dataset, embedding, changed, quiet());
      const like = await project(dataset, embedding, { ...changed, like: first.id }, quiet());
      expect(apart(like)).toBeLessThan(apart(alone));
    }
    const flat = project(dataset, embedding, { ...UMAP, like: first.id }, quiet());
    await expect(flat).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringContaining('has 3 dimensions, and not 2'),
      remedy: expect.stringContaining('same dimensions'),
    });
  });

  it('says when the map that it should be like is not there, and takes no path for it', async () => {
    const embedding = await stored(unitRows(20, 6, 2));
    const missing = project(dataset, embedding, { ...UMAP, like: 'descriptor-umap-n5-d0.1-s1' }, quiet());
    await expect(missing).rejects.toMatchObject({ code: 'not-found', remedy: expect.stringContaining('first') });
    const path = project(dataset, embedding, { ...UMAP, like: '../embeddings/descriptor' }, quiet());
    await expect(path).rejects.toMatchObject({ code: 'invalid-argument' });
  });

  it('tells the recall of the neighbours, of a stored map too; PCA needs none', async () => {
    const embedding = await stored(unitRows(60, 8, 3));
    expect((await project(dataset, embedding, UMAP, quiet())).recall).toBe(1);
    // As the approximate search leaves it behind.
    await rm(dataset.paths.projections, { recursive: true });
    const record = path.join(dataset.paths.neighbours, 'descriptor.json');
    const graph = JSON.parse(await readFile(record, 'utf8')) as object;
    await writeFile(record, JSON.stringify({ ...graph, recall: 0.97 }));
    for (let again = 0; again < 2; again++)
      expect((await project(dataset, embedding, UMAP, quiet())).recall).toBe(0.97);
    expect(await project(dataset, embedding, PCA, quiet())).not.toHaveProperty('recall');
  });

  it('puts two items at the ends and one item in the middle', async () => {
    const one = await project(dataset, await stored(unitRows(1, 4, 1)), UMAP, quiet());
    expect([...one.positions]).toEqual([0, 0]);
    const two = await project(dataset, await stored(unitRows(2, 4, 1)), UMAP, quiet());
    expect([...two.positions].map(Math.abs).sort()).toEqual([0, 0, 1, 1]);
  });

  it('stops at once when it is cancelled, and stores nothing', async () => {
    const embedding = await stored(unitRows(2000, 8, 5));
    const controller = new AbortController();
    const report = ({ unit }: ProjectionProgress): void => {
      if (unit === 'epochs') controller.abort();
    };
    const cancelled = project(dataset, embedding, UMAP, { signal: controller.signal, report });
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
    expect(await readdir(dataset.paths.projections).catch(() => [])).toEqual([]);
    const before = project(dataset, embedding, UMAP, { ...quiet(), signal: AbortSignal.abort() });
    await expect(before).rejects.toMatchObject({ code: 'cancelled' });
  });

  it.each([
    ['kind', 'isomap'],
    ['dims', 4],
    ['perplexity', 1],
    ['spread', 0],
    ['metric', 'dot'],
    ['implementation', 'other'],
    ['neighbours', 1],
    ['neighbours', 201],
    ['neighbours', 2.5],
    ['minDist', -0.1],
    ['minDist', Number.NaN],
    ['seed', 0.5],
  ])('refuses %s %s and says what may be', async (name, value) => {
    const settings = { ...UMAP, [name]: value };
    const refused = project(dataset, await stored(unitRows(5, 2, 1)), settings, quiet());
    await expect(refused).rejects.toMatchObject({ code: 'invalid-argument', remedy: expect.stringContaining(name) });
  });

  it('tells of rows that are gone', async () => {
    const embedding = await stored(unitRows(30, 4, 1));
    await rm(embedding.summary.file);
    await expect(project(dataset, embedding, UMAP, quiet())).rejects.toMatchObject({ code: 'not-found' });
    expect(await readFile(embedding.summary.file).catch(() => 'gone')).toBe('gone');
  });
});
