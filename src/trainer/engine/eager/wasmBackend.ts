import '@tensorflow/tfjs-backend-wasm';
import path from 'node:path';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { KindredError } from '../../../rpc/errors';
import type { StartedBackend } from './eagerBackend';
import { WASM_KERNELS } from './kernels';
import { installKernels } from './kernels/kernel';

const WASM = 'wasm';

/**
 * TensorFlow.js's WebAssembly backend in one thread (which makes it reproducible bit for bit), with the kernels that it lacks.
 * @param folder of the .wasm files; where the package has them, when not given
 */
export async function startWasm(folder: string | undefined): Promise<StartedBackend> {
  if (folder !== undefined) setWasmPaths(path.join(folder, path.sep));
  const engine = tf.engine();
  const previous = engine.backendName as string | null | undefined;
  const forget = newListeners();
  try {
    if (!(await tf.setBackend(WASM))) throw new Error('it did not start');
  } catch (error) {
    const reason = error instanceof Error ? error.message : JSON.stringify(error);
    throw new KindredError('engine', `TensorFlow.js's WebAssembly backend cannot be started: ${reason}.`, {
      remedy: 'Install Kindred again; a file may be missing.',
      cause: error,
    });
  } finally {
    forget();
    if (typeof previous === 'string') await tf.setBackend(previous);
  }
  installKernels(WASM, WASM_KERNELS);
  return { device: 'CPU, WebAssembly, 1 thread' };
}

const FATAL = ['uncaughtException', 'unhandledRejection'] as const;

/** The backend's loader makes every stray error of the whole process fatal; that is taken back. */
function newListeners(): () => void {
  const before = new Map(FATAL.map((event) => [event, new Set(process.rawListeners(event))]));
  return () => {
    for (const event of FATAL) {
      for (const listener of process.rawListeners(event)) {
        if (!before.get(event)?.has(listener)) process.removeListener(event, listener as () => void);
      }
    }
  };
}
