import * as vscode from 'vscode';
import type { DatasetOverview, DatasetRef } from '../../trainer/protocol';
import { Disposable } from '../disposable';
import type { Trainer } from '../client/trainer';
import { settings } from '../ui/settings';
import { datasetRef, descriptionFile, isDatasetRef } from './datasetRef';
import { StoreWatcher } from './storeWatcher';

const OPENED = 'kindred.opened';
const REMOVED = 'kindred.removed';

/**
 * The datasets that this window knows: those that were opened here, kept with the workspace, and the workspace's own folders
 * that hold a store. Removing one forgets it; its files are never touched.
 */
export class Datasets extends Disposable {
  private readonly changed = this.register(new vscode.EventEmitter<DatasetRef | undefined>());
  /** One dataset, or the list. */
  readonly onDidChange = this.changed.event;
  private recognised: readonly DatasetRef[] = [];
  private readonly overviews = new Map<string, Promise<DatasetOverview>>();
  private readonly watchers = new Map<string, StoreWatcher>();

  constructor(
    private readonly trainer: Trainer,
    private readonly state: vscode.Memento,
  ) {
    super();
    this.register({ dispose: () => this.watchers.forEach((watcher) => watcher.dispose()) });
    this.register(vscode.workspace.onDidChangeWorkspaceFolders(() => this.recognise()));
    this.register(trainer.onDidCrash(() => this.overviews.clear()));
  }

  get all(): readonly DatasetRef[] {
    const opened = this.stored(OPENED);
    const isNew = (ref: DatasetRef): boolean => !opened.some((other) => other.root === ref.root);
    return [...opened, ...this.recognised.filter(isNew)];
  }

  find(root: string): DatasetRef | undefined {
    return this.all.find((ref) => ref.root === root);
  }

  /** The reference for a folder: the one it is known by, or a new one as the settings say. */
  refFor(root: string): DatasetRef {
    const ref = datasetRef(root, settings.storeFolder());
    return this.find(ref.root) ?? ref;
  }

  async add(ref: DatasetRef): Promise<void> {
    const others = (refs: readonly DatasetRef[]): DatasetRef[] => refs.filter((other) => other.root !== ref.root);
    await this.state.update(OPENED, [...others(this.stored(OPENED)), ref]);
    await this.state.update(REMOVED, others(this.stored(REMOVED)));
    this.refresh(ref);
    this.listChanged();
  }

  async remove(ref: DatasetRef): Promise<void> {
    const others = this.stored(OPENED).filter((other) => other.root !== ref.root);
    await this.state.update(OPENED, others);
    await this.state.update(REMOVED, [...this.stored(REMOVED), ref]);
    this.recognised = this.recognised.filter((other) => other.root !== ref.root);
    this.overviews.delete(keyOf(ref));
    this.listChanged();
  }

  /** What the store knows; asked once until something changes. */
  overview(ref: DatasetRef): Promise<DatasetOverview> {
    const known = this.overviews.get(keyOf(ref));
    if (known) return known;
    const asked = this.trainer.call('dataset.overview', { dataset: ref });
    this.overviews.set(keyOf(ref), asked);
    asked.catch(() => this.overviews.delete(keyOf(ref)));
    return asked;
  }

  /** Forgets what was known of a dataset, or of all, and tells who shows it. */
  refresh(ref?: DatasetRef): void {
    if (ref) this.overviews.delete(keyOf(ref));
    else this.overviews.clear();
    this.changed.fire(ref);
  }

  /** Looks which folders of the workspace hold a store. */
  async recognise(): Promise<void> {
    const removed = this.stored(REMOVED);
    const folders = (vscode.workspace.workspaceFolders ?? []).filter((folder) => folder.uri.scheme === 'file');
    const refs = folders
      .map((folder) => datasetRef(folder.uri.fsPath, settings.storeFolder()))
      .filter((ref) => !removed.some((other) => other.root === ref.root));
    const stored = await Promise.all(refs.map(hasStore));
    this.recognised = refs.filter((_, index) => stored[index]);
    this.listChanged();
  }

  private listChanged(): void {
    const all = this.all;
    void vscode.commands.executeCommand('setContext', 'kindred.hasDatasets', all.length > 0);
    this.watch(all);
    this.changed.fire(undefined);
  }

  /** The command line, or another window, may write to a store too. */
  private watch(all: readonly DatasetRef[]): void {
    for (const [key, watcher] of this.watchers) {
      if (all.some((ref) => keyOf(ref) === key)) continue;
      watcher.dispose();
      this.watchers.delete(key);
    }
    for (const ref of all) {
      if (!this.watchers.has(keyOf(ref))) {
        this.watchers.set(keyOf(ref), new StoreWatcher(ref, () => this.refresh(ref)));
      }
    }
  }

  private stored(key: string): readonly DatasetRef[] {
    const value = this.state.get<unknown>(key);
    return Array.isArray(value) ? value.filter(isDatasetRef) : [];
  }
}

export function keyOf(ref: DatasetRef): string {
  return JSON.stringify([ref.root, ref.store ?? null]);
}

async function hasStore(ref: DatasetRef): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(vscode.Uri.file(descriptionFile(ref)));
    return true;
  } catch {
    return false;
  }
}
