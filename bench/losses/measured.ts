/** One row of the table for one seed: trains, and measures on what was held out, as `kindred evaluate` does. */
import { cp } from 'node:fs/promises';
import path from 'node:path';
import type { Dataset } from '../../src/trainer/dataset/dataset';
import type { Engine } from '../../src/trainer/engine/engine';
import { bootstrap } from '../../src/trainer/evaluation/bootstrap';
import { microMeans } from '../../src/trainer/evaluation/measures';
import { searchQueries } from '../../src/trainer/evaluation/queries';
import { rowsOf } from '../../src/trainer/evaluation/rowsOf';
import { chooseHeldOut } from '../../src/trainer/training/heldOut';
import { trainRun } from '../../src/trainer/training/run';
import { deleteRun, runPaths } from '../../src/trainer/training/runStore';
import { files } from '../../src/trainer/store/files';
import type { ModelId } from '../../src/trainer/types/embedding';
import type { Interval } from '../../src/trainer/types/evaluation';
import type { TrainingSettings } from '../../src/trainer/types/training';
import { quiet, withoutLabels } from './data';

export interface Figures {
  readonly recallAt1: number;
  readonly mapAtR: number;
  readonly intervals: { readonly recallAt1: Interval; readonly mapAtR: Interval };
  /** Items that were searched. */
  readonly items: number;
}

export interface Trained extends Figures {
  readonly seconds: number;
  readonly steps: number;
  /** Mean over the last measures of how much of a batch had a loss above 0; absent for a closed form. */
  readonly activeShare?: number;
}

const RUN = 'row';

/** Trains and measures. `unlabelled` keeps the labels from the training; the measure has them. */
export async function trained(
  dataset: Dataset,
  settings: TrainingSettings,
  engine: Engine,
  { out, unlabelled }: { readonly out: string; readonly unlabelled: boolean },
): Promise<Trained> {
  const learnt = unlabelled ? await withoutLabels(dataset, settings, out) : dataset;
  await remove(learnt);
  await remove(dataset);
  const start = performance.now();
  let activeShare: number | undefined;
  const context = {
    ...quiet,
    report: ({ metrics }: { readonly metrics?: { readonly activeShare: number } }) =>
      void (activeShare = metrics?.activeShare ?? activeShare),
  };
  const run = await trainRun(learnt, { ...settings, name: RUN }, context, { engine });
  const seconds = (performance.now() - start) / 1000;
  if (unlabelled) {
    await cp(runPaths(learnt.paths, RUN).folder, runPaths(dataset.paths, RUN).folder, { recursive: true });
  }
  const figures = await measured(dataset, `run:${RUN}`, settings);
  await remove(learnt);
  await remove(dataset);
  return { ...figures, seconds, steps: run.steps, ...(activeShare === undefined ? {} : { activeShare }) };
}

async function remove({ paths }: Dataset): Promise<void> {
  if (
    await files()
      .stat(path.join(runPaths(paths, RUN).folder))
      .catch(() => undefined)
  )
    await deleteRun(paths, RUN);
}

/** A model on the items that a training with these settings holds out. */
export async function measured(dataset: Dataset, model: ModelId, settings: TrainingSettings): Promise<Figures> {
  const { by, items, classes } = chooseHeldOut(dataset.items, settings);
  const searched = [...items].filter((item) => dataset.items.label.codes[item] >= 0);
  const labels = Int32Array.from(searched, (item) => dataset.items.label.codes[item]);
  const { data, rows, dims } = await rowsOf(dataset, model, searched, quiet);
  const results = await searchQueries(data, rows, dims, labels);
  const over = by === 'class' && classes >= 2 ? 'classes' : 'queries';
  const [{ micro }] = await bootstrap([results], { over, seed: 1 });
  const { recallAt1, mapAtR } = microMeans(results);
  return { recallAt1, mapAtR, intervals: { recallAt1: micro.recallAt1, mapAtR: micro.mapAtR }, items: rows };
}
