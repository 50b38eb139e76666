import * as vscode from 'vscode';
import { KindredError } from '../../rpc/errors';
import type { ApplyReport, DatasetRef, QuarantineBatch } from '../../trainer/protocol';
import { datasetName } from '../datasets/datasetRef';
import { applyText } from '../reports/applyText';
import { problemsReport } from '../reports/problemsReport';
import { batchSize, files } from '../ui/counts';
import { t } from '../ui/l10n';
import { withProgress } from '../ui/progress';
import { askDataset, choose } from './ask';
import type { Commands, Services } from './services';
import { targetOf } from './target';

/** Commands that move files: always asked first, always reversible. */
export function curationCommands(services: Services): Commands {
  return {
    'kindred.applyDecisions': (argument) => apply(services, argument),
    'kindred.restore': (argument) => restore(services, argument),
  };
}

async function apply(services: Services, argument: unknown): Promise<void> {
  const dataset = await askDataset(services, argument);
  const plan = await services.trainer.call('apply.plan', { dataset });
  const { relabel = [] } = plan;
  if (plan.items.length === 0 && relabel.length === 0) return nothingToApply(dataset);
  if (plan.blocked !== undefined) {
    void vscode.window.showWarningMessage(plan.blocked);
    return;
  }
  const onlyMoves = relabel.length === 0;
  const move = onlyMoves ? t('Move {0}', files(plan.paths.length, t)) : t('Apply');
  const question = onlyMoves
    ? t('Move the files that you decided to remove?')
    : t('Apply what you decided about files and labels?');
  const detail = applyText(plan, dataset.root, t);
  const choice = await vscode.window.showWarningMessage(question, { modal: true, detail }, move);
  if (choice !== move) return;
  const report = await moved(services, dataset, () =>
    withProgress(t('Moving files'), (options) => services.trainer.call('apply.run', { dataset }, options)),
  );
  await told(services, dataset, report, appliedText(report, plan.quarantine), true);
}

function appliedText({ moved: number, relabelled = 0 }: ApplyReport, quarantine: string): string {
  const relabelledText = t('Gave {0} another label.', files(relabelled, t));
  if (number === 0 && relabelled > 0) return relabelledText;
  const movedText = t('Moved {0} to {1}.', files(number, t), quarantine);
  return relabelled === 0 ? movedText : `${movedText} ${relabelledText}`;
}

function restoredText({ moved: number, relabelled = 0 }: ApplyReport): string {
  const relabelledText = t('Gave {0} their label of before.', files(relabelled, t));
  if (number === 0 && relabelled > 0) return relabelledText;
  const movedText = t('Brought {0} back to where they were.', files(number, t));
  return relabelled === 0 ? movedText : `${movedText} ${relabelledText}`;
}

async function nothingToApply(dataset: DatasetRef): Promise<void> {
  const review = t('Review Duplicates');
  const text = t(
    'There is nothing to apply: no file of {0} is marked for removal or for another label.',
    datasetName(dataset),
  );
  const choice = await vscode.window.showInformationMessage(text, review);
  if (choice === review) await vscode.commands.executeCommand('kindred.reviewDuplicates', { dataset });
}

async function restore(services: Services, argument: unknown): Promise<void> {
  const dataset = await askDataset(services, argument);
  const batch = targetOf(argument).batch ?? (await askBatch(services, dataset));
  const report = await moved(services, dataset, () =>
    withProgress(t('Restoring files'), (options) =>
      services.trainer.call('apply.restore', { dataset, batch }, options),
    ),
  );
  await told(services, dataset, report, restoredText(report), false);
}

async function askBatch(services: Services, dataset: DatasetRef): Promise<string> {
  const { batches } = await services.datasets.overview(dataset);
  const waiting = batches.filter((batch) => batch.state !== 'restored');
  if (waiting.length === 0) {
    throw new KindredError('not-found', t('No files of {0} are in quarantine.', datasetName(dataset)));
  }
  return choose([...waiting].sort((a, b) => b.created.localeCompare(a.created)).map(batchChoice), {
    title: t('Restore which files?'),
  });
}

function batchChoice(batch: QuarantineBatch): vscode.QuickPickItem & { value: string } {
  return {
    label: `$(archive) ${new Date(batch.created).toLocaleString()}`,
    description: batchSize(batch, t),
    ...(batch.state === 'incomplete' ? { detail: t('Cut short; restoring finishes it.') } : {}),
    value: batch.id,
  };
}

/** Whether it ended well or was cut short, files may have moved: everyone who shows them is told. */
async function moved<T>(services: Services, dataset: DatasetRef, move: () => Promise<T>): Promise<T> {
  try {
    return await move();
  } finally {
    services.datasets.refresh(dataset);
    services.panels.refresh(dataset, 'dataset');
    services.panels.refresh(dataset, 'decisions');
  }
}

/** The message waits for nobody: the command is done. */
async function told(
  services: Services,
  dataset: DatasetRef,
  { batch, problems }: ApplyReport,
  text: string,
  canRestore: boolean,
): Promise<void> {
  const restoreNow = t('Restore');
  const showProblems = t('Show Problems');
  const bad = problems.length > 0;
  const full = bad ? `${text} ${t('Not moved: {0}.', files(problems.length, t))}` : text;
  const show = bad ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
  const choice = await show(full, ...(canRestore ? [restoreNow] : []), ...(bad ? [showProblems] : []));
  if (choice === restoreNow) await vscode.commands.executeCommand('kindred.restore', { dataset, batch: batch.id });
  if (choice === showProblems) {
    const name = datasetName(dataset);
    await services.reports.show(t('Problems of {0}', name), problemsReport(name, problems, [], t));
  }
}
