import path from 'node:path';
import * as vscode from 'vscode';
import { KindredError } from '../../rpc/errors';
import type { DatasetRef } from '../../trainer/protocol';
import type { Trainer } from '../client/trainer';
import { t } from '../ui/l10n';

/** Opens an item's file beside the panel. */
export async function openItem(trainer: Trainer, dataset: DatasetRef, item: number): Promise<null> {
  const uri = await itemUri(trainer, dataset, item);
  const options: vscode.TextDocumentShowOptions = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
  await vscode.commands.executeCommand('vscode.open', uri, options);
  return null;
}

/** Shows an item's file in the explorer; when it is outside the workspace, in the system's file manager. */
export async function revealItem(trainer: Trainer, dataset: DatasetRef, item: number): Promise<null> {
  await revealUri(await itemUri(trainer, dataset, item));
  return null;
}

export async function revealUri(uri: vscode.Uri): Promise<void> {
  const inWorkspace = vscode.workspace.getWorkspaceFolder(uri) !== undefined;
  if (inWorkspace) await vscode.commands.executeCommand('revealInExplorer', uri);
  else if (vscode.env.remoteName === undefined) await vscode.commands.executeCommand('revealFileInOS', uri);
  else {
    const addFolder = t('Add Folder to Workspace');
    const choice = await vscode.window.showInformationMessage(
      t('{0} is outside the workspace, so the explorer cannot show it.', uri.fsPath),
      addFolder,
    );
    if (choice !== addFolder) return;
    const folder = path.extname(uri.fsPath) === '' ? uri : vscode.Uri.joinPath(uri, '..');
    const end = vscode.workspace.workspaceFolders?.length ?? 0;
    vscode.workspace.updateWorkspaceFolders(end, 0, { uri: folder });
  }
}

async function itemUri(trainer: Trainer, dataset: DatasetRef, item: number): Promise<vscode.Uri> {
  if (!Number.isSafeInteger(item) || item < 0) throw new KindredError('invalid-argument', `There is no item ${item}.`);
  const detail = (await trainer.call('dataset.items', { dataset, items: [item] })).at(0);
  if (!detail) throw new KindredError('not-found', `There is no item ${item}.`);
  return vscode.Uri.file(path.join(dataset.root, ...detail.path.split('/')));
}
