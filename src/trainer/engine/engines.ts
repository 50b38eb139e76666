import { KindredError } from '../../rpc/errors';
import type { EngineKind } from '../types/engine';
import { cpuEngine } from './cpuEngine';
import type { Engine } from './engine';

/** The engines that compute op by op, each made when it is first needed. Each throws KindredError `engine` when it cannot be had. */
export const EAGER_ENGINES: Readonly<Record<Exclude<EngineKind, 'onnx'>, () => Promise<Engine>>> = {
  tensorflow: () => Promise.reject(notHere('TensorFlow')),
  wasm: () => Promise.reject(notHere("TensorFlow.js's WebAssembly backend")),
  cpu: () => Promise.resolve(cpuEngine()),
};

function notHere(what: string): KindredError {
  return new KindredError('engine', `${what} is not installed.`, {
    remedy: 'Set kindred.engine to auto or onnx.',
  });
}
