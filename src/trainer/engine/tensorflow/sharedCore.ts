import Module, { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs-core';

/** What the package asks for by these names is TensorFlow.js's core. */
const CORE = ['@tensorflow/tfjs', '@tensorflow/tfjs-core'];

/**
 * A `require` of the package's own folder that gives it *our* copy of TensorFlow.js's core. Its kernels and its backend are then
 * registered where our programs look for them, whatever copies lie on the disk; the rest of TensorFlow.js, which the package
 * would load too, is not needed and need not be installed.
 * @param entry a file of the package
 */
export function requireWithOurCore(entry: string): NodeJS.Require {
  const require = createRequire(entry);
  for (const name of CORE) {
    const file = resolved(require, name);
    if (file === undefined) continue;
    const core = new Module(file);
    core.exports = coreForOldClasses();
    core.loaded = true;
    require.cache[file] = core;
  }
  return require;
}

function resolved(require: NodeJS.Require, name: string): string | undefined {
  try {
    return require.resolve(name);
  } catch {
    return undefined;
  }
}

/** The package's classes are functions, as in old JavaScript; such a one cannot extend a class of today. */
function coreForOldClasses(): object {
  // eslint-disable-next-line @typescript-eslint/no-empty-function -- the base class has nothing to set up
  const KernelBackend = function (): void {};
  KernelBackend.prototype = tf.KernelBackend.prototype;
  return { ...tf, KernelBackend };
}
