import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { KindredError } from '../../../../rpc/errors';
import type { CallContext } from '../../../../rpc/rpc';
import { toWriteError } from '../../../store/atomic';
import type { Progress } from '../../../types/progress';
import type { InstalledTensorflow, TensorflowSource } from '../../../types/tensorflow';
import { engineFolder } from '../locate';
import { packageOf, writeEnginePackage } from './enginePackage';
import { findNpm, type Npm, runNpm } from './npm';
import { checkOffered } from './offers';
import { linkTensorflow, tensorflowOfPython } from './pythonTensorflow';
import { verifyTensorflow } from './verify';

type Context = CallContext<Progress>;

const STAGES = {
  packages: 'Fetching packages',
  library: 'Downloading TensorFlow; this takes minutes',
  building: 'Building the binding to TensorFlow',
  verifying: 'Computing a training step',
} as const;

/**
 * Installs the TensorFlow engine into its folder: beside it first; it takes the place of the one that was there only when it has
 * computed a training step right. Uses the network: only to be called when the person has agreed.
 * @throws KindredError `engine`, `bad-input` (Python), `cancelled`; what was installed before then stays
 */
export async function installTensorflow(
  source: TensorflowSource,
  context: Context,
  folder = engineFolder(),
): Promise<InstalledTensorflow> {
  checkOffered(source);
  const npm = findNpm();
  const python = source.kind === 'python' ? await tensorflowOfPython(source.interpreter, context.signal) : undefined;
  const fresh = `${folder}.new`;
  try {
    await rm(fresh, { recursive: true, force: true });
    await mkdir(fresh, { recursive: true });
    await fill(fresh, { source, npm, python }, context);
    tell(context, 'verifying');
    const { device } = await verifyTensorflow(fresh, context.signal);
    await replace(folder, fresh);
    return { device, folder };
  } catch (error) {
    throw error instanceof KindredError ? error : toWriteError(error, folder);
  } finally {
    await rm(fresh, { recursive: true, force: true }).catch(() => undefined);
  }
}

interface Parts {
  readonly source: TensorflowSource;
  readonly npm: Npm;
  /** The folder of TensorFlow in the Python environment. */
  readonly python: string | undefined;
}

async function fill(folder: string, { source, npm, python }: Parts, context: Context): Promise<void> {
  const { signal } = context;
  const packageFolder = path.join(folder, 'node_modules', packageOf(source));
  tell(context, 'packages');
  await writeEnginePackage(folder, source);
  // The scripts of packages are not run by themselves; the one that is wanted is, below.
  const quiet = ['--ignore-scripts', '--install-links', '--no-audit', '--no-fund', '--loglevel=error'];
  await runNpm(npm, ['install', ...quiet], { cwd: folder, signal });
  if (python === undefined) {
    tell(context, 'library');
    await runNpm(npm, ['run', 'install'], { cwd: packageFolder, signal });
    return;
  }
  await linkTensorflow(python, packageFolder);
  tell(context, 'building');
  await runNpm(npm, ['run', 'build-addon-from-source'], { cwd: packageFolder, signal });
}

/** The old one is moved away before it is deleted, so that a reader never sees a part of either. */
async function replace(folder: string, fresh: string): Promise<void> {
  const old = `${folder}.old`;
  await rm(old, { recursive: true, force: true });
  if (existsSync(folder)) await rename(folder, old);
  await rename(fresh, folder);
  await rm(old, { recursive: true, force: true });
}

/**
 * Deletes the engine.
 * @returns whether there was one
 */
export async function removeTensorflow(folder = engineFolder()): Promise<boolean> {
  const isThere = existsSync(folder);
  try {
    await rm(folder, { recursive: true, force: true });
  } catch (error) {
    throw new KindredError('read-only', `The TensorFlow engine in ${folder} cannot be removed.`, {
      remedy: 'It may be in use: end all trainings, reload the window, and try again.',
      path: folder,
      cause: error,
    });
  }
  return isThere;
}

function tell({ report }: Context, stage: keyof typeof STAGES): void {
  const names = Object.keys(STAGES);
  report({ stage: STAGES[stage], done: names.indexOf(stage), total: names.length, unit: 'steps' });
}
