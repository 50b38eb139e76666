import { eagerEngine } from '../eager/eagerEngine';
import type { Engine } from '../engine';
import { findTensorflow, notInstalled } from './locate';

/** Read by TensorFlow when it is loaded; what the person has set goes first. */
export const TENSORFLOW_ENVIRONMENT = {
  // Only errors, no advice on how to compile TensorFlow.
  TF_CPP_MIN_LOG_LEVEL: '2',
  // The same bits each time.
  TF_DETERMINISTIC_OPS: '1',
  // Does not take all of the card's memory at once.
  TF_FORCE_GPU_ALLOW_GROWTH: 'true',
};

/**
 * Programs run op by op on TensorFlow itself, with CUDA where the package and the machine have it.
 * @param folder of the package; the first one that is found, when not given
 * @throws KindredError `engine` when it is not installed or cannot be loaded
 */
export async function tensorflowEngine(folder = findTensorflow()): Promise<Engine> {
  if (folder === undefined) throw notInstalled();
  for (const [name, value] of Object.entries(TENSORFLOW_ENVIRONMENT)) process.env[name] ??= value;
  return eagerEngine({ name: 'tensorflow', folder });
}
