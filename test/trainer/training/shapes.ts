import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { type Dataset, openDataset } from '../../../src/trainer/dataset/dataset';
import { Random } from '../../../src/trainer/random';
import type { TrainingProgress, TrainingSettings } from '../../../src/trainer/types/training';

const SIZE = 32;

/** A small labelled dataset of drawn shapes in a temporary folder: a class is a shape in a colour, its images are variations. */
export async function shapeDataset(
  classes: number,
  perClass: number,
): Promise<{ dataset: Dataset; remove: () => Promise<void> }> {
  const root = await mkdtemp(path.join(tmpdir(), 'kindred-shapes-'));
  await drawShapes(root, classes, perClass);
  const dataset = await openDataset({ root }, {}, quiet());
  return { dataset, remove: () => rm(root, { recursive: true, force: true }) };
}

/** Only the files: a folder for each class. */
export async function drawShapes(root: string, classes: number, perClass: number): Promise<void> {
  const random = new Random(1);
  for (let label = 0; label < classes; label++) {
    const folder = path.join(root, `class ${String(label).padStart(2, '0')}`);
    await mkdir(folder);
    for (let i = 0; i < perClass; i++) await writeFile(path.join(folder, `${i}.png`), await draw(label, random));
  }
}

async function draw(label: number, random: Random): Promise<Buffer> {
  const [x, y] = [12 + random.integer(8), 12 + random.integer(8)];
  const size = 7 + random.integer(4);
  const fill = `hsl(${(label * 97) % 360}, ${60 + random.integer(30)}%, ${40 + random.integer(20)}%)`;
  const shape = [
    `<circle cx="${x}" cy="${y}" r="${size}" fill="${fill}"/>`,
    `<rect x="${x - size}" y="${y - size}" width="${2 * size}" height="${2 * size}" fill="${fill}"/>`,
    `<path d="M${x} ${y - size}L${x + size} ${y + size}L${x - size} ${y + size}Z" fill="${fill}"/>`,
    `<circle cx="${x}" cy="${y}" r="${size}" fill="none" stroke="${fill}" stroke-width="4"/>`,
  ][label % 4];
  return sharp(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${SIZE}" height="${SIZE}">${shape}</svg>`))
    .flatten({ background: 'white' })
    .png()
    .toBuffer();
}

/** Settings of a run that takes seconds. */
export function quickSettings(name: string, changes: Partial<TrainingSettings> = {}): TrainingSettings {
  return {
    name,
    loss: { kind: 'nt-xent', temperature: 0.1 },
    embeddingSize: 16,
    imageSize: SIZE,
    batch: { classes: 6, perClass: 2 },
    learningRate: 2e-3,
    weightDecay: 0.01,
    budget: { steps: 12 },
    augmentation: { crop: 0.6, flip: true, colour: 0.2, grey: 0.1 },
    holdOut: 'class',
    holdOutFraction: 0.25,
    seed: 7,
    ...changes,
  };
}

export function quiet(): { signal: AbortSignal; report: (progress: unknown) => void } {
  return { signal: new AbortController().signal, report: () => undefined };
}

/** A context that is cancelled as soon as `when` holds for what is reported. */
export function cancelledWhen(when: (progress: TrainingProgress) => boolean): {
  signal: AbortSignal;
  report: (progress: TrainingProgress) => void;
  seen: TrainingProgress[];
} {
  const controller = new AbortController();
  const seen: TrainingProgress[] = [];
  const report = (progress: TrainingProgress): void => {
    seen.push(progress);
    if (when(progress)) controller.abort();
  };
  return { signal: controller.signal, report, seen };
}
