import * as vscode from 'vscode';
import type { DatasetRef } from '../../trainer/protocol';
import { Disposable } from '../disposable';
import { storeOf } from './datasetRef';

/** Milliseconds of quiet after which a burst of changes is told once. */
const QUIET = 400;

/** Tells when runs, embeddings or the description in a dataset's store change, whoever changed them. */
export class StoreWatcher extends Disposable {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    ref: DatasetRef,
    private readonly onChange: () => void,
  ) {
    super();
    const base = vscode.Uri.file(storeOf(ref));
    for (const pattern of ['dataset.json', 'runs/*/run.json', 'embeddings/*.json']) {
      const watcher = this.register(
        vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(base, pattern)),
      );
      for (const event of [watcher.onDidCreate, watcher.onDidChange, watcher.onDidDelete])
        this.register(event(this.later));
    }
    this.register({ dispose: () => clearTimeout(this.timer) });
  }

  private readonly later = (): void => {
    clearTimeout(this.timer);
    this.timer = setTimeout(this.onChange, QUIET);
  };
}
