import type { DatasetOverview, ModelId, RunSummary } from '../../trainer/protocol';
import { formatShare, type Choice } from '../shell';
import { importedVectors } from '../shell/importedVectors';

/** The models whose embedding can be shown: trained runs, newest first, imported vectors, then what needs no training. */
export function modelChoices(overview: DatasetOverview, shown: ModelId): Choice[] {
  const runs = [...overview.runs].sort((a, b) => b.created.localeCompare(a.created));
  const choices: Choice[] = [
    ...runs.map((run) => ({ value: `run:${run.name}`, label: runLabel(run), disabled: !isUsable(run) })),
    ...importedVectors(overview.embeddings),
    ...(overview.summary.modality === 'text'
      ? [{ value: 'descriptor', label: 'Words and n-grams' }]
      : [
          { value: 'descriptor', label: 'Colours and edges' },
          { value: 'pixels', label: 'Raw pixels' },
        ]),
  ];
  if (!choices.some(({ value }) => value === shown))
    choices.unshift({ value: shown, label: shown.replace(/^run:/, '').replace(/^vectors:/, 'Vectors ') });
  return choices;
}

export function hasTrainedModel(overview: DatasetOverview): boolean {
  return overview.runs.some(isUsable);
}

/** A run can be used once it has kept a checkpoint. */
function isUsable(run: RunSummary): boolean {
  return run.state === 'finished' || run.best !== undefined;
}

function runLabel(run: RunSummary): string {
  if (run.best) return `${run.name} (Recall@1 ${formatShare(run.best.recallAt1)})`;
  return isUsable(run) ? run.name : `${run.name} (${run.state})`;
}
