import * as vscode from 'vscode';
import { KindredError } from '../../rpc/errors';
import type { DatasetOverview, DatasetRef, Modality, ModelId, RunSummary } from '../../trainer/protocol';
import { datasetName, sameDataset } from '../datasets/datasetRef';
import { t } from '../ui/l10n';
import { importedModels, modelName, runMeasure, stateName, usableRuns } from '../ui/models';
import type { Services } from './services';
import { runOf, targetOf } from './target';

export interface Choice<T> extends vscode.QuickPickItem {
  readonly value: T;
}

/** The person's choice; ends the command quietly when they leave the question. */
export async function choose<T>(items: readonly Choice<T>[], options: vscode.QuickPickOptions): Promise<T> {
  const choice = await vscode.window.showQuickPick(items, {
    matchOnDescription: true,
    matchOnDetail: true,
    ...options,
  });
  if (choice === undefined) throw new KindredError('cancelled', 'Cancelled.');
  return choice.value;
}

/** The command's dataset: the one it was called on, the only one, or the person's choice; with none, one is opened first. */
export async function askDataset(services: Services, argument: unknown): Promise<DatasetRef> {
  const { dataset } = targetOf(argument);
  if (dataset) return dataset;
  const all = services.datasets.all;
  const only = all.at(0);
  if (only && all.length === 1) return only;
  if (only) return choose(inOrderOfUse(services, all), { title: t('Which dataset?') });
  const opened: unknown = await vscode.commands.executeCommand('kindred.openDataset');
  const ref = targetOf({ dataset: opened }).dataset;
  if (ref) return ref;
  throw new KindredError('cancelled', 'Cancelled.');
}

/** The dataset of the panel that has the focus comes first: Enter takes it. */
function inOrderOfUse(services: Services, all: readonly DatasetRef[]): Choice<DatasetRef>[] {
  const current = services.panels.active?.subject.dataset;
  const rank = (ref: DatasetRef): number => (current && sameDataset(ref, current) ? 0 : 1);
  return [...all]
    .sort((a, b) => rank(a) - rank(b))
    .map((ref) => ({ label: `$(database) ${datasetName(ref)}`, description: ref.root, value: ref }));
}

/** The command's model, or the person's choice among the runs, newest first, imported vectors, and what needs no training (`beside`; texts have no pixels). */
export async function askModel(
  argument: unknown,
  overview: DatasetOverview,
  title: string,
  beside: readonly ModelId[] = ['descriptor'],
): Promise<ModelId> {
  const { model, run } = targetOf(argument);
  if (model !== undefined) return model;
  if (run !== undefined) return `run:${run}`;
  const runs = usableRuns(overview).map((summary): Choice<ModelId> => ({
    ...runChoice(summary),
    value: `run:${summary.name}`,
  }));
  const imported = importedModels(overview);
  const { modality } = overview.summary;
  const possible = beside.filter((id) => id !== 'pixels' || modality === 'image');
  const rest = [...imported, ...possible].map((id): Choice<ModelId> => ({
    label: `$(${modality === 'text' ? 'symbol-text' : 'symbol-color'}) ${modelName(id, modality, t)}`,
    detail: about(id, modality),
    value: id,
  }));
  const only = rest.at(0);
  if (runs.length === 0 && only && rest.length === 1) return only.value;
  return choose([...runs, ...rest], { title });
}

export async function askRun(
  argument: unknown,
  runs: readonly RunSummary[],
  options: { readonly title: string; readonly none: string },
): Promise<string> {
  const run = runOf(targetOf(argument));
  if (run !== undefined) return run;
  if (runs.length === 0) throw new KindredError('not-found', options.none);
  return choose(
    runs.map((summary) => ({ ...runChoice(summary), value: summary.name })),
    { title: options.title },
  );
}

function runChoice(run: RunSummary): vscode.QuickPickItem {
  return { label: `$(beaker) ${run.name}`, description: runMeasure(run, t), detail: stateName(run, t) };
}

function about(model: ModelId, modality: Modality): string {
  if (model.startsWith('vectors:')) return t('Imported from a file of another tool.');
  if (modality === 'text') return t('Counts of words and their parts, ready at once: needs no training.');
  return model === 'pixels'
    ? t('The plain picture: what a trained model has to beat.')
    : t('Colours and edges, ready at once: needs no training.');
}
