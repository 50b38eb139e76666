import * as vscode from 'vscode';
import { adviceOf, isCancelled } from '../../rpc/errors';
import type { CallOptions } from '../../rpc/rpc';
import type { DatasetRef, RunSummary, TrainingProgress } from '../../trainer/protocol';
import type { Services } from '../commands/services';
import { guarded } from '../ui/errors';
import { t } from '../ui/l10n';
import { runMeasure } from '../ui/models';
import { withProgress } from '../ui/progress';
import { trainingText } from '../ui/progressText';

type Work = (options: CallOptions<TrainingProgress>) => Promise<RunSummary>;

/** Runs a training with its notification, opens its panel when the run is named, and tells how it ended. */
export async function train(services: Services, dataset: DatasetRef, work: Work): Promise<void> {
  const open = panelOpener(services, dataset);
  let run: string | undefined;
  try {
    const summary = await withProgress<TrainingProgress, RunSummary>(
      t('Training'),
      ({ signal, onProgress }) =>
        work({
          signal,
          onProgress: (progress) => {
            run = progress.run;
            open(progress.run);
            onProgress(progress);
          },
        }),
      (progress) => trainingText(progress, services.jobs.current?.latest ?? {}, t),
    );
    run = summary.name;
  } catch (error) {
    if (!isCancelled(error)) throw error;
  } finally {
    services.datasets.refresh(dataset);
    services.panels.refresh(dataset, 'runs');
  }
  if (run !== undefined) void guarded(ended)(services, dataset, run);
}

function panelOpener(services: Services, dataset: DatasetRef): (run: string) => void {
  let opened = false;
  return (run) => {
    if (opened || run === '') return;
    opened = true;
    services.panels.show({ view: 'training', dataset, run });
  };
}

/** Told without waiting: the command is done when the training is. A stopped run is told as the store has it. */
async function ended(services: Services, dataset: DatasetRef, run: string): Promise<void> {
  const { runs } = await services.datasets.overview(dataset);
  const summary = runs.find((other) => other.name === run);
  if (summary === undefined) return;
  if (summary.deviceFault) void vscode.window.showWarningMessage(adviceOf(summary.deviceFault));
  if (summary.state === 'finished') await finished(dataset, summary);
  else await stopped(dataset, summary);
}

async function finished(dataset: DatasetRef, summary: RunSummary): Promise<void> {
  const explore = t('Explore Embeddings');
  const evaluate = t('Evaluate');
  const text = t('Run "{0}" is trained: {1}.', summary.name, runMeasure(summary, t));
  const choice = await vscode.window.showInformationMessage(text, explore, evaluate);
  const argument = { dataset, model: `run:${summary.name}` };
  if (choice === explore) await vscode.commands.executeCommand('kindred.explore', argument);
  if (choice === evaluate) await vscode.commands.executeCommand('kindred.evaluate', argument);
}

async function stopped(dataset: DatasetRef, summary: RunSummary): Promise<void> {
  const resume = t('Resume');
  const text = t('Run "{0}" was stopped and is kept: {1}.', summary.name, runMeasure(summary, t));
  const choice = await vscode.window.showInformationMessage(text, resume);
  if (choice === resume) await vscode.commands.executeCommand('kindred.resumeRun', { dataset, run: summary.name });
}
