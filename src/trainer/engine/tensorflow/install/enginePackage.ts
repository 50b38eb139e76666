import path from 'node:path';
import { writeFileAtomic } from '../../../store/atomic';
import type { TensorflowSource } from '../../../types/tensorflow';

/** The one version whose kernels ours are tested with; that of our own TensorFlow.js. */
const VERSION = '4.22.0';

export function packageOf({ kind }: TensorflowSource): string {
  return kind === 'gpu' ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node';
}

/**
 * Writes the package.json from which npm fills the engine's folder. The package would bring all of TensorFlow.js along, 300 MB, of
 * which nothing is used, since it is given our core; a small package stands in for it.
 */
export async function writeEnginePackage(folder: string, source: TensorflowSource): Promise<void> {
  const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;
  await writeFileAtomic(
    path.join(folder, 'core', 'package.json'),
    json({
      name: 'kindred-tensorflow-core',
      version: VERSION,
      description: 'Stands in for TensorFlow.js, whose core Kindred brings itself.',
      main: 'index.js',
    }),
  );
  await writeFileAtomic(
    path.join(folder, 'core', 'index.js'),
    `throw new Error('This package only marks a place; Kindred puts its own TensorFlow.js there.');\n`,
  );
  await writeFileAtomic(
    path.join(folder, 'package.json'),
    json({
      name: 'kindred-tensorflow-engine',
      private: true,
      description: 'Made by Kindred: Install TensorFlow Engine. It may be deleted.',
      dependencies: {
        [packageOf(source)]: VERSION,
        '@tensorflow/tfjs': 'file:core',
        '@tensorflow/tfjs-core': 'file:core',
      },
      overrides: { '@tensorflow/tfjs': '$@tensorflow/tfjs' },
    }),
  );
}
