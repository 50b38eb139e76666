import type { Device } from '../types/engine';
import type { Program } from './engine';
import { encodeModel } from './onnx/encode';
import type { BlockSize } from './passes/cpu/blocked/layout';
import { lowerForCpu } from './passes/cpu/lower';
import { lowerForAll, optimise } from './passes/optimise';
import { trace } from './tracer/trace';

/** What a model is compiled for. */
export interface Target {
  readonly device: Device;
  /** Of ONNX Runtime's blocked layout on this CPU. */
  readonly block?: BlockSize | undefined;
}

/** Models of programs with a recipe, the one used last at the end. A training needs two: its step, and the network to measure. */
const compiled = new Map<string, Uint8Array>();
const MOST_KEPT = 8;

/**
 * The program as an ONNX model in the operators that suit the device. Its shapes are part of it. Programs of the same recipe are
 * recorded once.
 * @throws KindredError `engine` that names an op that cannot be recorded, and where it was called
 */
export function compileProgram(program: Program, target: Target): Uint8Array {
  if (!program.recipe) return compileNow(program, target);
  const key = JSON.stringify([program.recipe, program.inputs, target]);
  const model = compiled.get(key) ?? compileNow(program, target);
  compiled.delete(key);
  compiled.set(key, model);
  for (const [oldest] of compiled) {
    if (compiled.size <= MOST_KEPT) break;
    compiled.delete(oldest);
  }
  return model;
}

function compileNow(program: Program, { device, block }: Target): Uint8Array {
  const graph = optimise(trace(program));
  return encodeModel(device === 'cpu' ? lowerForCpu(graph, block) : lowerForAll(graph));
}
