import * as vscode from 'vscode';
import { defaultModel, modelName, newestFirst } from '../ui/models';
import { t } from '../ui/l10n';
import { log } from '../ui/log';
import { withProgress } from '../ui/progress';
import { deviceReport } from '../reports/deviceReport';
import { itemsReport } from '../reports/itemsReport';
import { problemsReport } from '../reports/problemsReport';
import { configurationFile, createConfiguration, exists } from '../training/configuration';
import { askDataset, askModel, askRun } from './ask';
import type { Commands, Services } from './services';
import { runOf, targetOf } from './target';

/** Commands that show something. */
export function viewCommands(services: Services): Commands {
  return {
    'kindred.explore': (argument) => explore(services, argument),
    'kindred.reviewDuplicates': (argument) => review(services, argument),
    'kindred.reviewSuspects': (argument) => reviewSuspects(services, argument),
    'kindred.showTraining': (argument) => showTraining(services, argument),
    'kindred.evaluate': (argument) => evaluate(services, argument),
    'kindred.showItems': (argument) => showItems(services, argument),
    'kindred.showProblems': (argument) => showProblems(services, argument),
    'kindred.editConfiguration': (argument) => editConfiguration(services, argument),
    'kindred.showLog': () => log().show(),
    'kindred.showDevice': () => showDevice(services),
    'kindred.openWalkthrough': () =>
      vscode.commands.executeCommand(
        'workbench.action.openWalkthrough',
        `${services.extension.extension.id}#start`,
        false,
      ),
    'kindred.openSettings': () =>
      vscode.commands.executeCommand('workbench.action.openSettings', `@ext:${services.extension.extension.id}`),
  };
}

async function explore(services: Services, argument: unknown): Promise<void> {
  const dataset = await askDataset(services, argument);
  const overview = await services.datasets.overview(dataset);
  const model = await askModel(argument, overview, t('Explore which embeddings?'));
  services.panels.show({ view: 'explore', dataset, model });
}

/** Compares by the newest model; which one can be changed in the panel. */
async function review(services: Services, argument: unknown): Promise<void> {
  const dataset = await askDataset(services, argument);
  const overview = await services.datasets.overview(dataset);
  const { model, run } = targetOf(argument);
  const named = run === undefined ? undefined : (`run:${run}` as const);
  services.panels.show({ view: 'review', dataset, model: model ?? named ?? defaultModel(overview) });
}

/** Only runs with the loss that suspects labels are asked about; the only one is taken without asking. */
async function reviewSuspects(services: Services, argument: unknown): Promise<void> {
  const dataset = await askDataset(services, argument);
  const { runs } = await services.datasets.overview(dataset);
  const suspecting = newestFirst(runs).filter(({ settings }) => settings.loss.kind === 'sub-centre-arcface');
  const only = suspecting.length === 1 ? { dataset, run: suspecting[0].name } : argument;
  const run = await askRun(runOf(targetOf(argument)) === undefined ? only : argument, suspecting, {
    title: t('Review the labels that which run suspects?'),
    none: t('No run suspects labels yet: train one with the loss sub-centre ArcFace.'),
  });
  services.panels.show({ view: 'suspects', dataset, run });
}

async function showTraining(services: Services, argument: unknown): Promise<void> {
  const { current } = services.jobs;
  if (targetOf(argument).dataset === undefined && current?.run !== undefined) {
    services.panels.show({ view: 'training', dataset: current.dataset, run: current.run });
    return;
  }
  const dataset = await askDataset(services, argument);
  const { runs } = await services.datasets.overview(dataset);
  const run = await askRun(argument, newestFirst(runs), {
    title: t('Show which run?'),
    none: t('Nothing has been trained on this dataset yet.'),
  });
  services.panels.show({ view: 'training', dataset, run });
}

async function evaluate(services: Services, argument: unknown): Promise<void> {
  const dataset = await askDataset(services, argument);
  const overview = await services.datasets.overview(dataset);
  const model = await askModel(argument, overview, t('Evaluate which model?'), ['descriptor', 'pixels']);
  const report = await withProgress(t('Evaluating'), (options) =>
    services.trainer.call('evaluation.run', { dataset, model }, options),
  );
  const { name, modality } = overview.summary;
  const written = await services.trainer.call('evaluation.write', { dataset, report });
  services.reports.evaluations.show(t('Evaluation of {0} on {1}', modelName(model, modality, t), name), written);
}

/** Opens the dataset's kindred.json; a new one holds the suggestion, to be changed. */
async function editConfiguration(services: Services, argument: unknown): Promise<void> {
  const dataset = await askDataset(services, argument);
  const file = configurationFile(dataset);
  if (!(await exists(file))) {
    const { settings } = await services.trainer.call('training.suggest', { dataset });
    await createConfiguration(file, settings);
  }
  await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(file));
}

/** Looks again, as a card may have been plugged in or a driver installed. */
async function showDevice(services: Services): Promise<void> {
  const report = await withProgress(t('Trying devices'), (options) =>
    services.trainer.call('engine.devices', { again: true }, options),
  );
  await services.reports.show(t('Compute device'), deviceReport(report, t));
}

async function showItems(services: Services, argument: unknown): Promise<void> {
  const dataset = await askDataset(services, argument);
  const { summary } = await services.datasets.overview(dataset);
  await services.reports.show(t('Items of {0}', summary.name), itemsReport(summary, t));
}

async function showProblems(services: Services, argument: unknown): Promise<void> {
  const dataset = await askDataset(services, argument);
  const { summary } = await services.datasets.overview(dataset);
  const text = problemsReport(summary.name, summary.problems, summary.warnings, t);
  await services.reports.show(t('Problems of {0}', summary.name), text);
}
