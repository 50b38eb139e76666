/**
 * How long a head on frozen features takes, and what it is worth: 60,000 vectors of 512 numbers in 100 classes (`node bench/run.mjs
 * head [items] [numbers]`). What tells classes apart is in a few directions, beside louder ones that all classes share.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Dataset } from '../src/trainer/dataset/dataset';
import { buildItemTable } from '../src/trainer/dataset/itemTable';
import { importVectors } from '../src/trainer/embedding/importVectors';
import { Random } from '../src/trainer/random';
import { writeNpy } from '../src/trainer/store/npy';
import { trainRun } from '../src/trainer/training/run';
import { suggestFor } from '../src/trainer/training/suggest';
import type { DatasetSummary, HoldOut, TrainingSettings } from '../src/trainer/protocol';

const [items = 60_000, dims = 512] = process.argv.slice(2).map(Number);
const CLASSES = 100;
const TELLING = 24;
const context = { signal: new AbortController().signal, report: () => undefined };

async function made(root: string): Promise<Dataset> {
  const records = Array.from({ length: items }, (_, item) => ({
    path: `${item}.png`,
    label: `class ${item % CLASSES}`,
    split: undefined,
    bytes: 0,
    modified: 0,
    facts: { hash: item.toString(16).padStart(32, '0'), width: 64, height: 64, perceptualHash: 0n },
  }));
  const table = await buildItemTable(records, []);
  const summary = { name: 'made', labels: [], splits: [] } as unknown as DatasetSummary;
  return new Dataset({ root }, summary, table);
}

async function vectors(dataset: Dataset, root: string): Promise<void> {
  const random = new Random(1);
  const centres = Float32Array.from({ length: CLASSES * TELLING }, () => random.normal());
  const data = new Float32Array(items * dims);
  for (let item = 0; item < items; item++) {
    const label = item % CLASSES;
    for (let k = 0; k < dims; k++) {
      const noise = random.normal();
      data[item * dims + k] = k < TELLING ? centres[label * TELLING + k] + 0.8 * noise : (k < 64 ? 3 : 0.5) * noise;
    }
  }
  const file = path.join(root, 'vectors.npy');
  await writeNpy(file, { data, shape: [items, dims] });
  await importVectors(dataset, 'made', file, context);
}

async function timed(
  dataset: Dataset,
  name: string,
  holdOut: HoldOut,
  changes: Partial<TrainingSettings>,
): Promise<void> {
  const shape = { items, labels: CLASSES, perClass: items / CLASSES, side: 64, hasSplits: false };
  const { settings } = suggestFor(shape, 'vectors:made');
  const start = performance.now();
  const run = await trainRun(dataset, { ...settings, name, holdOut, ...changes }, context);
  const seconds = (performance.now() - start) / 1000;
  console.log(`${name}: ${seconds.toFixed(1)} s, ${run.step} of ${run.steps} steps. ${run.verdict?.words ?? ''}`);
}

async function main(): Promise<void> {
  const root = await mkdtemp(path.join(tmpdir(), 'kindred-head-'));
  const dataset = await made(root);
  await vectors(dataset, root);
  console.log(`${items} vectors of ${dims} numbers, ${CLASSES} classes.`);
  for (const holdOut of ['item', 'class'] as const) {
    await timed(dataset, `head-${holdOut}`, holdOut, {});
    for (const method of ['whitening', 'lda', 'nca', 'lmnn', 'mmc'] as const)
      await timed(dataset, `${method}-${holdOut}`, holdOut, { model: { kind: 'linear', method } });
  }
  await rm(root, { recursive: true });
}

void main().then(() => process.exit(0));
