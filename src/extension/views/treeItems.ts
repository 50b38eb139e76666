import * as vscode from 'vscode';
import { adviceOf } from '../../rpc/errors';
import type { RunState, RunSummary } from '../../trainer/protocol';
import { datasetName } from '../datasets/datasetRef';
import { batchSize, items, labels, unusableFiles } from '../ui/counts';
import { t } from '../ui/l10n';
import { modelName, runMeasure, stateName } from '../ui/models';
import { bytes, count, percent, trainingText } from '../ui/progressText';
import type { TrainingJob } from '../training/trainingJobs';
import { keyOf } from '../datasets/datasets';
import type { Node } from './nodes';

type NodeOf<K extends Node['kind']> = Extract<Node, { kind: K }>;

/** How a node looks. `job` is the training that goes on now, if it is of this run. */
export function treeItem(node: Node, job: TrainingJob | undefined): vscode.TreeItem {
  const item = itemOf(node, job);
  item.id = `${keyOf(node.dataset)}/${node.kind}/${idOf(node)}`;
  item.contextValue ??= node.kind;
  const description = typeof item.description === 'string' ? item.description : '';
  item.accessibilityInformation = { label: [labelOf(item), description].filter((text) => text !== '').join(', ') };
  return item;
}

function itemOf(node: Node, job: TrainingJob | undefined): vscode.TreeItem {
  switch (node.kind) {
    case 'dataset':
      return datasetItem(node);
    case 'items':
      return itemsItem(node);
    case 'problems':
      return problemsItem(node);
    case 'runs':
      return folder(t('Runs'), 'beaker', node.runs.length);
    case 'run':
      return runItem(node.summary, job, node);
    case 'embeddings':
      return folder(t('Embeddings'), 'graph-scatter', node.overview.embeddings.length);
    case 'embedding':
      return embeddingItem(node);
    case 'quarantine':
      return folder(t('Quarantine'), 'archive', node.batches.length);
    case 'batch':
      return batchItem(node);
  }
}

function datasetItem({ dataset, state }: NodeOf<'dataset'>): vscode.TreeItem {
  const expanded = vscode.TreeItemCollapsibleState.Expanded;
  const item = new vscode.TreeItem(
    state.kind === 'ready' ? state.overview.summary.name : datasetName(dataset),
    state.kind === 'ready' ? expanded : vscode.TreeItemCollapsibleState.None,
  );
  item.tooltip = dataset.root;
  item.contextValue = `dataset.${state.kind}`;
  if (state.kind === 'ready') {
    const { summary } = state.overview;
    item.description = items(summary.items, summary.modality, t);
    item.iconPath = new vscode.ThemeIcon('database');
    return item;
  }
  const broken = state.kind === 'broken';
  item.iconPath = new vscode.ThemeIcon(
    broken ? 'error' : 'circle-outline',
    broken ? colour('errorForeground') : undefined,
  );
  item.description = broken ? t('cannot be read') : t('not opened yet');
  if (broken) item.tooltip = `${dataset.root}\n${state.message}`;
  item.command = command('kindred.refreshDataset', t('Open'), { dataset });
  return item;
}

function itemsItem(node: NodeOf<'items'>): vscode.TreeItem {
  const { summary } = node.overview;
  const item = leaf(t('Items'), summary.modality === 'text' ? 'file-text' : 'file-media');
  const named = summary.labels.length > 0 ? labels(summary.labels.length, t) : t('no labels');
  item.description = [items(summary.items, summary.modality, t), named, bytes(summary.bytes)].join(', ');
  item.tooltip = t('Show counts by label and split');
  item.command = command('kindred.showItems', t('Show Items'), node);
  return item;
}

function problemsItem(node: NodeOf<'problems'>): vscode.TreeItem {
  const { problems, warnings } = node.overview.summary;
  const item = leaf(t('Problems'), 'warning', 'list.warningForeground');
  const unusable = problems.length > 0 ? [unusableFiles(problems.length, t)] : [];
  item.description = [...unusable, ...warnings.map((warning) => warning.message)].join(', ');
  item.tooltip = t('Show what is wrong with which file, and what to do');
  item.command = command('kindred.showProblems', t('Show Problems'), node);
  return item;
}

