import { dirname } from 'node:path';
import { KindredError, throwIfCancelled } from '../../rpc/errors';
import type { CallContext } from '../../rpc/rpc';
import type { Dataset } from '../dataset/dataset';
import { toWriteError } from '../store/atomic';
import type { StorePaths } from '../store/paths';
import type { ApplyReport } from '../types/curation';
import type { FileProblem } from '../types/dataset';
import type { Progress } from '../types/progress';
import { hashFile, isThere, moveFile, syncFolder } from './moveFile';
import type { LabelSync } from './manifestLabels';
import { moveProblem, moving, problem, syncCells, syncRows } from './moving';
import { Pace } from './pace';
import { Batch, type PlannedFile } from './quarantine';

/**
 * Moves the files of a batch back to where they were, their rows into the manifest, and gives items their labels of before. Also ends what was cut short, an apply
 * or a restore. Nothing is overwritten: where something else is in the place of a file, the file stays in the batch and is
 * listed, and the batch can be restored again.
 * @throws KindredError `not-found` for an unknown batch, `invalid-argument` for one that is restored already, `bad-input` when
 *   its plan is damaged, `read-only`, `disk-full`, `cancelled`
 */
export async function restoreBatch(
  { paths }: Pick<Dataset, 'paths'>,
  id: string,
  context: CallContext<Progress>,
): Promise<ApplyReport> {
  return moving(paths, async () => {
    const batch = await Batch.read(paths, id);
    const phase = await batch.phase();
    if (phase === 'restored') {
      throw new KindredError('invalid-argument', `The batch ${id} is restored already.`, {
        remedy: 'Open the dataset again; its files are in their places.',
      });
    }
    if (phase === 'applying') await batch.dropPartials('away');
    if (phase === 'restoring') await batch.dropPartials('home');
    await batch.setPhase('restoring', []);
    return moveBack(batch, paths, context);
  });
}

async function moveBack(batch: Batch, paths: StorePaths, context: CallContext<Progress>): Promise<ApplyReport> {
  const problems: FileProblem[] = [];
  const folders = new Set<string>();
  const pace = new Pace(context);
  pace.begin('Moving back', batch.plan.files.length, 'files');
  const moved = { files: 0, relabelled: 0 };
  let cells: LabelSync = { done: 0, open: batch.plan.labels?.length ?? 0, problems: [] };
  let cause: { readonly error: unknown } | undefined;
  try {
    // First, so that the manifest is to the byte what rows were taken out of.
    cells = await syncCells(batch, paths.root, 'from');
    problems.push(...cells.problems);
    for (const [done, file] of batch.plan.files.entries()) {
      throwIfCancelled(context.signal);
      if (pace.due()) await pace.breathe(done);
      const outcome = await moveHome(batch, file);
      if (outcome === 'moved') {
        moved[file.to === undefined ? 'files' : 'relabelled']++;
        folders.add(dirname(batch.homePath(file)));
      } else if (outcome !== 'there') problems.push(outcome);
    }
  } catch (error) {
    cause = { error };
  }
  const away = await batch.away();
  problems.push(...(await syncRows(batch, paths.root, away)));
  // Left as being restored, it can be seen that it was cut short.
  if (cause) throw toWriteError(cause.error, paths.root);
  for (const folder of folders) await syncFolder(folder);
  const summary = await (away.length === 0 && cells.open === 0
    ? batch.setPhase('restored', batch.plan.files, batch.plan.labels?.length)
    : batch.setPhase('applied', away, cells.open));
  const relabelled = moved.relabelled + cells.done;
  return { batch: summary, moved: moved.files, ...(relabelled > 0 ? { relabelled } : {}), problems };
}

async function moveHome(batch: Batch, file: PlannedFile): Promise<'moved' | 'there' | FileProblem> {
  try {
    const [home, away] = [batch.homePath(file), batch.awayPath(file)];
    if (!(await isThere(away))) {
      // An apply that was cut short, or this restore before: the file is at home.
      if (await isThere(home)) return 'there';
      const remedy = 'It was moved or deleted by other means; put it back from a backup if you need it.';
      return problem(file, 'is neither in its place nor in the batch', remedy);
    }
    if (await batch.dropTwin(file)) return 'moved';
    if ((await hashFile(away)) !== file.hash) {
      const remedy = `Look at ${away}, and move it back by hand if it is what you want.`;
      return problem(file, 'was changed while it was in quarantine', remedy);
    }
    await moveFile(away, home, batch.partialPath(file, 'home'), file.hash);
    return 'moved';
  } catch (error) {
    return moveProblem(file, error);
  }
}
