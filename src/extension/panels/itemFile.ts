import path from 'node:path';
import * as vscode from 'vscode';
import { KindredError } from '../../rpc/errors';
import type { DatasetRef } from '../../trainer/protocol';
import type { Trainer } from '../client/trainer';
import { t } from '../ui/l10n';

/** Opens an item's file beside the panel. */
export async function openItem(trainer: Trainer, dataset: DatasetRef, item: number): Promise<null> {
  const { uri, line } = await placeOf(trainer, dataset, item);
  const at = line === undefined ? {} : { selection: new vscode.Range(line, 0, line, 0) };
  const options = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true, ...at };
  await vscode.commands.executeCommand('vscode.open', uri, options satisfies vscode.TextDocumentShowOptions);
  return null;
}

/** Shows an item's file in the explorer; when it is outside the workspace, in the system's file manager. */
export async function revealItem(trainer: Trainer, dataset: DatasetRef, item: number): Promise<null> {
  await revealUri((await placeOf(trainer, dataset, item)).uri);
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

interface Place {
  readonly uri: vscode.Uri;
  /** From 0, of an item that is a row of a table. */
  readonly line: number | undefined;
}

async function placeOf(trainer: Trainer, dataset: DatasetRef, item: number): Promise<Place> {
  if (!Number.isSafeInteger(item) || item < 0) throw new KindredError('invalid-argument', `There is no item ${item}.`);
  const [found, { summary }] = await Promise.all([
    trainer.call('dataset.items', { dataset, items: [item] }),
    trainer.call('dataset.overview', { dataset }),
  ]);
  const detail = found.at(0);
  if (detail === undefined) throw new KindredError('not-found', `There is no item ${item}.`);
  const fileUri = (relative: string): vscode.Uri => vscode.Uri.file(path.join(dataset.root, ...relative.split('/')));
  const { source } = summary;
  if (source.kind !== 'manifest' || source.columns.text === undefined)
    return { uri: fileUri(detail.path), line: undefined };
  return { uri: fileUri(source.path), line: Number(detail.path.slice(detail.path.lastIndexOf(':') + 1)) - 1 };
}
