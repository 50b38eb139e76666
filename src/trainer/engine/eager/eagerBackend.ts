import type { Engine } from '../engine';

/** The engines that run programs op by op. Each is a backend of TensorFlow.js by the same name. */
export type EagerName = Exclude<Engine['name'], 'onnx'>;

export interface EagerBackend {
  readonly name: EagerName;
  /** Where its binaries lie, if it has some: of `wasm` the .wasm files, of `tensorflow` the package. */
  readonly folder?: string;
}

export interface StartedBackend {
  /** For a person. */
  readonly device: string;
  /** Set when it is not the CPU that computes. */
  readonly accelerator?: NonNullable<Engine['accelerator']>;
}

const started = new Map<EagerName, Promise<StartedBackend>>();

/**
 * Makes the backend ready in this thread, once; it never becomes the one that is used by default.
 * @throws KindredError `engine`
 */
export function startBackend(backend: EagerBackend): Promise<StartedBackend> {
  let starting = started.get(backend.name);
  if (starting === undefined) {
    starting = start(backend);
    started.set(backend.name, starting);
  }
  return starting;
}

/** What a backend needs is loaded only where it is asked for. */
async function start({ name, folder }: EagerBackend): Promise<StartedBackend> {
  switch (name) {
    case 'cpu':
      return (await import('./cpuBackend')).startCpu();
    case 'wasm':
      return (await import('./wasmBackend')).startWasm(folder);
    case 'tensorflow':
      return (await import('../tensorflow/tensorflowBackend')).startTensorflow(folder);
  }
}
