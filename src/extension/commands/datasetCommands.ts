import { stat } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { KindredError } from '../../rpc/errors';
import type { DatasetRef } from '../../trainer/protocol';
import { isManifest } from '../datasets/manifestColumns';
import { offerNextStep, openDataset, type Manifest } from '../datasets/openDataset';
import { copySample, packedSample } from '../datasets/sample';
import { revealUri } from '../panels/itemFile';
import { t } from '../ui/l10n';
import { askDataset, choose } from './ask';
import type { Commands, Services } from './services';

/** Commands about datasets. */
export function datasetCommands(services: Services): Commands {
  return {
    'kindred.openDataset': (argument) => open(services, argument),
    'kindred.openSample': (argument) => openSample(services, argument),
    'kindred.refreshDataset': (argument) => refresh(services, argument),
    'kindred.removeDataset': (argument) => remove(services, argument),
    'kindred.revealDataset': async (argument) =>
      revealUri(vscode.Uri.file((await askDataset(services, argument)).root)),
  };
}

/** On a folder or manifest (a Uri, from the explorer or another extension), or on what the person picks. */
async function open(services: Services, argument: unknown): Promise<DatasetRef> {
  const uri = argument instanceof vscode.Uri ? argument : await pick();
  if (uri.scheme !== 'file') {
    throw new KindredError('bad-input', t('{0} is not on this machine.', uri.toString(true)), {
      remedy: t('Kindred reads datasets from the disk of the machine that it runs on.'),
    });
  }
  const place = uri.fsPath;
  const folder = (await stat(place)).isDirectory();
  if (!folder && !isManifest(place)) {
    throw new KindredError('bad-input', t('{0} is neither a folder nor a table.', place), {
      remedy: t('Choose a folder of images or texts, or a CSV, TSV or JSONL file that lists them.'),
    });
  }
  return folder ? opened(services, place) : opened(services, path.dirname(place), { path: place });
}

async function opened(services: Services, root: string, manifest?: Manifest): Promise<DatasetRef> {
  const ref = await openDataset(services, services.datasets.refFor(root), manifest);
  const { summary } = await services.datasets.overview(ref);
  await services.tree.reveal(ref);
  void offerNextStep(ref, summary);
  return ref;
}

/** The dialog of a system shows either folders or files, so it is asked first which it is. */
async function pick(): Promise<vscode.Uri> {
  const workspace = vscode.workspace.workspaceFolders ?? [];
  const way = await choose<vscode.Uri | 'folder' | 'file'>(
    [
      ...workspace.map((folder) => ({
        label: `$(root-folder) ${folder.name}`,
        detail: folder.uri.fsPath,
        value: folder.uri,
      })),
      { label: `$(folder-opened) ${t('Choose a folder of images or texts...')}`, value: 'folder' },
      { label: `$(table) ${t('Choose a CSV, TSV or JSONL file...')}`, value: 'file' },
    ],
    { title: t('Open Dataset') },
  );
  if (typeof way !== 'string') return way;
  const start = workspace.at(0)?.uri;
  const chosen = (
    await vscode.window.showOpenDialog({
      canSelectFolders: way === 'folder',
      canSelectFiles: way === 'file',
      openLabel: t('Open Dataset'),
      ...(start === undefined ? {} : { defaultUri: start }),
      ...(way === 'file' ? { filters: { [t('Tables')]: ['csv', 'tsv', 'jsonl', 'ndjson'] } } : {}),
    })
  )?.at(0);
  if (!chosen) throw new KindredError('cancelled', 'Cancelled.');
  return chosen;
}

async function openSample(services: Services, argument: unknown): Promise<DatasetRef> {
  const sample = await packedSample(services.extension.extensionPath);
  const folder = argument instanceof vscode.Uri ? argument.fsPath : await samplePlace(services);
  const copying = { location: vscode.ProgressLocation.Notification, title: t('Copying the sample dataset') };
  await vscode.window.withProgress(copying, () => copySample(sample, folder));
  return opened(services, folder);
}

async function samplePlace(services: Services): Promise<string> {
  const own = path.join(services.extension.globalStorageUri.fsPath, 'sample');
  const way = await choose(
    [
      { label: `$(archive) ${t("In VS Code's own folder")}`, detail: own, value: 'own' as const },
      { label: `$(folder-opened) ${t('In a folder that you choose...')}`, value: 'choose' as const },
    ],
    { title: t('Where shall the sample dataset be kept?') },
  );
  if (way === 'own') return own;
  const options = { canSelectFolders: true, canSelectFiles: false, openLabel: t('Copy the Sample Here') };
  const chosen = (await vscode.window.showOpenDialog(options))?.at(0);
  if (!chosen) throw new KindredError('cancelled', 'Cancelled.');
  return path.join(chosen.fsPath, 'kindred-sample');
}

/** Reads the dataset's files again, the way that it was opened. */
async function refresh(services: Services, argument: unknown): Promise<void> {
  const dataset = await askDataset(services, argument);
  await openDataset(services, dataset, await manifestOf(services, dataset));
}

async function manifestOf(services: Services, dataset: DatasetRef): Promise<Manifest | undefined> {
  try {
    const { source } = (await services.datasets.overview(dataset)).summary;
    if (source.kind !== 'manifest') return undefined;
    return { path: path.join(dataset.root, ...source.path.split('/')), columns: source.columns };
  } catch (error) {
    if (error instanceof KindredError && error.code === 'not-found') return undefined;
    throw error;
  }
}

/** Forgets the dataset; nothing on the disk is touched, so nothing is asked. */
async function remove(services: Services, argument: unknown): Promise<void> {
  const dataset = await askDataset(services, argument);
  services.panels.closeAll(dataset);
  await services.datasets.remove(dataset);
}
