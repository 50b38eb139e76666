import { throwIfCancelled } from '../../../rpc/errors';
import type { CallContext } from '../../../rpc/rpc';
import type { Dataset } from '../../dataset/dataset';
import type { Engine, HostTensors, Runner } from '../../engine/engine';
import { emptyInputs } from '../batches';
import { modelOf, type NetworkSettings } from '../../models/modelOf';
import { ProgressMeter } from '../../store/progressMeter';
import type { ItemRef } from '../../types/curation';
import type { Progress } from '../../types/progress';
import type { TrainingProgress, TrainingSettings } from '../../types/training';
import type { LoopRecord } from '../loop';
import type { InputReader } from '../measure';
import { inferenceProgram, inferenceState, lossParameterName } from '../step';
import { farFromDominant, SUSPECT_DEGREES } from './farFromDominant';
import { writeSuspects } from './suspectStore';

const BATCH = 64;

interface Runnable {
  run(): Promise<LoopRecord>;
}

export interface SuspectParts {
  readonly dataset: Dataset;
  readonly name: string;
  readonly settings: TrainingSettings;
  readonly classes: readonly Int32Array[];
  readonly engine: Engine;
  readonly network: NetworkSettings;
  readonly read: InputReader;
  /** Of the training step, with its state. */
  readonly runner: Runner;
  readonly context: CallContext<TrainingProgress>;
}

/**
 * The run, and after its last step, where its loss tells them, the items with suspected labels. Of the dataset's own label only: no
 * other column can be changed by a review.
 */
export function withSuspects(run: Runnable, parts: SuspectParts): Runnable {
  if (parts.settings.loss.kind !== 'sub-centre-arcface' || parts.settings.labelColumns !== undefined) return run;
  const { centres } = parts.settings.loss;
  return {
    run: async () => {
      const record = await run.run();
      await findSuspects(parts, await parts.runner.getState(), centres);
      return record;
    },
  };
}

async function findSuspects(parts: SuspectParts, state: HostTensors, centres: number): Promise<void> {
  const { classes, dataset, name, network } = parts;
  const items = Int32Array.from(classes.flatMap((members) => [...members]));
  const labels = Int32Array.from(classes.flatMap((members, label) => Array<number>(members.length).fill(label)));
  const rows = await embedAll(parts, state, items);
  const proxies = state[lossParameterName('proxies')].data as Float32Array;
  const { far, exemplars } = await farFromDominant({ rows, dims: network.embeddingSize, labels }, proxies, centres);
  const { hashes, paths, label: column } = dataset.items;
  const labelOf = (place: number): string => column.categories[column.codes[classes[place][0]]];
  const shown = new Set(far.flatMap(({ row, nearest }) => [labels[row], nearest]));
  const namesOf = (rows: readonly number[]): ItemRef[] =>
    rows.map((row) => ({ hash: hashes[items[row]], path: paths[items[row]] }));
  await writeSuspects(dataset.paths, name, {
    threshold: SUSPECT_DEGREES,
    items: items.length,
    suspects: far.map(({ row, angle, nearest }) => ({
      hash: hashes[items[row]],
      path: paths[items[row]],
      label: labelOf(labels[row]),
      angle: Math.round(100 * angle) / 100,
      nearestLabel: labelOf(nearest),
    })),
    exemplars: Object.fromEntries([...shown].map((place) => [labelOf(place), namesOf(exemplars[place])])),
  });
}

/** All items that the run was trained on, as it embeds them at its end. */
async function embedAll(
  { context, engine, name, network, read }: SuspectParts,
  state: HostTensors,
  items: Int32Array,
): Promise<Float32Array> {
  const { name: input, shape, dtype } = modelOf(network).input;
  const rows = new Float32Array(items.length * network.embeddingSize);
  const report = (progress: Progress): void => context.report({ ...progress, run: name });
  const meter = new ProgressMeter(report, 'Looking for wrong labels', items.length, 'items');
  const runner = await engine.compile(inferenceProgram({ ...network, batchSize: BATCH }));
  try {
    runner.setState(inferenceState(state));
    for (let first = 0; first < items.length; first += BATCH) {
      throwIfCancelled(context.signal);
      const some = items.subarray(first, first + BATCH);
      const data = emptyInputs({ shape, dtype }, BATCH);
      data.set(await read(some));
      const { embeddings } = await runner.run({ [input]: { shape: [BATCH, ...shape], data } });
      const made = (embeddings.data as Float32Array).subarray(0, some.length * network.embeddingSize);
      rows.set(made, first * network.embeddingSize);
      meter.add(some.length);
    }
    return rows;
  } finally {
    await runner.dispose();
  }
}
