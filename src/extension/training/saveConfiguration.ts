import { readFile, writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { DatasetRef, TrainingSettings } from '../../trainer/protocol';
import { t } from '../ui/l10n';
import { configurationFile, exists, withTraining } from './configuration';

/** Writes all settings into kindred.json and opens it; what else stands in the file stays. Gives whether the person agreed. */
export async function saveConfiguration(dataset: DatasetRef, settings: TrainingSettings): Promise<boolean> {
  const file = configurationFile(dataset);
  if ((await exists(file)) && !(await mayReplace(file))) return false;
  const text = await readFile(file, 'utf8').catch(() => '');
  await writeFile(file, withTraining(text, settings));
  await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(file));
  return true;
}

async function mayReplace(file: string): Promise<boolean> {
  const replace = t('Replace Settings');
  const message = t('Replace the settings of the training in kindred.json?');
  const choice = await vscode.window.showWarningMessage(message, { modal: true, detail: file }, replace);
  return choice === replace;
}
