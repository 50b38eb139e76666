import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
// Some of the gradients call methods of tensors.
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';
import * as tf from '@tensorflow/tfjs-core';
import { KindredError } from '../../../rpc/errors';

/**
 * Runs `f` with a TensorFlow.js backend, in a scope of its own: the tensors that it makes are gone afterwards, and the
 * backend is again what it was (the CPU backend where none had been chosen). `f` must be synchronous.
 */
export function withBackend<T>(name: string, f: () => T): T {
  const engine = tf.engine();
  const previous = (engine.backendName as string | null | undefined) ?? 'cpu';
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
