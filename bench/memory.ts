/**
 * The memory of a process that trains on the sample, as it goes. Arguments: [steps] [image size] [batch size]
 * The parts: what the process had before the training; tensors of the state (weights, moments, statistics); the batches ahead of the
 * step; the pixels in memory; JavaScript's heaps and buffers; and the rest, which is ONNX Runtime's: its arena, graph and library.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openDataset } from '../src/trainer/dataset/dataset';
import { AHEAD } from '../src/trainer/training/batches';
import { readCheckpoint } from '../src/trainer/training/checkpoint';
import { trainRun } from '../src/trainer/training/run';
import { runPaths } from '../src/trainer/training/runStore';
import { suggestTraining } from '../src/trainer/training/suggest';

const STEPS = Number(process.argv[2] ?? 2000);
const SIZE = Number(process.argv[3] ?? 32);
const BATCH = Number(process.argv[4] ?? 32);
const TOLD = new Set([1, 10, 50, 100, 200, 500, 1000, 1500, 2000, STEPS]);

const mega = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MB`;

async function main(): Promise<void> {
  const store = await mkdtemp(path.join(tmpdir(), 'kindred-bench-'));
  const quiet = { signal: new AbortController().signal, report: () => undefined };
  const dataset = await openDataset({ root: path.resolve('media/sample'), store }, {}, quiet);
  const { settings } = await suggestTraining(dataset, { network: true });
  const before = process.memoryUsage().rss;
  console.log(`step 0: ${mega(before)} (modules, item table)`);
  let [peak, last] = [before, 0];
  const started = performance.now();
  const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 50);
  const tell = (step: number): void => {
    const { rss, heapUsed, external } = process.memoryUsage();
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    console.log(`step ${step}: ${mega(rss)} (heap ${mega(heapUsed)}, buffers ${mega(external)}; ${seconds} s)`);
  };
  const report = ({ metrics }: { readonly metrics?: { readonly step: number } }): void => {
    const step = metrics?.step ?? 0;
    // Reports come ten times a second: the first one at or after a step counts for it.
    if ([...TOLD].some((wanted) => last < wanted && step >= wanted)) tell(step);
    last = Math.max(last, step);
  };
  const run = { ...settings, name: 'memory', imageSize: SIZE, batch: { classes: BATCH / 2, perClass: 2 } };
  await trainRun(dataset, { ...run, budget: { steps: STEPS } }, { signal: quiet.signal, report });
  clearInterval(watch);
  const after = process.memoryUsage();
  const state = (await readCheckpoint(runPaths(dataset.paths, 'memory').lastCheckpoint))?.state ?? {};
  const weights = Object.values(state).reduce((sum, { data }) => sum + data.byteLength, 0);
  const batches = (AHEAD + 1) * BATCH * SIZE * SIZE * 3 * 4;
  const pixels = dataset.items.count * SIZE * SIZE * 3;
  const heaps = after.heapUsed + after.external;
  console.log(`peak: ${mega(peak)}, of which ${mega(before)} were there before, and`);
  console.log(`  state (weights, moments, statistics): ${mega(weights)}`);
  console.log(`  batches ahead: ${mega(batches)}`);
  console.log(`  pixels in memory: ${mega(pixels)}`);
  console.log(`  JavaScript's heap and buffers on the main thread: ${mega(heaps)}`);
  console.log(`  the rest (ONNX Runtime, threads): ${mega(peak - before - weights - batches - pixels)}`);
  await rm(store, { recursive: true, force: true });
}

void main().then(() => process.exit(0));
