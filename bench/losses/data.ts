/** The datasets of the table, with stores of their own beside the results. */
import { copyFile, mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import sharp from 'sharp';
import { type Dataset, openDataset } from '../../src/trainer/dataset/dataset';
import { chooseHeldOut, hashesOf } from '../../src/trainer/training/heldOut';
import type { TrainingSettings } from '../../src/trainer/types/training';

export const quiet = { signal: new AbortController().signal, report: () => undefined };

const FASHION = ['top', 'trouser', 'pullover', 'dress', 'coat', 'sandal', 'shirt', 'sneaker', 'bag', 'ankle boot'];
const SIDE = 28;
/** Pictures of each part that are taken, the first ones: their classes are mixed. */
const FASHION_PARTS = { train: ['train', 3000], test: ['t10k', 1000] } as const;

export async function openSample(folder: string, out: string): Promise<Dataset> {
  return openDataset({ root: path.resolve(folder), store: path.join(out, 'sample') }, {}, quiet);
}

/**
 * @param folder of the four IDX files, plain or with `.gz`
 * @param perClass how many of each class are to be learned from; all that are taken when left out
 */
export async function openFashion(folder: string, out: string, perClass = Infinity): Promise<Dataset> {
  const few = Number.isFinite(perClass) ? `-${perClass}` : '';
  const root = path.join(out, `fashion-mnist${few}`);
  if (!(await exists(root))) {
    const partly = `${root}.partly`;
    await rm(partly, { recursive: true, force: true });
    for (const [split, [prefix, count]] of Object.entries(FASHION_PARTS)) {
      const most = split === 'train' ? perClass : Infinity;
      await writePictures(folder, prefix, count, path.join(partly, split), most);
    }
    await rename(partly, root);
  }
  return openDataset({ root, store: path.join(out, `fashion${few}`) }, {}, quiet);
}

async function writePictures(
  folder: string,
  prefix: string,
  count: number,
  target: string,
  perClass: number,
): Promise<void> {
  const written = new Map<number, number>();
  const images = await readIdx(path.join(folder, `${prefix}-images-idx3-ubyte`), 16);
  const labels = await readIdx(path.join(folder, `${prefix}-labels-idx1-ubyte`), 8);
  for (const name of FASHION) await mkdir(path.join(target, name), { recursive: true });
  const raw = { width: SIDE, height: SIDE, channels: 1 } as const;
  for (let item = 0; item < count; item++) {
    const before = written.get(labels[item]) ?? 0;
    if (before >= perClass) continue;
    written.set(labels[item], before + 1);
    const pixels = images.subarray(item * SIDE * SIDE, (item + 1) * SIDE * SIDE);
    await sharp(pixels, { raw })
      .png()
      .toFile(path.join(target, FASHION[labels[item]], `${item}.png`));
  }
}

/** What follows the header of an IDX file. */
async function readIdx(file: string, header: number): Promise<Buffer> {
  const isPacked = await exists(`${file}.gz`);
  const bytes = await readFile(isPacked ? `${file}.gz` : file);
  return (isPacked ? await promisify(gunzip)(bytes) : bytes).subarray(header);
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

/** The pictures that a training with these settings would learn from, in one folder, so without labels: what is held out stays unseen. */
export async function withoutLabels(dataset: Dataset, settings: TrainingSettings, out: string): Promise<Dataset> {
  const heldOut = new Set(hashesOf(dataset.items, chooseHeldOut(dataset.items, settings)));
  const root = path.join(out, `unlabelled-${settings.seed}`);
  if (!(await exists(root))) {
    const partly = `${root}.partly`;
    await rm(partly, { recursive: true, force: true });
    await mkdir(partly, { recursive: true });
    for (const [item, hash] of dataset.items.hashes.entries()) {
      const from = dataset.absolutePath(item);
      if (!heldOut.has(hash)) await copyFile(from, path.join(partly, `${item}${path.extname(from)}`));
    }
    await rename(partly, root);
  }
  return openDataset({ root }, {}, quiet);
}
