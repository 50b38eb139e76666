import { readdir, readFile, truncate } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Embedding } from '../../../src/trainer/embedding/embedding';
import { Kernels } from '../../../src/trainer/kernels/kernels';
import { approximateNeighbours } from '../../../src/trainer/neighbours/approximate';
import { toFrame } from '../../../src/trainer/projection/frame';
import type { LayoutState } from '../../../src/trainer/projection/layout';
import { project } from '../../../src/trainer/projection/project';
import { pairProbabilities, shrunk, TsneKernels } from '../../../src/trainer/projection/tsneKernels';
import type { Projection, ProjectionProgress, ProjectionSettings } from '../../../src/trainer/protocol';
import { Random } from '../../../src/trainer/random';
import { writeNpy } from '../../../src/trainer/store/npy';
import { storePaths } from '../../../src/trainer/store/paths';
import { decodeSafetensors } from '../../../src/trainer/training/safetensors';
import { quiet, removeFolder, temporaryFolder } from '../embedding/emoji';
import { embeddingOf, unitRows, type Rows } from '../neighbours/rows';

const UMAP: ProjectionSettings = { kind: 'umap', neighbours: 10, minDist: 0.1, seed: 7 };

describe('the state of t-SNE', () => {
  let kernels: Kernels;
  beforeAll(async () => {
    kernels = await Kernels.start(2);
  });
  afterAll(() => kernels.close());

  it.each([1, 249, 250, 251, 400])('is all that it needs to go on from step %i', (steps) => {
    const near = approximateNeighbours(kernels, unitRows(200, 6, 1), { k: 15, metric: 'cosine', seed: 1 });
    const graph = pairProbabilities(kernels, near, 5);
    const start = shrunk(
      Float64Array.from({ length: 400 }, (_, i) => Math.sin(i)),
      new Random(1),
    );
    const layout = (resumed?: LayoutState): TsneKernels => new TsneKernels(kernels, graph, start, 2, resumed);
    const whole = layout();
    while (whole.step() < steps + 20);
    const first = layout();
    while (first.step() < steps);
    const state = first.state();
    expect(state.epoch).toBe(steps);
    const second = layout(state);
    expect(second.positions()).toEqual(first.positions());
    while (second.step() < steps + 20);
    expect(second.positions()).toEqual(whole.positions());
  });
});

describe('a layout that is broken off', { timeout: 60_000 }, () => {
  let root: string;
  beforeEach(async () => {
    root = await temporaryFolder();
    vi.stubEnv('KINDRED_CHECKPOINT_SECONDS', '0');
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await removeFolder(root);
  });

  const folder = (): string => storePaths({ root }).projections;
  const checkpoints = async (): Promise<string[]> =>
    (await readdir(folder())).filter((name) => name.endsWith('.safetensors'));

  async function stored(rows: Rows): Promise<Embedding> {
    const file = path.join(storePaths({ root }).embeddings, 'descriptor.npy');
    await writeNpy(file, { data: rows.data, shape: [rows.rows, rows.dims] });
    return embeddingOf(rows, file);
  }

  const run = (embedding: Embedding, settings: ProjectionSettings): Promise<Projection> =>
    project({ paths: storePaths({ root }) }, embedding, settings, quiet<ProjectionProgress>());

  /** Stops when so many epochs have been run. */
  async function breakOff(embedding: Embedding, settings: ProjectionSettings, epochs: number): Promise<void> {
    const controller = new AbortController();
    const report = ({ unit, done }: ProjectionProgress): void => {
      if (unit === 'epochs' && done >= epochs) controller.abort();
    };
    const paths = storePaths({ root });
    const stopped = project({ paths }, embedding, settings, { signal: controller.signal, report });
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
  }

  it.each<[string, ProjectionSettings]>([
    ['UMAP', UMAP],
    ['UMAP in space with densities', { ...UMAP, dims: 3, density: 2 }],
    ['t-SNE', { ...UMAP, kind: 'tsne', perplexity: 8 }],
  ])('goes on where it was, to the same bytes: %s', async (_, settings) => {
    const embedding = await stored(unitRows(500, 8, 3));
    await breakOff(embedding, settings, 60);
    await breakOff(embedding, settings, 130);
    const [name, ...more] = await checkpoints();
    expect(more).toEqual([]);
    const { tensors } = decodeSafetensors(await readFile(path.join(folder(), name)), name);
    const context = quiet<ProjectionProgress>();
    const resumed = await project({ paths: storePaths({ root }) }, embedding, settings, context);
    const epochs = context.reports.filter(({ unit }) => unit === 'epochs').map(({ done }) => done);
    expect(Math.min(...epochs)).toBeGreaterThan(130);
    // What is seen first is where it was, and no map of PCA.
    const seen = context.reports.find(({ positions }) => positions !== undefined)!.positions;
    expect(seen).toEqual(toFrame(tensors['positions'].data as Float32Array, settings.dims));
    expect(await checkpoints()).toEqual([]);
    await removeFolder(folder());
    vi.stubEnv('KINDRED_CHECKPOINT_SECONDS', '1000');
    expect((await run(embedding, settings)).positions).toEqual(resumed.positions);
  });

  it('goes on with a map that is like another', async () => {
    const embedding = await stored(unitRows(300, 8, 3));
    const { id } = await run(embedding, { ...UMAP, seed: 3 });
    const settings = { ...UMAP, like: id };
    await breakOff(embedding, settings, 260);
    const resumed = await run(embedding, settings);
    await removeFolder(path.join(folder(), `${resumed.id}.json`));
    expect((await run(embedding, settings)).positions).toEqual(resumed.positions);
  });

  it('begins again when the rows are others or the checkpoint is damaged', async () => {
    const embedding = await stored(unitRows(300, 8, 3));
    const whole = await run(embedding, UMAP);
    await removeFolder(folder());
    await breakOff(embedding, UMAP, 100);
    const [name] = await checkpoints();
    const file = path.join(folder(), name);
    await truncate(file, (await readFile(file)).length - 8);
    expect((await run(embedding, UMAP)).positions).toEqual(whole.positions);
    await removeFolder(folder());
    const others = await stored(unitRows(300, 8, 4));
    const expected = await run(others, UMAP);
    await removeFolder(folder());
    await breakOff(await stored(unitRows(300, 8, 3)), UMAP, 100);
    expect((await run(await stored(unitRows(300, 8, 4)), UMAP)).positions).toEqual(expected.positions);
    expect(await checkpoints()).toEqual([]);
  });

  it('writes nothing while it is short, nor by umap-js, which cannot go on', async () => {
    const embedding = await stored(unitRows(3000, 8, 3));
    await breakOff(embedding, { ...UMAP, implementation: 'umap-js' }, 20);
    expect(await readdir(folder()).catch(() => [])).toEqual([]);
    vi.stubEnv('KINDRED_CHECKPOINT_SECONDS', '20');
    await breakOff(embedding, { ...UMAP, neighbours: 12 }, 20);
    expect(await readdir(folder()).catch(() => [])).toEqual([]);
  });
});
