import { existsSync } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { KindredError } from '../../../../rpc/errors';
import { runProgram } from './program';

/** Where a Python environment has TensorFlow, found without loading it (which takes long). */
const FIND = `
import importlib.util, json
spec = importlib.util.find_spec("tensorflow")
print(json.dumps(list(spec.submodule_search_locations) if spec and spec.submodule_search_locations else []))
`;

const LIBRARY = 'libtensorflow_cc.so.2';
const FRAMEWORK = 'libtensorflow_framework.so.2';

/**
 * The folder of TensorFlow in the environment of a Python interpreter.
 * @throws KindredError `bad-input` when the interpreter cannot be run, or has no TensorFlow that can be linked against
 */
export async function tensorflowOfPython(interpreter: string, signal: AbortSignal | undefined): Promise<string> {
  const [folder] = JSON.parse(await runPython(interpreter, signal)) as string[];
  if ((folder as string | undefined) === undefined) {
    throw new KindredError('bad-input', `The Python environment of ${interpreter} has no TensorFlow.`, {
      remedy: `Install it there ("${interpreter} -m pip install tensorflow"), or name another interpreter.`,
      path: interpreter,
    });
  }
  const missing = ['include', LIBRARY, FRAMEWORK].find((name) => !existsSync(path.join(folder, name)));
  if (missing === undefined) return folder;
  throw new KindredError('bad-input', `The TensorFlow in ${folder} cannot be linked against: it has no ${missing}.`, {
    remedy: 'Install a TensorFlow of 2.12 or newer for Linux there, or choose another source.',
    path: folder,
  });
}

async function runPython(interpreter: string, signal: AbortSignal | undefined): Promise<string> {
  try {
    return await runProgram(interpreter, ['-c', FIND], { signal });
  } catch (error) {
    if (error instanceof KindredError && error.code === 'cancelled') throw error;
    throw new KindredError('bad-input', `${interpreter} cannot be run as a Python interpreter.`, {
      remedy: 'Give the path of the python program of the environment that has TensorFlow.',
      path: interpreter,
      cause: error,
    });
  }
}

/** Puts links into the package where its build, and later the binding, looks for TensorFlow. */
export async function linkTensorflow(tensorflow: string, packageFolder: string): Promise<void> {
  const lib = path.join(packageFolder, 'deps', 'lib');
  await mkdir(lib, { recursive: true });
  await symlink(path.join(tensorflow, 'include'), path.join(packageFolder, 'deps', 'include'));
  for (const [target, names] of [
    [LIBRARY, ['libtensorflow.so', LIBRARY]],
    [FRAMEWORK, ['libtensorflow_framework.so', FRAMEWORK]],
  ] as const) {
    for (const name of names) await symlink(path.join(tensorflow, target), path.join(lib, name));
  }
}
