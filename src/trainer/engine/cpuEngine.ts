import { startCpu } from './eager/cpuBackend';
import { eagerCompiler } from './eager/eagerEngine';
import type { Engine } from './engine';

/** Programs run op by op on TensorFlow.js's plain CPU backend: slow, and what the other engines are compared with. */
export function cpuEngine(): Engine {
  return { name: 'cpu', ...startCpu(), compile: eagerCompiler({ name: 'cpu' }) };
}
