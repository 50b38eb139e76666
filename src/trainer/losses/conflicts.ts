/** What losses and batches can only be together. */
import type { Miner, PairLossKind, PairLossSettings } from '../types/pairLosses';
import type { LossSettings, TrainingSettings } from '../types/training';
import { isPairLoss } from './lossOf';
import { compositionOf } from './pairLossChoices';

/** A setting that does not go with another, and what it must be. */
export interface Conflict {
  readonly key: string;
  readonly value: unknown;
  /** Completes "it must be". */
  readonly allowed: string;
}

/** Of a batch of which all quadruplets are looked at: N^4 of them. */
const LARGEST_OF_QUADRUPLETS = 64;
/** How many triplets of a batch and a memory can be looked at in a step: about a second's work. */
const MOST_TRIPLETS = 1 << 25;

/** Conflicts of a loss, or of each part of a sum, with the batches of the training. */
export function lossConflicts(loss: LossSettings, batch: TrainingSettings['batch']): Conflict[] {
  if (loss.kind === 'sum') {
    return loss.parts.flatMap((part, place) => singleConflicts(part.loss, batch, `loss.parts.${place}.loss.`));
  }
  return singleConflicts(loss, batch, 'loss.');
}

function singleConflicts(
  loss: Exclude<LossSettings, { kind: 'sum' }>,
  batch: TrainingSettings['batch'],
  prefix: string,
): Conflict[] {
  if (!isPairLoss(loss)) return [];
  if (loss.kind !== 'vicreg') return composedConflicts(loss, batch.classes * batch.perClass, prefix);
  if (batch.perClass % 2 === 0) return [];
  return [
    { key: 'batch.perClass', value: batch.perClass, allowed: 'even, as VICReg takes the items of a class in pairs' },
  ];
}

function composedConflicts(
  loss: Exclude<PairLossSettings, { kind: 'vicreg' }>,
  size: number,
  prefix: string,
): Conflict[] {
  const { miner, memory } = compositionOf(loss);
  const found: Conflict[] = [];
  const refuse = (key: string, value: unknown, allowed: string): unknown =>
    found.push({ key: prefix + key, value, allowed });
  if (loss.kind === 'quadruplet' && kindOf(miner) === 'none' && size > LARGEST_OF_QUADRUPLETS) {
    refuse(
      'miner',
      miner,
      `"batch-hard" in batches of more than ${LARGEST_OF_QUADRUPLETS}: there are too many quadruplets`,
    );
  }
  if (memory !== undefined && memory.size < size) {
    refuse('memory.size', memory.size, `at least the ${size} items of a batch`);
  } else if (
    memory !== undefined &&
    looksAtTriplets(loss.kind, kindOf(miner)) &&
    size * memory.size ** 2 > MOST_TRIPLETS
  ) {
    const most = Math.floor(Math.sqrt(MOST_TRIPLETS / size));
    refuse('memory.size', memory.size, `at most ${most}, as all triplets of a batch and the memory are looked at`);
  }
  return found;
}

function kindOf(miner: Miner): string {
  return typeof miner === 'string' ? miner : miner.kind;
}

function looksAtTriplets(loss: PairLossKind, miner: string): boolean {
  if (miner === 'batch-hard') return false;
  return loss === 'triplet' || ['all', 'semi-hard', 'hard', 'easy', 'distance-weighted'].includes(miner);
}
