import { join } from 'node:path';
import { KindredError } from '../../rpc/errors';
import { writeFileAtomic } from '../store/atomic';
import { files } from '../store/files';
import { resolveInside } from '../store/paths';
import type { FileProblem } from '../types/dataset';
import { ManifestRows, pathKey } from './manifestRows';
import { isThere } from './moveFile';
import type { Batch, PlannedFile } from './quarantine';

/**
 * Makes the manifest of a batch fit to where the files are: no rows for those that are away, rows for those that are home. It
 * looks at the files and the manifest only, so it may be cut short and done again at any time.
 *
 * Rows that come back stand where they stood, byte by byte, when the manifest was not changed since by anything else;
 * otherwise they are added at its end, which is reported.
 */
export async function syncManifest(batch: Batch, root: string, away: readonly PlannedFile[]): Promise<FileProblem[]> {
  const { manifest } = batch.plan;
  const removals = batch.plan.files.filter(({ to }) => to === undefined);
  if (manifest === undefined || removals.length === 0) return [];
  const path = resolveInside(root, manifest.path);
  const copy = join(batch.folder, manifest.copy);
  if (!(await isThere(path))) return away.length === removals.length ? [] : [gone(manifest.path, copy)];
  const [before, now] = await Promise.all([
    ManifestRows.read(copy, root, manifest.column),
    ManifestRows.read(path, root, manifest.column),
  ]);
  const awayKeys = new Set(away.map((file) => pathKey(file.path)));
  const present = now.keys();
  const planned = removals.map((file) => pathKey(file.path)).filter((key) => before.has(key));
  const missing = new Set(planned.filter((key) => !present.has(key)));
  const back = new Set([...missing].filter((key) => !awayKeys.has(key)));
  if (before.without(missing).equals(now.bytes)) {
    await write(path, before.without(awayKeys), now.bytes, batch, root, before.texts(awayKeys));
    return [];
  }
  const without = now.without(awayKeys);
  await write(path, without, now.bytes, batch, root, now.texts(awayKeys));
  return back.size === 0 ? [] : addAtEnd(path, manifest, copy, before, back, root);
}

interface Manifest {
  readonly path: string;
  readonly column: string;
}

async function addAtEnd(
  path: string,
  manifest: Manifest,
  copy: string,
  before: ManifestRows,
  back: ReadonlySet<string>,
  root: string,
): Promise<FileProblem[]> {
  const now = await ManifestRows.read(path, root, manifest.column);
  if (!now.head.equals(before.head)) {
    return [
      {
        path: manifest.path,
        reason: `has other columns now, so the rows of ${back.size} restored files could not be added`,
        remedy: `Add them by hand; the manifest as it was is ${copy}.`,
      },
    ];
  }
  await writeFileAtomic(path, now.withRowsOf(before, back));
  return [
    {
      path: manifest.path,
      reason: `was changed since the files were moved, so the rows of ${back.size} restored files were added at its end`,
      remedy: `Check the end of the manifest; as it was before, it is ${copy}.`,
    },
  ];
}

/** Writes the manifest when it differs, after a look that exactly the rows are left that should be. */
async function write(
  path: string,
  content: Buffer,
  current: Buffer,
  batch: Batch,
  root: string,
  rows: readonly string[],
): Promise<void> {
  if (content.equals(current)) return;
  const { manifest } = batch.plan;
  const trial = join(batch.folder, `trial-${manifest?.copy ?? ''}`);
  await writeFileAtomic(trial, content, { durable: false });
  const read = await ManifestRows.read(trial, root, manifest?.column ?? '');
  await files().unlink(trial);
  const texts = read.texts(new Set());
  if (texts.length !== rows.length || texts.some((text, at) => text !== rows[at])) {
    throw new KindredError('bad-input', `The rows of ${path} could not be told apart, so it was left as it is.`, {
      remedy: 'Take the rows of the moved files out by hand, or restore the batch.',
      path,
    });
  }
  await writeFileAtomic(path, content);
}

function gone(path: string, copy: string): FileProblem {
  return {
    path,
    reason: 'is not there, so the rows of the restored files could not be added',
    remedy: `Put the manifest back; as it was before, it is ${copy}.`,
  };
}
