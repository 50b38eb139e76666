import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onnx } from 'onnx-proto';
import * as ort from 'onnxruntime-node';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { version } from '../../../package.json';
import { type Dataset, openDataset } from '../../../src/trainer/dataset/dataset';
import { ensurePixels } from '../../../src/trainer/dataset/pixels';
import { computeEmbedding } from '../../../src/trainer/embedding/compute';
import { readNpy } from '../../../src/trainer/store/npy';
import { exportRun } from '../../../src/trainer/training/exportRun';
import { modelMetadata } from '../../../src/trainer/training/modelFile';
import { trainRun } from '../../../src/trainer/training/run';
import { runPaths } from '../../../src/trainer/training/runStore';
import type { TrainingSettings } from '../../../src/trainer/types/training';
import { quickSettings, quiet, shapeDataset } from './shapes';

const SIZE = 32;
const DIMS = 16;
const PICTURE = SIZE * SIZE * 3;

let dataset: Dataset;
let remove: () => Promise<void>;
let folder: string;

/** Some files that are not as simple as the others: transparent, long, turned by EXIF, grey; 32 pixels or larger. */
async function addPictures(root: string): Promise<void> {
  const gradient = Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="160" height="120"><defs><linearGradient id="g"><stop stop-color="red"/>
    <stop offset="1" stop-color="blue"/></linearGradient></defs><circle cx="80" cy="60" r="55" fill="url(#g)"/></svg>`,
  );
  const picture = (): Sharp => sharp(gradient);
  const put = async (name: string, image: Sharp): Promise<void> => {
    await writeFile(path.join(root, 'class 00', name), await image.toBuffer());
  };
  await put('small transparent.png', picture().resize(SIZE, SIZE, { fit: 'fill' }).png());
  await put('large transparent.png', picture().png());
  await put('long.png', picture().flatten({ background: 'green' }).resize(150, 60, { fit: 'fill' }).png());
  await put('turned.jpg', picture().flatten({ background: 'white' }).withMetadata({ orientation: 6 }).jpeg());
  await put('grey.png', picture().flatten({ background: 'white' }).greyscale().png());
}

beforeAll(async () => {
  ({ dataset, remove } = await shapeDataset(8, 3));
  await addPictures(dataset.paths.root);
  dataset = await openDataset({ root: dataset.paths.root }, {}, quiet());
  folder = await mkdtemp(path.join(tmpdir(), 'kindred-export-'));
  await trainRun(dataset, quickSettings('first', { budget: { steps: 6 } }), quiet());
}, 120_000);
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await remove();
});

const metadataOf = async (file: string): Promise<Record<string, string>> =>
  Object.fromEntries(
    onnx.ModelProto.decode(await readFile(file)).metadataProps.map(({ key, value }) => [key ?? '', value ?? '']),
  );

/** What Kindred itself says of all items. */
async function inApp(): Promise<Float32Array> {
  const { summary } = await computeEmbedding(dataset, 'run:first', quiet());
  const { data } = await readNpy(summary.file);
  return data as Float32Array;
}

async function pixelsOfAll(): Promise<Float32Array> {
  const store = await ensurePixels(dataset, SIZE, quiet());
  const pixels = await store.read([...dataset.items.hashes.keys()]);
  await store.close();
  return Float32Array.from(pixels, (value) => value / 255);
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i])));
}

describe('exportRun', () => {
  it('writes a model that says how to use it and where it is from', async () => {
    const exported = await exportRun(dataset, 'first', path.join(folder, 'told'));
    expect(exported).toEqual({ model: path.join(folder, 'told.onnx'), snippet: path.join(folder, 'told.py') });
    const metadata = await metadataOf(exported.model);
    expect(metadata).toMatchObject({
      producer: 'kindred',
      version,
      run: 'first',
      imageSize: '32',
      embeddingSize: '16',
      loss: JSON.stringify({ kind: 'nt-xent', temperature: 0.1 }),
      dataset: dataset.items.fingerprint,
    });
    expect(JSON.parse(metadata['preprocessing'])).toMatchObject({
      imageSize: 32,
      colourOrder: 'RGB',
      layout: 'NHWC',
      range: [0, 1],
      mean: [0, 0, 0],
      std: [1, 1, 1],
      kernel: 'lanczos3',
      background: 'white',
    });
    const classes = JSON.parse(metadata['classes']) as string[];
    expect(classes).toHaveLength(6);
    expect(classes.every((name) => /^class 0\d$/.test(name))).toBe(true);
    expect(await metadataOf(runPaths(dataset.paths, 'first').model)).toEqual(metadata);
  });

  it('names what the model was learned from: no classes of views and pairs, no loss of a closed form', () => {
    const told = (more: Partial<TrainingSettings>): Readonly<Record<string, string>> => {
      const { fingerprint } = dataset.items;
      return modelMetadata(dataset, { name: 'x', settings: quickSettings('x', more), fingerprint, heldOutHashes: [] });
    };
    expect(told({ supervision: 'labels' })['classes']).toContain('class 00');
    for (const supervision of ['none', 'pairs'] as const) expect(told({ supervision })['classes']).toBe('[]');
    const closed = told({ features: 'descriptor', model: { kind: 'linear', method: 'lda' } });
    expect(closed).toMatchObject({ method: 'lda' });
    expect(closed).not.toHaveProperty('loss');
  });

  it.each([1, 3, 29, 64])('gives in ONNX Runtime what Kindred gives, for %i pictures at once', async (batch) => {
    const { model } = await exportRun(dataset, 'first', path.join(folder, 'run.onnx'));
    const session = await ort.InferenceSession.create(model);
    const [images, expected] = [await pixelsOfAll(), await inApp()];
    const count = expected.length / DIMS;
    const data = new Float32Array(batch * PICTURE);
    for (let i = 0; i < batch; i++)
      data.set(images.subarray((i % count) * PICTURE, ((i % count) + 1) * PICTURE), i * PICTURE);
    const { embeddings } = await session.run({ images: new ort.Tensor('float32', data, [batch, SIZE, SIZE, 3]) });
    expect(embeddings.dims).toEqual([batch, DIMS]);
    const wanted = Array.from({ length: batch * DIMS }, (_, i) => expected[i % expected.length]);
    expect(largestDifference(embeddings.data as Float32Array, wanted)).toBeLessThan(1e-5);
    await session.release();
  });

  it('fills in what the model of an older Kindred does not say', async () => {
    const { model } = runPaths(dataset.paths, 'first');
    const bytes = await readFile(model);
    const old = onnx.ModelProto.decode(bytes);
    old.metadataProps = [{ key: 'imageSize', value: '32' }];
    await writeFile(model, onnx.ModelProto.encode(old).finish());
    const exported = await exportRun(dataset, 'first', path.join(folder, 'old.onnx'));
    await writeFile(model, bytes);
    expect(await metadataOf(exported.model)).toEqual(await metadataOf(model));
  });

  it("never overwrites somebody's own program, and says what is missing", async () => {
    await writeFile(path.join(folder, 'mine.py'), 'print("mine")\n');
    const mine = exportRun(dataset, 'first', path.join(folder, 'mine.onnx'));
    await expect(mine).rejects.toMatchObject({ code: 'invalid-argument', path: path.join(folder, 'mine.py') });
    expect(await readFile(path.join(folder, 'mine.py'), 'utf8')).toBe('print("mine")\n');
    expect(await readdir(folder)).not.toContain('mine.onnx');
    await exportRun(dataset, 'first', path.join(folder, 'twice.onnx'));
    await exportRun(dataset, 'first', path.join(folder, 'twice.onnx'));
    await expect(exportRun(dataset, 'none', path.join(folder, 'x'))).rejects.toMatchObject({ code: 'not-found' });
  });
});

/** A Python that has what the snippet needs. */
const python = [process.env['KINDRED_PYTHON'], 'python3', 'python'].find(
  (name) => name !== undefined && spawnSync(name, ['-c', 'import onnxruntime, PIL, numpy']).status === 0,
);

const SKIPPED =
  'SKIPPED: no Python with onnxruntime, pillow and numpy here. Name one in KINDRED_PYTHON to run this test.';
if (python === undefined) console.warn(`The Python snippet: ${SKIPPED}`);

describe('the Python snippet', () => {
  it('embeds as Kindred does', async ({ skip }) => {
    if (python === undefined) {
      skip(SKIPPED);
      return;
    }
    const { snippet } = await exportRun(dataset, 'first', path.join(folder, 'snippet.onnx'));
    const files = Array.from(dataset.items.paths, (_, item) => dataset.absolutePath(item));
    const program = `import json, runpy, sys
sys.argv = sys.argv[1:]
ran = runpy.run_path(sys.argv[0])
sys.stderr.write(json.dumps({"embeddings": ran["embeddings"].ravel().tolist(), "pixels": [ran["pixels"](f).ravel().tolist() for f in sys.argv[1:]]}))`;
    const child = spawnSync(python, ['-c', program, snippet, ...files], { encoding: 'utf8', maxBuffer: 1 << 28 });
    expect(child.status, child.stderr.slice(-2000)).toBe(0);
    const told = JSON.parse(child.stderr) as { embeddings: number[]; pixels: number[][] };
    const [images, expected] = [await pixelsOfAll(), await inApp()];
    Array.from(dataset.items.paths).forEach((name, item) => {
      const row = (all: ArrayLike<number>, length: number): number[] =>
        Array.prototype.slice.call(all, item * length, (item + 1) * length) as number[];
      const isResized = /large|long|turned|grey/.test(name);
      const pixels = largestDifference(told.pixels[item], row(images, PICTURE));
      const embeddings = largestDifference(row(told.embeddings, DIMS), row(expected, DIMS));
      if (process.env['KINDRED_TELL'] !== undefined) process.stdout.write(`${name}: ${pixels * 255} ${embeddings}\n`);
      // Of the model's own size: the very same pixels. Resized: the same picture, by another implementation of the filter.
      expect(pixels, name).toBeLessThan(isResized ? 0.1 : 1 / 255 / 1000);
      expect(embeddings, name).toBeLessThan(isResized ? 0.05 : 1e-5);
    });
  });

  it('is Python', ({ skip }) => {
    if (python === undefined) skip(SKIPPED);
    else execFileSync(python, ['-m', 'py_compile', path.join(folder, 'told.py')]);
  });
});
