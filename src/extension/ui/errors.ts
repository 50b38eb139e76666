import path from 'node:path';
import * as vscode from 'vscode';
import { isCancelled, KindredError, toErrorData } from '../../rpc/errors';
import { t } from './l10n';
import { log } from './log';

/**
 * Tells the person what went wrong and what to do. What they cancelled themselves is no error; that the trainer stopped has
 * been told once already, whatever was being done.
 */
export async function showError(error: unknown): Promise<void> {
  if (isCancelled(error)) return;
  const data = toErrorData(error);
  log().error(data.stack ?? data.message);
  if (data.code === 'disconnected') return;
  const advice = error instanceof KindredError ? error.advice : t('Something went wrong in Kindred: {0}', data.message);
  const showLog = t('Show Log');
  const openFile = t('Open File');
  const file = data.path !== undefined && path.extname(data.path) !== '' ? data.path : undefined;
  const choice = await vscode.window.showErrorMessage(advice, ...(file === undefined ? [] : [openFile]), showLog);
  if (choice === showLog) log().show();
  if (choice === openFile && file !== undefined) {
    await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(file));
  }
}

/** Wraps what a command or an event runs, so that nothing fails in silence. */
export function guarded<A extends unknown[], R>(
  work: (...args: A) => Promise<R>,
): (...args: A) => Promise<R | undefined> {
  return async (...args) => {
    try {
      return await work(...args);
    } catch (error) {
      void showError(error);
      return undefined;
    }
  };
}
