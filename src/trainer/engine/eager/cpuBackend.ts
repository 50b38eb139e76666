import { withBackend } from '../tracer/backends';
import type { StartedBackend } from './eagerBackend';
import { CPU_KERNELS } from './kernels';
import { installKernels } from './kernels/kernel';

/** TensorFlow.js's plain CPU backend, with what is wrong in it replaced. */
export function startCpu(): StartedBackend {
  withBackend('cpu', () => installKernels('cpu', CPU_KERNELS));
  return { device: 'CPU, TensorFlow.js' };
}
