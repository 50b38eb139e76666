import type { DatasetOverview, Modality, ModelId, RunSummary } from '../../trainer/protocol';
import { formatShare, type Choice } from '../shell';
import { importedVectors } from '../shell/importedVectors';

/** The models whose embedding can be shown: trained runs, newest first, imported vectors, then what needs no training. */
export function modelChoices(overview: DatasetOverview, shown: ModelId): Choice[] {
  const runs = [...overview.runs].sort((a, b) => b.created.localeCompare(a.created));
  const choices: Choice[] = [
    ...runs.map((run) => ({ value: `run:${run.name}`, label: runLabel(run), disabled: !isUsable(run) })),
    ...importedVectors(overview.embeddings),
    ...untrained(overview.summary.modality).map((model) => ({
      value: model,
      label: modelName(model, overview.summary.modality),
    })),
  ];
  if (!choices.some(({ value }) => value === shown))
    choices.unshift({ value: shown, label: modelName(shown, overview.summary.modality) });
  return choices;
}

/** The models that can be compared with others than `not`: what has no checkpoint yet is left out. */
export function comparableModels(overview: DatasetOverview, not: ModelId): Choice[] {
  return modelChoices(overview, not).filter(({ value, disabled }) => value !== not && disabled !== true);
}

/** In a few words. */
export function modelName(model: ModelId, modality: Modality = 'image'): string {
  if (model === 'descriptor') return modality === 'text' ? 'Words and n-grams' : 'Colours and edges';
  if (model === 'pixels') return 'Raw pixels';
  return model.replace(/^run:/, '').replace(/^vectors:/, 'Vectors ');
}

function untrained(modality: Modality): readonly ModelId[] {
  return modality === 'text' ? ['descriptor'] : ['descriptor', 'pixels'];
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
