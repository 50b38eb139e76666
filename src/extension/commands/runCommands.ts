import * as vscode from 'vscode';
import { KindredError } from '../../rpc/errors';
import type { DatasetRef, TrainingSettings } from '../../trainer/protocol';
import { askTraining } from '../training/askTraining';
import { askRateFactor } from '../training/askRateFactor';
import { train } from '../training/train';
import { t } from '../ui/l10n';
import { newestFirst, resumableRuns } from '../ui/models';
import { askDataset, askRun } from './ask';
import type { Commands, Services } from './services';
import { runOf, targetOf } from './target';

/** Commands about runs. */
export function runCommands(services: Services): Commands {
  return {
    'kindred.train': (argument) => startTraining(services, argument),
    'kindred.stopTraining': () => stop(services),
    'kindred.pauseTraining': () => services.jobs.control({ kind: 'pause' }),
    'kindred.continueTraining': () => services.jobs.control({ kind: 'resume' }),
    'kindred.changeLearningRate': () => changeLearningRate(services),
    'kindred.newTraining': (argument) => newTraining(services, argument),
    'kindred.duplicateRun': (argument) => duplicate(services, argument),
    'kindred.compareRuns': (argument) => compare(services, argument),
    'kindred.resumeRun': (argument) => resume(services, argument),
    'kindred.deleteRun': (argument) => remove(services, argument),
  };
}

async function startTraining(services: Services, argument: unknown): Promise<void> {
  services.jobs.assertIdle();
  const dataset = await askDataset(services, argument);
  const settings = settingsOf(argument);
  if (settings) return train(services, dataset, (options) => services.jobs.start(dataset, settings, options));
  const plan = (await unfinished(services, dataset, argument)) ?? (await askTraining(services, dataset));
  if ('resume' in plan)
    return train(services, dataset, (options) => services.jobs.resume(dataset, plan.resume, options));
  return train(services, dataset, (options) => services.jobs.start(dataset, plan.settings, options));
}

/** What the form of the training panel asks for; the trainer checks it. */
function settingsOf(argument: unknown): TrainingSettings | undefined {
  return (argument as { settings?: TrainingSettings } | null | undefined)?.settings;
}

async function changeLearningRate(services: Services): Promise<void> {
  const factor = await askRateFactor();
  await services.jobs.control({ kind: 'rate', factor });
}

async function newTraining(services: Services, argument: unknown): Promise<void> {
  services.panels.show({ view: 'training', dataset: await askDataset(services, argument), run: '', page: 'new' });
}

async function duplicate(services: Services, argument: unknown): Promise<void> {
  const dataset = await askDataset(services, argument);
  const { runs } = await services.datasets.overview(dataset);
  const run = await askRun(argument, newestFirst(runs), {
    title: t('Begin with the settings of which run?'),
    none: t('Nothing has been trained on this dataset yet.'),
  });
  services.panels.show({ view: 'training', dataset, run, page: 'new' });
}

async function compare(services: Services, argument: unknown): Promise<void> {
  const dataset = await askDataset(services, argument);
  services.panels.show({ view: 'training', dataset, run: runOf(targetOf(argument)) ?? '', page: 'compare' });
}

/** Called on a run that was stopped, cut short or failed (from its panel, say), training means going on with it. */
async function unfinished(
  services: Services,
  dataset: DatasetRef,
  argument: unknown,
): Promise<{ resume: string } | undefined> {
  const run = runOf(targetOf(argument));
  if (run === undefined) return undefined;
  const runs = resumableRuns(await services.datasets.overview(dataset));
  return runs.some((other) => other.name === run) ? { resume: run } : undefined;
}

async function stop(services: Services): Promise<void> {
  if (services.jobs.current) services.jobs.stop();
  else await vscode.window.showInformationMessage(t('No training is running.'));
}

async function resume(services: Services, argument: unknown): Promise<void> {
  services.jobs.assertIdle();
  const dataset = await askDataset(services, argument);
  const run = await askRun(argument, resumableRuns(await services.datasets.overview(dataset)), {
    title: t('Resume which run?'),
    none: t('No run of this dataset was stopped, interrupted or failed.'),
  });
  await train(services, dataset, (options) => services.jobs.resume(dataset, run, options));
}

async function remove(services: Services, argument: unknown): Promise<void> {
  const dataset = await askDataset(services, argument);
  const { runs } = await services.datasets.overview(dataset);
  const run = await askRun(argument, newestFirst(runs), {
    title: t('Delete which run?'),
    none: t('Nothing has been trained on this dataset yet.'),
  });
  if (services.jobs.isRunning(dataset, run)) {
    throw new KindredError('invalid-argument', t('Run "{0}" is being trained.', run), {
      remedy: t('Stop it first, with "Kindred: Stop Training".'),
    });
  }
  if (!(await confirmed(run))) return;
  await services.trainer.call('training.delete', { dataset, run });
  closePanel(services, dataset, run);
  services.datasets.refresh(dataset);
  services.panels.refresh(dataset, 'runs');
}

async function confirmed(run: string): Promise<boolean> {
  const accept = t('Delete Run');
  const detail = t('Its model, curve and checkpoint are deleted for good. Your files and decisions are not touched.');
  const choice = await vscode.window.showWarningMessage(t('Delete run "{0}"?', run), { modal: true, detail }, accept);
  return choice === accept;
}

function closePanel({ panels }: Services, dataset: DatasetRef, run: string): void {
  for (const panel of panels.of(dataset)) {
    const { subject } = panel;
    if (subject.view !== 'training' || subject.run !== run) continue;
    // On the other pages the run is one of several.
    if (subject.page === undefined || subject.page === 'run') panel.close();
    else panels.show({ ...subject, run: '' });
  }
}
