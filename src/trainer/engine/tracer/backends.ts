import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
// Some of the gradients call methods of tensors.
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';
import * as tf from '@tensorflow/tfjs-core';
import { KindredError } from '../../../rpc/errors';

const CPU = 'cpu';

/** Importing the package registers the backend, but a bundler leaves out an import of which nothing is used. */
function ensureCpuBackend(): void {
  if ((tf.findBackendFactory(CPU) as unknown) === null) tf.registerBackend(CPU, () => new MathBackendCPU());
}

/**
 * Runs `f` with a TensorFlow.js backend, in a scope of its own: the tensors that it makes are gone afterwards, and the
 * backend is again what it was (the CPU backend where none had been chosen). `f` must be synchronous.
 */
export function withBackend<T>(name: string, f: () => T): T {
  ensureCpuBackend();
  const engine = tf.engine();
  const previous = (engine.backendName as string | null | undefined) ?? CPU;
  useBackend(name);
  engine.startScope();
  try {
    return f();
  } finally {
    engine.endScope();
    useBackend(previous);
  }
}

/** Takes effect at once, since none of the backends used here starts asynchronously. */
function useBackend(name: string): void {
  void tf.setBackend(name);
  if (tf.engine().backendName !== name) throw new KindredError('engine', `The backend "${name}" did not start.`);
}
