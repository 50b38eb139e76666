import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { KindredError } from '../../../rpc/errors';

/** The two packages that bring TensorFlow to Node, the one with CUDA first. */
export const PACKAGES = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const;

/** Where the engine is installed: what the extension passes on, else a folder of the person's own. */
export function engineFolder(): string {
  const given = process.env['KINDRED_TENSORFLOW'];
  return given === undefined || given === '' ? path.join(dataFolder(), 'kindred', 'tensorflow') : given;
}

/** The folder in which programs keep the person's data, by the custom of the platform. */
function dataFolder(): string {
  const home = os.homedir();
  switch (process.platform) {
    case 'win32':
      return process.env['LOCALAPPDATA'] ?? path.join(home, 'AppData', 'Local');
    case 'darwin':
      return path.join(home, 'Library', 'Application Support');
    default:
      return process.env['XDG_DATA_HOME'] ?? path.join(home, '.local', 'share');
  }
}

/** The folder of the first package that is there and built: in the engine's folder, else where this code finds packages. */
export function findTensorflow(folder = engineFolder()): string | undefined {
  return packageFolders(folder).find((found) => bindingOf(found) !== undefined);
}

function packageFolders(folder: string): string[] {
  const installed = PACKAGES.map((name) => path.join(folder, 'node_modules', name));
  return [...installed, ...PACKAGES.map(resolved).filter((found) => found !== undefined)];
}

function resolved(name: string): string | undefined {
  try {
    return path.dirname(createRequire(__filename).resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
}

/** The native part of a package: of those built for versions of Node's interface that this Node has, the newest. */
export function bindingOf(packageFolder: string): string | undefined {
  const lib = path.join(packageFolder, 'lib');
  if (!existsSync(lib)) return undefined;
  const supported = Number(process.versions['napi'] ?? 0);
  return readdirSync(lib)
    .map((name) => Number(/^napi-v(\d+)$/.exec(name)?.[1]))
    .filter((version) => version <= supported)
    .sort((a, b) => b - a)
    .map((version) => path.join(lib, `napi-v${version}`, 'tfjs_binding.node'))
    .find((file) => existsSync(file));
}

export function notInstalled(): KindredError {
  return new KindredError('engine', 'The TensorFlow engine is not installed.', {
    remedy:
      'Run "Kindred: Install TensorFlow Engine" (on the command line: kindred install-engine tensorflow), or choose another engine.',
  });
}
