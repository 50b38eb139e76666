import { KindredError } from '../../rpc/errors';
import { exists } from '../store/files';
import type { StorePaths } from '../store/paths';
import type { TrainingAction } from '../types/training';
import { checkAction, notTraining } from './control';
import { isFitted } from './features/fittedRun';
import { post } from './mailbox';
import { controlOf, readRun, runPaths } from './runStore';

/**
 * Pauses, resumes or stops a training, or changes its learning rate: one of this process, or of another one on this machine or
 * disk. Returns when that was done.
 * @throws KindredError `not-found`, or `invalid-argument` when the run is not being trained, or that cannot be asked of it
 */
export async function controlRun(
  paths: StorePaths,
  run: string,
  action: TrainingAction,
  signal: AbortSignal,
): Promise<void> {
  const checked = checkAction(action);
  const { folder, control: file } = runPaths(paths, run);
  if (checked.kind !== 'stop') await refuseWithoutSteps(paths, run);
  const own = controlOf(folder);
  if (own !== undefined) return own.ask(checked);
  if (!(await isTraining(paths, run))) throw notTraining();
  return post(file, checked, () => isTraining(paths, run), signal);
}

/** A layer that is computed at once can be stopped, but not paused, and has no learning rate. */
async function refuseWithoutSteps(paths: StorePaths, run: string): Promise<void> {
  if (!(await isTraining(paths, run)) || !isFitted((await readRun(paths, run)).settings)) return;
  throw new KindredError('invalid-argument', `The run ${run} computes its linear layer at once, without steps.`, {
    remedy: 'Wait the few seconds that it takes, or stop it.',
  });
}

/** A run that was stopped before its first step leaves nothing behind. */
async function isTraining(paths: StorePaths, run: string): Promise<boolean> {
  return (await exists(runPaths(paths, run).record)) && (await readRun(paths, run)).state === 'running';
}
