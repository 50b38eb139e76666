import path from 'node:path';
import * as vscode from 'vscode';
import { KindredError } from '../../rpc/errors';
import type { DatasetRef, DatasetSummary, ManifestColumns } from '../../trainer/protocol';
import type { Services } from '../commands/services';
import { items, labels, unusableFiles } from '../ui/counts';
import { t } from '../ui/l10n';
import { log } from '../ui/log';
import { withProgress } from '../ui/progress';
import { askColumns } from './askColumns';
import { datasetRef } from './datasetRef';

export interface Manifest {
  readonly path: string;
  readonly columns?: ManifestColumns;
}

/**
 * Reads a dataset and makes it known to the window. What can be put right by a question is asked: columns that cannot be guessed,
 * another place for the store when the dataset's folder may not be written.
 */
export async function openDataset(services: Services, ref: DatasetRef, manifest?: Manifest): Promise<DatasetRef> {
  try {
    const summary = await read(services, ref, manifest);
    await services.datasets.add(ref);
    services.panels.refresh(ref, 'dataset');
    log().info(`Opened ${ref.root}: ${summary.items} ${summary.modality}s, ${summary.problems.length} problems.`);
    return ref;
  } catch (error) {
    const again = await remedyFor(services, error, ref, manifest);
    if (again === undefined) throw error;
    return openDataset(services, again.ref, again.manifest);
  }
}

function read(services: Services, ref: DatasetRef, manifest: Manifest | undefined): Promise<DatasetSummary> {
  return withProgress(t('Opening {0}', path.basename(ref.root)), (options) =>
    services.trainer.call('dataset.open', manifest === undefined ? { ref } : { ref, manifest }, options),
  );
}

interface Attempt {
  readonly ref: DatasetRef;
  readonly manifest: Manifest | undefined;
}

async function remedyFor(
  services: Services,
  error: unknown,
  ref: DatasetRef,
  manifest: Manifest | undefined,
): Promise<Attempt | undefined> {
  if (!(error instanceof KindredError)) return undefined;
  if (error.code === 'read-only' && ref.store === undefined) return elsewhere(services, error, ref, manifest);
  if (manifest === undefined || !aboutColumns(error, manifest)) return undefined;
  return { ref, manifest: { path: manifest.path, columns: await askColumns(manifest.path) } };
}

/** The trainer could not guess which column has the paths, or the columns were renamed. */
function aboutColumns(error: KindredError, manifest: Manifest): boolean {
  return error.code === 'bad-input' && error.path === manifest.path && error.message.includes('has no column');
}

async function elsewhere(
  services: Services,
  error: KindredError,
  ref: DatasetRef,
  manifest: Manifest | undefined,
): Promise<Attempt | undefined> {
  const keep = t('Keep Them in VS Code');
  const detail = t("Kindred's files for this dataset can be kept in VS Code's own folder instead.");
  const choice = await vscode.window.showWarningMessage(`${error.message} ${detail}`, keep);
  if (choice !== keep) return undefined;
  const folder = path.join(services.extension.globalStorageUri.fsPath, 'stores');
  return { ref: datasetRef(ref.root, folder), manifest };
}

/** Offers the next step, without waiting for the answer. */
export async function offerNextStep(dataset: DatasetRef, summary: DatasetSummary): Promise<void> {
  const explore = t('Explore Embeddings');
  const train = t('Train');
  const problems = t('Show Problems');
  const bad = summary.problems.length;
  const size = [items(summary.items, summary.modality, t), labels(summary.labels.length, t)].join(', ');
  const text = t('{0} is open: {1}.', summary.name, size);
  const full = bad === 0 ? text : `${text} ${unusableFiles(bad, t)}.`;
  const choice = await vscode.window.showInformationMessage(full, explore, train, ...(bad === 0 ? [] : [problems]));
  if (choice === explore) await vscode.commands.executeCommand('kindred.explore', { dataset });
  if (choice === train) await vscode.commands.executeCommand('kindred.train', { dataset });
  if (choice === problems) await vscode.commands.executeCommand('kindred.showProblems', { dataset });
}
