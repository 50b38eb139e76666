/** How programs are run: compiled by ONNX Runtime, or op by op on a backend of TensorFlow.js. */
export const ENGINES = ['onnx', 'tensorflow', 'wasm', 'cpu'] as const;
export type EngineKind = (typeof ENGINES)[number];

/** What ONNX Runtime computes on: its execution providers, by its own names. */
export const DEVICES = ['cpu', 'webgpu', 'cuda', 'dml', 'coreml'] as const;
export type Device = (typeof DEVICES)[number];

/** Which engine and device the person asks for; `auto` leaves it to what is there and what is fastest. */
export interface EngineWish {
  readonly engine: EngineKind | 'auto';
  readonly device: Device | 'auto';
}

/** What became of one device that was tried. */
export interface DeviceTrial {
  readonly device: Device;
  /** For a person, without a full stop: "not in this package for Linux on arm64", "3.1 times as fast as the CPU". */
  readonly outcome: string;
  /** Of one step of the warm-up program. */
  readonly milliseconds?: number;
}

/** Which engine computes, on what, and why. */
export interface EngineReport {
  readonly engine: EngineKind;
  readonly device: Device;
  /** "CPU, 8 threads", "NVIDIA GeForce RTX 4090 (WebGPU)". */
  readonly deviceName: string;
  /** A full sentence. */
  readonly reason: string;
  readonly tried: readonly DeviceTrial[];
}
