import type { HostTensors } from '../engine/engine';
import { writeFileAtomic } from '../store/atomic';
import { exists, files } from '../store/files';
import type { RunSummary, TrainingMetrics } from '../types/training';
import { decodeSafetensors, encodeSafetensors } from './safetensors';

/** A killed run loses at most this much work, and the time of a step. */
const INTERVAL_MS = 20_000;

/** Milliseconds between two checkpoints: what KINDRED_CHECKPOINT_SECONDS says (0: every step), else 20 seconds. */
export function checkpointInterval(): number {
  const wanted = Number(process.env['KINDRED_CHECKPOINT_SECONDS'] ?? Number.NaN);
  return wanted >= 0 ? 1000 * wanted : INTERVAL_MS;
}

/** How far a run is. Batches and augmentation depend on the seed and the step alone, so the step is all of their state. */
export interface Position {
  /** Steps done. */
  readonly step: number;
  readonly best: RunSummary['best'];
  /** Of the last step; without Recall@1 when that was due but not measured before the run was stopped. */
  readonly metrics: TrainingMetrics | undefined;
}

export interface Checkpoint extends Position {
  readonly state: HostTensors;
}

export async function writeCheckpoint(file: string, { step, best, metrics, state }: Checkpoint): Promise<void> {
  const position: Position = { step, best, metrics };
  await writeFileAtomic(file, encodeSafetensors({ tensors: state, metadata: { position: JSON.stringify(position) } }));
}

/**
 * The checkpoint, or undefined when none was written yet.
 * @throws KindredError `bad-input` when the file is damaged.
 */
export async function readCheckpoint(file: string): Promise<Checkpoint | undefined> {
  if (!(await exists(file))) return undefined;
  const { tensors, metadata } = decodeSafetensors(await files().readFile(file), file);
  const position = JSON.parse(metadata['position']) as Position;
  return { step: position.step, best: position.best, metrics: position.metrics, state: tensors };
}

/** Whether every value is a number that can be trained on. */
export function allFinite(state: HostTensors): boolean {
  // x * 0 is 0 for every number but infinity and NaN; much faster than to test each.
  return Object.values(state).every(({ data }) => {
    let zero = 0;
    for (const value of data) zero += value * 0;
    return zero === 0;
  });
}
