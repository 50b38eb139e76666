import * as vscode from 'vscode';
import type { CallOptions } from '../../rpc/rpc';
import type { Progress } from '../../trainer/protocol';
import { t } from './l10n';
import { progressText } from './progressText';

/** Runs a long call of the trainer with a notification that shows how far it is and can cancel it, and links to the log. */
export async function withProgress<P extends Progress, R>(
  title: string,
  work: (options: Required<CallOptions<P>>) => Promise<R>,
  text: (progress: P) => string = (progress) => progressText(progress, t),
): Promise<R> {
  const notification = {
    location: vscode.ProgressLocation.Notification,
    title: `${title} ([${t('show log')}](command:kindred.showLog))`,
    cancellable: true,
  };
  return vscode.window.withProgress(notification, async (bar, token) => {
    const controller = new AbortController();
    const listening = token.onCancellationRequested(() => controller.abort());
    const advance = advancer();
    const onProgress = (progress: P): void => bar.report({ message: text(progress), increment: advance(progress) });
    const result = work({ signal: controller.signal, onProgress });
    showInView(result);
    try {
      return await result;
    } finally {
      listening.dispose();
    }
  });
}

/** Turns "done of total" into the steps that VS Code adds up; a stage that starts anew does not go back. */
function advancer(): (progress: Progress) => number {
  let shown = 0;
  return ({ done, total }) => {
    const increment = Math.max(0, (total > 0 ? (100 * done) / total : 0) - shown);
    shown += increment;
    return increment;
  };
}

/** The view's own progress line, where the person looks first. */
function showInView(result: Promise<unknown>): void {
  const settled = result.then(nothing, nothing);
  void vscode.window.withProgress({ location: { viewId: 'kindred.datasets' } }, () => settled);
}

function nothing(): void {
  // The caller handles the result.
}
