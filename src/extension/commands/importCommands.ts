import path from 'node:path';
import * as vscode from 'vscode';
import { KindredError } from '../../rpc/errors';
import { t } from '../ui/l10n';
import { withProgress } from '../ui/progress';
import { askDataset } from './ask';
import type { Commands, Services } from './services';

/** Commands that bring in what other tools made. */
export function importCommands(services: Services): Commands {
  return {
    'kindred.importVectors': (argument) => importVectors(services, argument),
  };
}

/** Asks for the matrix and a name for it, and shows the map of the embedding that it becomes. */
async function importVectors(services: Services, argument: unknown): Promise<void> {
  const dataset = await askDataset(services, argument);
  const file = await askFile();
  const name = await askName(path.parse(file).name);
  await withProgress(t('Importing vectors'), (options) =>
    services.trainer.call('embedding.import', { dataset, name, file }, options),
  );
  services.datasets.refresh(dataset);
  services.panels.refresh(dataset, 'runs');
  services.panels.show({ view: 'explore', dataset, model: `vectors:${name}` });
}

async function askFile(): Promise<string> {
  const chosen = await vscode.window.showOpenDialog({
    title: t('A matrix with one row an item, in the order of items.arrow'),
    openLabel: t('Import Vectors'),
    filters: { [t('NumPy arrays')]: ['npy'] },
  });
  const file = chosen?.at(0);
  if (file === undefined) throw new KindredError('cancelled', 'Cancelled.');
  return file.fsPath;
}

/** The trainer has the last word on what may be a name. */
async function askName(suggested: string): Promise<string> {
  const name = await vscode.window.showInputBox({
    title: t('Import Vectors'),
    prompt: t('What to call them. Vectors that already have this name are replaced.'),
    value: suggested
      .replace(/[^A-Za-z0-9._-]+/g, '-')
      .replace(/^[^A-Za-z0-9]+/, '')
      .slice(0, 64),
    validateInput: (text) =>
      /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(text)
        ? undefined
        : t('Up to 64 letters, digits, "-", "_" and ".", beginning with a letter or a digit.'),
  });
  if (name === undefined) throw new KindredError('cancelled', 'Cancelled.');
  return name;
}
