import type * as vscode from 'vscode';
import type { Datasets } from '../datasets/datasets';
import type { Panels } from '../panels/panels';
import type { Reports } from '../reports/reports';
import type { Trainer } from '../client/trainer';
import type { TrainingJobs } from '../training/trainingJobs';
import type { DatasetTree } from '../views/datasetTree';

/** What commands work with. */
export interface Services {
  readonly extension: vscode.ExtensionContext;
  readonly trainer: Trainer;
  readonly datasets: Datasets;
  readonly jobs: TrainingJobs;
  readonly panels: Panels;
  readonly tree: DatasetTree;
  readonly reports: Reports;
}

/** Names of commands, as package.json has them without the prefix, and what they do. */
export type Commands = Readonly<Record<`kindred.${string}`, (argument?: unknown, ...more: unknown[]) => unknown>>;
