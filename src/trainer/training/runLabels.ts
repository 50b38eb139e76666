import type { StorePaths } from '../store/paths';
import type { ModelId } from '../types/embedding';
import { readRecord } from './runStore';

/**
 * The columns by which a run was trained, and is measured; undefined for the dataset's own label, and for a model that is no run.
 * @throws KindredError `not-found` for an unknown run
 */
export async function labelColumnsOfRun(paths: StorePaths, model: ModelId): Promise<readonly string[] | undefined> {
  if (!model.startsWith('run:')) return undefined;
  return (await readRecord(paths, model.slice('run:'.length))).settings.labelColumns;
}
