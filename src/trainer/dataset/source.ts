import { join } from 'node:path';
import { KindredError } from '../../rpc/errors';
import { fileErrorCode, files } from '../store/files';
import { type StorePaths } from '../store/paths';
import { listFolder } from './folderListing';
import { type Listing } from './listing';
import { listManifest } from './manifest';
import { type OpenedFiles } from './opening';
import type { ManifestColumns } from '../types/dataset';

/**
 * Lists the files of a dataset, from its manifest if one is given, else from its folder.
 * @throws KindredError when there is nothing to open.
 */
export async function listSource(
  paths: StorePaths,
  manifest: { readonly path: string; readonly columns?: ManifestColumns } | undefined,
  signal: AbortSignal,
): Promise<Listing> {
  await refuseNoFolder(paths.root);
  if (manifest !== undefined) return listManifest(paths.root, manifest.path, manifest.columns, signal);
  const listing = await listFolder(paths.root, paths.folder, signal);
  if (listing.files.length > 0) return listing;
  const remedy =
    'Choose a folder that holds PNG, JPEG, WebP, GIF, TIFF or AVIF files, or TXT or Markdown files, or a CSV or JSONL manifest that names them or has texts.';
  const { problems, ignored } = listing;
  const what =
    ignored + problems.length === 0
      ? 'is empty'
      : `has no images and no texts (it has ${ignored + problems.length} other files)`;
  throw new KindredError('bad-input', `The folder ${paths.root} ${what}.`, { remedy, path: paths.root });
}

/** @throws KindredError when not one of the files can be used. */
export function refuseUnusable(paths: StorePaths, listing: Listing, opened: OpenedFiles): void {
  if (opened.records.length > 0) return;
  const [first] = opened.problems;
  const example = `${first.path} ${first.reason}`;
  const place = listing.source.kind === 'manifest' ? join(paths.root, listing.source.path) : paths.root;
  const message = `Not one of the ${opened.problems.length} ${listing.modality}s of ${place} can be used; the first: ${example}.`;
  throw new KindredError('bad-input', message, { remedy: first.remedy, path: place });
}

async function refuseNoFolder(root: string): Promise<void> {
  try {
    if ((await files().stat(root)).isDirectory()) return;
  } catch (error) {
    const remedy = 'Check the path, or choose another folder.';
    const code = fileErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new KindredError('not-found', `There is no folder ${root}.`, { remedy, path: root, cause: error });
    const detail = error instanceof Error ? error.message : String(error);
    throw new KindredError('bad-input', `The folder ${root} cannot be read: ${detail}.`, {
      remedy,
      path: root,
      cause: error,
    });
  }
  const remedy = 'Choose the folder that holds it; a manifest is given beside the folder.';
  throw new KindredError('bad-input', `${root} is a file, not a folder.`, { remedy, path: root });
}
