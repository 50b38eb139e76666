import path from 'node:path';
import * as vscode from 'vscode';
import { KindredError } from '../../rpc/errors';
import type { DatasetRef, ExportedModel } from '../../trainer/protocol';
import { t } from '../ui/l10n';
import { newestFirst } from '../ui/models';
import { withProgress } from '../ui/progress';
import { askDataset, askRun } from './ask';
import type { Commands, Services } from './services';

/** Commands that hand out what was made, for other programs. */
export function exportCommands(services: Services): Commands {
  return {
    'kindred.exportModel': (argument) => exportModel(services, argument),
  };
}

async function exportModel(services: Services, argument: unknown): Promise<void> {
  const dataset = await askDataset(services, argument);
  const { runs } = await services.datasets.overview(dataset);
  const trained = newestFirst(runs).filter(({ step }) => step > 0);
  const run = await askRun(argument, trained, {
    title: t('Export the model of which run?'),
    none: t('Nothing has been trained on this dataset yet.'),
  });
  const file = await askFile(dataset, run);
  const exported = await withProgress(t('Exporting the model'), () =>
    services.trainer.call('training.export', { dataset, run, file }),
  );
  await tell(exported);
}

async function askFile(dataset: DatasetRef, run: string): Promise<string> {
  const chosen = await vscode.window.showSaveDialog({
    title: t('Export Model'),
    saveLabel: t('Export Model'),
    defaultUri: vscode.Uri.file(path.join(dataset.root, `${run}.onnx`)),
    filters: { [t('ONNX models')]: ['onnx'] },
  });
  if (chosen === undefined) throw new KindredError('cancelled', 'Cancelled.');
  return chosen.fsPath;
}

async function tell({ model, snippet }: ExportedModel): Promise<void> {
  const show = t('Show How to Use It');
  const message = t('The model is in {0}, and beside it is {1}, which uses it.', model, path.basename(snippet));
  const choice = await vscode.window.showInformationMessage(message, show);
  if (choice === show) await vscode.window.showTextDocument(vscode.Uri.file(snippet));
}