const RUN_ICONS: Readonly<Record<RunState, readonly [icon: string, colour?: string]>> = {
  running: ['sync~spin'],
  finished: ['pass', 'testing.iconPassed'],
  stopped: ['debug-pause'],
  interrupted: ['warning', 'list.warningForeground'],
  failed: ['error', 'list.errorForeground'],
};

function runItem(run: RunSummary, job: TrainingJob | undefined, node: NodeOf<'run'>): vscode.TreeItem {
  // "running" in the store without a training in this window: another window or the command line is at it.
  const state = job ? 'running' : run.state;
  const item = leaf(run.name, ...RUN_ICONS[state]);
  item.contextValue = job ? 'run.training' : `run.${run.state}`;
  item.description =
    job?.progress !== undefined
      ? trainingText(job.progress, job.latest, t)
      : [
          ...(run.best ? [t('Recall@1 {0}', percent(run.best.recallAt1))] : []),
          ...(state === 'finished' ? [] : [stateName(run, t)]),
        ].join(', ');
  item.tooltip = runTooltip(run);
  item.command = command('kindred.showTraining', t('Show Training'), node);
  return item;
}

function runTooltip(run: RunSummary): string {
  const { loss, embeddingSize, imageSize, seed } = run.settings;
  const size = t('Loss {0}, {1} numbers an embedding, {2} pixels, seed {3}', loss.kind, embeddingSize, imageSize, seed);
  const text = t('Loss {0}, {1} numbers an embedding, seed {2}', loss.kind, embeddingSize, seed);
  return [
    run.name,
    stateName(run, t),
    ...(run.failure ? [adviceOf(run.failure)] : []),
    runMeasure(run, t),
    run.modality === 'text' || run.settings.features !== undefined ? text : size,
    ...(run.device === '' ? [] : [t('Step {0} of {1} on {2}', count(run.step), count(run.steps), run.device)]),
    ...(run.deviceFault ? [adviceOf(run.deviceFault)] : []),
  ].join('\n');
}

function embeddingItem(node: NodeOf<'embedding'>): vscode.TreeItem {
  const { embedding } = node;
  const item = leaf(modelName(embedding.model, node.modality, t), 'graph-scatter');
  item.description = t('{0} items, {1} numbers each', count(embedding.count), embedding.dims);
  item.tooltip = embedding.file;
  item.command = command('kindred.explore', t('Explore'), { dataset: node.dataset, model: embedding.model });
  return item;
}

function batchItem({ summary }: NodeOf<'batch'>): vscode.TreeItem {
  const incomplete = summary.state === 'incomplete';
  const item = leaf(new Date(summary.created).toLocaleString(), incomplete ? 'warning' : 'archive');
  item.description = [batchSize(summary, t), ...(incomplete ? [t('cut short; restoring finishes it')] : [])].join(', ');
  item.tooltip = t('What was applied together, and can be taken back together');
  return item;
}

function folder(label: string, icon: string, size: number): vscode.TreeItem {
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Expanded);
  item.iconPath = new vscode.ThemeIcon(icon);
  item.description = count(size);
  return item;
}

function leaf(label: string, icon: string, colourName?: string): vscode.TreeItem {
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.None);
  item.iconPath = new vscode.ThemeIcon(icon, colourName === undefined ? undefined : colour(colourName));
  return item;
}

function colour(name: string): vscode.ThemeColor {
  return new vscode.ThemeColor(name);
}

function command(name: string, title: string, argument: unknown): vscode.Command {
  return { command: name, title, arguments: [argument] };
}

function labelOf(item: vscode.TreeItem): string {
  return typeof item.label === 'string' ? item.label : (item.label?.label ?? '');
}

function idOf(node: Node): string {
  switch (node.kind) {
    case 'run':
      return node.run;
    case 'embedding':
      return node.embedding.id;
    case 'batch':
      return node.batch;
    default:
      return '';
  }
}
