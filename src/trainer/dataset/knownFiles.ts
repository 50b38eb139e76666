import { KindredError } from '../../rpc/errors';
import { fileErrorCode, files } from '../store/files';
import { type StorePaths } from '../store/paths';
import { inSlices } from '../store/slices';
import { readDatasetFile } from './datasetFile';
import { UnusableFile } from './fileProblem';
import { decodeItems } from './itemArrow';
import { readLog, type KnownFile } from './openingLog';

/** Every file of which something is known, by path: from the last opening, and from one that was interrupted since. */
export async function knownFiles(paths: StorePaths): Promise<Map<string, KnownFile>> {
  const known = new Map<string, KnownFile>();
  try {
    await addItems(paths, known);
    for (const { path, reason, remedy, bytes, modified } of (await readDatasetFile(paths)).rejected)
      known.set(path, { path, bytes, modified, outcome: new UnusableFile(reason, remedy, true) });
  } catch (error) {
    // Never opened, damaged, or of another version: all is read anew.
    if (!(error instanceof KindredError) && fileErrorCode(error) !== 'ENOENT') throw error;
  }
  for (const file of await readLog(paths)) known.set(file.path, file);
  return known;
}

async function addItems(paths: StorePaths, known: Map<string, KnownFile>): Promise<void> {
  const items = await decodeItems(await files().readFile(paths.items), paths.items);
  await inSlices(items.count, (i) => {
    const path = items.paths[i];
    const outcome = {
      hash: items.hashes[i],
      width: items.widths[i],
      height: items.heights[i],
      perceptualHash: items.perceptualHashes[i],
    };
    known.set(path, { path, bytes: items.bytes[i], modified: items.modified[i], outcome });
  });
}
