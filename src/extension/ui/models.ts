import type { DatasetOverview, Modality, ModelId, RunSummary } from '../../trainer/protocol';
import type { Translate } from './l10n';
import { percent } from './progressText';

/** Runs that have a model: whatever ended one, its checkpoint is there from the first measure on. Newest first. */
export function usableRuns(overview: DatasetOverview): RunSummary[] {
  return newestFirst(overview.runs).filter((run) => run.state !== 'failed' && run.state !== 'running' && run.step > 0);
}

/** Vectors of other tools. Newest first. */
export function importedModels(overview: DatasetOverview): ModelId[] {
  return overview.embeddings.map(({ model }) => model).filter((model) => model.startsWith('vectors:'));
}

export function resumableRuns(overview: DatasetOverview): RunSummary[] {
  return newestFirst(overview.runs).filter(({ state }) => state !== 'running' && state !== 'finished');
}

export function newestFirst(runs: readonly RunSummary[]): RunSummary[] {
  return [...runs].sort((a, b) => b.created.localeCompare(a.created));
}

/**
 * What to use when the person does not choose: the newest run that was measured to beat raw pixels (one that was stopped after
 * a few steps would find duplicates anywhere), otherwise what needs no training.
 */
export function defaultModel(overview: DatasetOverview): ModelId {
  const run = usableRuns(overview).find(({ best, baselineRecallAt1 }) => {
    return best !== undefined && best.recallAt1 > (baselineRecallAt1 ?? 0);
  });
  return run ? `run:${run.name}` : 'descriptor';
}

export function modelName(model: ModelId, modality: Modality, t: Translate): string {
  if (model === 'descriptor')
    return modality === 'text' ? t('Words and n-grams') : t('Colour and gradient descriptors');
  if (model === 'pixels') return t('Raw pixels');
  if (model.startsWith('vectors:')) return t('Vectors {0}', model.slice('vectors:'.length));
  return model.slice('run:'.length);
}

export function stateName(run: RunSummary, t: Translate): string {
  switch (run.state) {
    case 'running':
      return t('running');
    case 'finished':
      return t('finished');
    case 'stopped':
      return t('stopped, can be resumed');
    case 'interrupted':
      return t('interrupted, can be resumed');
    case 'failed':
      return t('failed, can be resumed');
  }
}

/** "Recall@1 61.0% (raw pixels 25.2%)". */
export function runMeasure(run: RunSummary, t: Translate): string {
  if (run.best === undefined) return t('not measured yet');
  const recall = t('Recall@1 {0}', percent(run.best.recallAt1));
  if (run.baselineRecallAt1 === undefined) return recall;
  const baseline = percent(run.baselineRecallAt1);
  if (run.settings.features !== undefined) return t('{0} (frozen features {1})', recall, baseline);
  return run.modality === 'text'
    ? t('{0} (words and n-grams {1})', recall, baseline)
    : t('{0} (raw pixels {1})', recall, baseline);
}
