import type { RunSummary, TrainingVerdict } from '../../types/training';

type Judged = Pick<RunSummary, 'settings' | 'best' | 'baselineRecallAt1' | 'heldOut'>;

/** Whether a head is worth having, in words; undefined while that is not known, and for runs on images. */
export function verdictOf({ settings, best, baselineRecallAt1, heldOut }: Judged): TrainingVerdict | undefined {
  const { features } = settings;
  if (features === undefined || best === undefined || baselineRecallAt1 === undefined) return undefined;
  const isBetter = best.recallAt1 > baselineRecallAt1;
  const measured = `Recall@1 on ${heldOut.items} held-out items${heldOut.by === 'class' ? ' of classes that it never saw' : ''}`;
  const numbers = `${measured} is ${percent(best.recallAt1)} with the head and ${percent(baselineRecallAt1)} with the frozen features (${features})`;
  return {
    isBetter,
    words: isBetter
      ? `${numbers}: the head is better.`
      : `${numbers}: the head does not beat them. Keep the frozen features, or try another method, loss or more labels.`,
  };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}
