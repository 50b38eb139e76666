import * as vscode from 'vscode';
import { KindredError, toErrorData } from '../../rpc/errors';
import type { DatasetRef } from '../../trainer/protocol';
import { sameDataset } from '../datasets/datasetRef';
import type { Datasets } from '../datasets/datasets';
import { Disposable } from '../disposable';
import type { TrainingJob, TrainingJobs } from '../training/trainingJobs';
import { childrenOf, type DatasetState, type Node } from './nodes';
import { treeItem } from './treeItems';

export const DATASETS_VIEW = 'kindred.datasets';

/** Milliseconds between two pictures of a training's progress in the tree. */
const LIVE = 1000;

/** The view "Datasets". */
export class DatasetTree extends Disposable implements vscode.TreeDataProvider<Node> {
  private readonly changed = this.register(new vscode.EventEmitter<Node | undefined>());
  readonly onDidChangeTreeData = this.changed.event;
  readonly view: vscode.TreeView<Node>;
  /** Nodes of the run that is being trained, to be drawn again with its progress. */
  private live: Node | undefined;
  private drawn = 0;

  constructor(
    private readonly datasets: Datasets,
    private readonly jobs: TrainingJobs,
  ) {
    super();
    this.view = this.register(
      vscode.window.createTreeView(DATASETS_VIEW, { treeDataProvider: this, showCollapseAll: true }),
    );
    this.register(datasets.onDidChange(() => this.changed.fire(undefined)));
    this.register(jobs.onDidChange((dataset) => datasets.refresh(dataset)));
    this.register(jobs.onDidProgress((job) => this.progress(job)));
  }

  getTreeItem(node: Node): vscode.TreeItem {
    const job = node.kind === 'run' && this.jobs.isRunning(node.dataset, node.run) ? this.jobs.current : undefined;
    if (job) this.live = node;
    return treeItem(node, job);
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node) return childrenOf(node);
    return Promise.all(
      this.datasets.all.map(async (dataset): Promise<Node> => {
        return { kind: 'dataset', dataset, state: await this.stateOf(dataset) };
      }),
    );
  }

  /** Needed by `reveal`; only datasets are revealed. */
  getParent(): undefined {
    return undefined;
  }

  /** Opens the view and selects a dataset in it. */
  async reveal(dataset: DatasetRef): Promise<void> {
    const nodes = await this.getChildren();
    const node = nodes.find((other) => sameDataset(other.dataset, dataset));
    if (node) await this.view.reveal(node, { select: true, expand: true });
  }

  private async stateOf(dataset: DatasetRef): Promise<DatasetState> {
    try {
      return { kind: 'ready', overview: await this.datasets.overview(dataset) };
    } catch (error) {
      if (error instanceof KindredError && error.code === 'not-found') return { kind: 'closed' };
      return { kind: 'broken', message: toErrorData(error).message };
    }
  }

  private progress(job: TrainingJob): void {
    const now = Date.now();
    if (now - this.drawn < LIVE) return;
    this.drawn = now;
    const shown = this.live?.kind === 'run' && this.live.run === job.run ? this.live : undefined;
    // The first word of a run: the tree does not have it yet.
    if (shown) this.changed.fire(shown);
    else this.datasets.refresh(job.dataset);
  }
}
