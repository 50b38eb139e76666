import { dirname } from 'node:path';
import { KindredError, throwIfCancelled } from '../../rpc/errors';
import type { CallContext } from '../../rpc/rpc';
import type { Dataset } from '../dataset/dataset';
import { toWriteError } from '../store/atomic';
import { files } from '../store/files';
import type { StorePaths } from '../store/paths';
import type { ApplyReport, DecisionState } from '../types/curation';
import type { DatasetSource, FileProblem } from '../types/dataset';
import type { Progress } from '../types/progress';
import { hashFile, moveFile, syncFolder } from './moveFile';
import { moveProblem, moving, problem, syncCells, syncRows } from './moving';
import { Pace } from './pace';
import { Batch, batchIds, type PlannedFile, type PlannedManifest } from './quarantine';
import { planRelabels, relabelsOf } from './relabelling';

export { planApply } from './planApply';
export { listBatches } from './quarantine';
export { restoreBatch } from './restore';

type Subject = Pick<Dataset, 'items' | 'summary' | 'paths'>;

/**
 * Moves the items judged `remove` to a new batch of the quarantine, and their rows out of the manifest, and gives items their new
 * labels: by a move to the folder of the label, or in the cell of the manifest. The plan is on the disk
 * before the first file moves; whatever cuts it short, every file is where it was or in the batch, and `restoreBatch` or the
 * next apply brings it to an end. A file that has changed since it was decided stays where it is and is listed.
 * @throws KindredError `invalid-argument` when nothing is to be done; `read-only`, `disk-full`, `cancelled` (what was moved
 *   until then is a batch)
 */
export async function applyDecisions(
  dataset: Subject,
  state: DecisionState,
  context: CallContext<Progress>,
): Promise<ApplyReport> {
  const { items, paths, summary } = dataset;
  const wanted = relabelsOf(dataset, state);
  if (state.remove.length === 0 && wanted.length === 0) {
    throw new KindredError('invalid-argument', 'No item is marked to be removed or to get another label.', {
      remedy: 'Review the duplicates or the suspected labels first, and mark what should change.',
    });
  }
  const manifest = manifestOf(summary.source);
  return moving(paths, async () => {
    for (const id of await batchIds(paths)) await settle(paths, id);
    const removed = state.remove.map((item) => ({
      path: items.paths[item],
      hash: items.hashes[item],
      bytes: items.bytes[item],
    }));
    const relabels = await planRelabels(dataset, wanted);
    const batch = await Batch.create(paths, [...removed, ...relabels.files], manifest, relabels.labels);
    const report = await moveOut(batch, paths, context);
    return { ...report, problems: [...relabels.problems, ...report.problems] };
  });
}

function manifestOf(source: DatasetSource): PlannedManifest | undefined {
  if (source.kind !== 'manifest') return undefined;
  const { path, label } = source.columns;
  if (path === undefined) throw rowsStay(source.path);
  return { path: source.path, column: path, ...(label === undefined ? {} : { label }) };
}

/** Rows have no files that could be moved and brought back. */
function rowsStay(manifest: string): KindredError {
  return new KindredError('invalid-argument', `The texts are rows of ${manifest}, which Kindred does not change.`, {
    remedy:
      'List what to remove with "kindred decisions --json" and leave these rows out, or keep each text in a file.',
  });
}

async function moveOut(batch: Batch, paths: StorePaths, context: CallContext<Progress>): Promise<ApplyReport> {
  const problems: FileProblem[] = [];
  const pace = new Pace(context);
  const { files: planned } = batch.plan;
  pace.begin('Moving files', planned.length, 'files');
  let cause: { readonly error: unknown } | undefined;
  try {
    for (const [done, file] of planned.entries()) {
      throwIfCancelled(context.signal);
      if (pace.due()) await pace.breathe(done);
      const problem = await moveAway(batch, file);
      if (problem) problems.push(problem);
    }
  } catch (error) {
    cause = { error };
  }
  const end = await finish(batch, paths).catch((error: unknown) => {
    throw toWriteError(cause ? cause.error : error, paths.quarantine);
  });
  if (cause) throw toWriteError(cause.error, paths.quarantine);
  const { batch: summary } = end;
  return {
    batch: summary,
    moved: summary.files,
    ...(summary.relabelled === undefined ? {} : { relabelled: summary.relabelled }),
    problems: [...problems, ...end.problems],
  };
}

/** @returns what was wrong with the file, if it stays where it is */
async function moveAway(batch: Batch, file: PlannedFile): Promise<FileProblem | undefined> {
  try {
    const home = batch.homePath(file);
    const stat = await files().lstat(home);
    if (!stat.isFile()) {
      return problem(file, 'is a link or a folder, and only plain files are moved', 'Remove it by hand.');
    }
    if ((await hashFile(home)) !== file.hash) {
      const remedy = 'Open the dataset again, look at the picture as it is now, and decide anew.';
      return problem(file, 'has changed since it was decided to remove it', remedy);
    }
    await moveFile(home, batch.awayPath(file), batch.partialPath(file, 'away'), file.hash);
    return undefined;
  } catch (error) {
    return moveProblem(file, error);
  }
}

/** Fits the manifest to what has moved, and writes down that the apply is over. A batch without files is no batch. */
async function finish(
  batch: Batch,
  paths: StorePaths,
): Promise<{ batch: Awaited<ReturnType<Batch['summary']>>; problems: FileProblem[] }> {
  const away = await batch.away();
  for (const folder of foldersOf(batch, away)) await syncFolder(folder);
  const problems = await syncRows(batch, paths.root, away);
  const cells = await syncCells(batch, paths.root, 'to');
  const summary = await batch.setPhase('applied', away, cells.done);
  if (away.length === 0 && cells.done === 0) await files().remove(batch.folder);
  return { batch: summary, problems: [...problems, ...cells.problems] };
}

function foldersOf(batch: Batch, moved: readonly PlannedFile[]): Set<string> {
  return new Set(moved.flatMap((file) => [dirname(batch.awayPath(file))]));
}

/** Brings an apply that was cut short to an end with the files that it had moved. */
async function settle(paths: StorePaths, id: string): Promise<void> {
  try {
    const batch = await Batch.read(paths, id);
    if ((await batch.phase()) !== 'applying') return;
    await batch.dropPartials('away');
    for (const file of batch.plan.files) await batch.dropTwin(file);
    await finish(batch, paths);
  } catch (error) {
    // A damaged batch is listed and must not be in the way of others.
    if (!(error instanceof KindredError) || !['bad-input', 'not-found'].includes(error.code)) throw error;
  }
}
