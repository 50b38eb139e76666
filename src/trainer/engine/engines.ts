import type { EngineKind } from '../types/engine';
import { cpuEngine } from './cpuEngine';
import type { Engine } from './engine';
import { tensorflowEngine } from './tensorflow/tensorflowEngine';
import { wasmEngine } from './wasmEngine';

/** The engines that compute op by op, each made when it is first needed. Each throws KindredError `engine` when it cannot be had. */
export const EAGER_ENGINES: Readonly<Record<Exclude<EngineKind, 'onnx'>, () => Promise<Engine>>> = {
  tensorflow: () => tensorflowEngine(),
  wasm: wasmEngine,
  cpu: () => Promise.resolve(cpuEngine()),
};
