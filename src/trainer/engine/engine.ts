import type { Tensor } from '@tensorflow/tfjs-core';
import type { Device } from '../types/engine';

export type Dtype = 'float32' | 'int32' | 'bool';

/** Shape and type of a tensor that enters or leaves a program. Shapes are static. */
export interface TensorSpec {
  readonly shape: readonly number[];
  readonly dtype: Dtype;
}

/** A tensor in the trainer's own memory, row-major. Booleans are 0 or 1. */
export interface HostTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array | Uint8Array;
}

export type Specs = Readonly<Record<string, TensorSpec>>;
export type Tensors = Readonly<Record<string, Tensor>>;
export type HostTensors = Readonly<Record<string, HostTensor>>;

/**
 * A pure function written in TensorFlow.js ops: a training step, a network's forward pass. `run` must not read a tensor's
 * values, branch on them, or make random numbers: randomness enters through `inputs`.
 */
export interface Program {
  readonly name: string;
  /** How another thread can build the same program. A program without one runs in the thread that compiles it. */
  readonly recipe?: Recipe;
  /** Carried from one run to the next (weights, moments, running statistics); `run` gives the new values by the same names. */
  readonly state: Specs;
  readonly inputs: Specs;
  run(state: Tensors, inputs: Tensors): { readonly state: Tensors; readonly outputs: Tensors };
}

/** What a program was made from: `settings` survive a structured clone. */
export interface Recipe {
  readonly kind: string;
  readonly settings: unknown;
}

/** A compiled program with its state. */
export interface Runner {
  /** Every name of the program's `state`, exactly. */
  setState(values: HostTensors): void;
  /** A copy. */
  getState(): Promise<HostTensors>;
  /** One run: takes every name of the program's `inputs`, updates the state, gives the outputs. Never run two at once. */
  run(inputs: HostTensors): Promise<HostTensors>;
  dispose(): Promise<void>;
}

/** Where programs run. */
export interface Engine {
  readonly name: 'onnx' | 'tensorflow' | 'wasm' | 'cpu';
  /** For a person: "CPU, 2 threads", "NVIDIA RTX 4090 (WebGPU)". */
  readonly device: string;
  /** Set when it is not the CPU that computes: such a device can run out of memory or go away in the middle. */
  readonly accelerator?: Exclude<Device, 'cpu'>;
  /** @throws KindredError `engine` that names an op that cannot be recorded, and where it was called. */
  compile(program: Program): Promise<Runner>;
}
