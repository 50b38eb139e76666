import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { KindredError } from '../../../rpc/errors';
import type { StartedBackend } from '../eager/eagerBackend';
import { TENSORFLOW_KERNELS } from '../eager/kernels';
import { installKernels } from '../eager/kernels/kernel';
import { withBackend } from '../tracer/backends';
import { bindingOf, notInstalled } from './locate';
import { restoreUtil } from './removedFromNode';
import { requireWithOurCore } from './sharedCore';

const TENSORFLOW = 'tensorflow';

interface NodeBackend extends tf.KernelBackend {
  readonly isUsingGpuDevice: boolean;
}

interface BackendModule {
  readonly NodeJSKernelBackend: new (binding: unknown, packageName: string) => NodeBackend;
}

/**
 * Loads TensorFlow's package and registers its backend and kernels with our TensorFlow.js.
 * @param folder of the package
 * @throws KindredError `engine` when it cannot be loaded
 */
export async function startTensorflow(folder: string | undefined): Promise<StartedBackend> {
  const binding = folder === undefined ? undefined : bindingOf(folder);
  if (folder === undefined || binding === undefined) throw notInstalled();
  try {
    const { name } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as { name: string };
    const { backend, version } = load(folder, binding, name);
    tf.registerBackend(TENSORFLOW, () => backend, 0);
    withBackend(TENSORFLOW, () => undefined);
    installKernels(TENSORFLOW, TENSORFLOW_KERNELS);
    if (!backend.isUsingGpuDevice) return { device: `TensorFlow ${version}, CPU` };
    return { device: `TensorFlow ${version}, CUDA, ${await cardName()}`, accelerator: 'cuda' };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new KindredError('engine', `TensorFlow cannot be loaded: ${reason}`, {
      remedy: 'Remove the TensorFlow engine and install it again, or choose another engine.',
      path: folder,
      cause: error,
    });
  }
}

/** Of the package only what computes: its index would also load, and register, all other backends of TensorFlow.js. */
function load(folder: string, binding: string, name: string): { backend: NodeBackend; version: string } {
  restoreUtil();
  const require = requireWithOurCore(path.join(folder, 'dist', 'index.js'));
  const native = require(binding) as { readonly TF_Version: string };
  require('./register_all_kernels');
  const { NodeJSKernelBackend } = require('./nodejs_kernel_backend') as BackendModule;
  return { backend: new NodeJSKernelBackend(native, name), version: native.TF_Version };
}

/** The first card's name, as NVIDIA's driver tells it. */
async function cardName(): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)('nvidia-smi', ['--query-gpu=name', '--format=csv,noheader'], {
      timeout: 5000,
    });
    return stdout.trim().split('\n')[0];
  } catch {
    return 'NVIDIA';
  }
}
