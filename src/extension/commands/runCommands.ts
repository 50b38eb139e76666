import * as vscode from 'vscode';
import { KindredError } from '../../rpc/errors';
import type { DatasetRef } from '../../trainer/protocol';
import { askTraining } from '../training/askTraining';
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
    'kindred.resumeRun': (argument) => resume(services, argument),
    'kindred.deleteRun': (argument) => remove(services, argument),
  };
}

async function startTraining(services: Services, argument: unknown): Promise<void> {
  services.jobs.assertIdle();
  const dataset = await askDataset(services, argument);
  const plan = (await unfinished(services, dataset, argument)) ?? (await askTraining(services, dataset));
  if ('resume' in plan)
    return train(services, dataset, (options) => services.jobs.resume(dataset, plan.resume, options));
  return train(services, dataset, (options) => services.jobs.start(dataset, plan.settings, options));
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
  const detail = t('Its model, curve and checkpoint are deleted for good. Your images and decisions are not touched.');
  const choice = await vscode.window.showWarningMessage(t('Delete run "{0}"?', run), { modal: true, detail }, accept);
  return choice === accept;
}

function closePanel(services: Services, dataset: DatasetRef, run: string): void {
  for (const panel of services.panels.of(dataset)) {
    if (panel.subject.view === 'training' && panel.subject.run === run) panel.close();
  }
}
