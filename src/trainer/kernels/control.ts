import { Instance, Module, type WasmMemory, type WasmModule } from './webAssembly';

/** The words (i32) over which the threads of the kernels agree who does what. */
export const CONTROL = {
  /** Goes up by one when there is work; threads wait for that. */
  round: 0,
  /** Threads that have not ended this round. */
  busy: 1,
  /** The first row that nobody has taken yet. */
  next: 2,
  total: 3,
  /** Rows that a thread takes at a time. */
  step: 4,
  /** Which kernel: its place among the exports. */
  kernel: 5,
  /** How many arguments follow the rows. */
  arity: 6,
  failed: 7,
} as const;

export const CONTROL_WORDS = 8;
export const MOST_ARGUMENTS = 24;

/** Shared by all threads: the words, then the arguments (f64, which holds every address and every f32). */
export interface Control {
  readonly words: Int32Array<SharedArrayBuffer>;
  readonly values: Float64Array<SharedArrayBuffer>;
}

export function controlOf(buffer: SharedArrayBuffer): Control {
  return { words: new Int32Array(buffer, 0, CONTROL_WORDS), values: new Float64Array(buffer, 4 * CONTROL_WORDS) };
}

export function newControl(): SharedArrayBuffer {
  return new SharedArrayBuffer(4 * CONTROL_WORDS + 8 * MOST_ARGUMENTS);
}

export type Kernel = (from: number, to: number, ...values: number[]) => void;

/** What a thread of the kernels is started with. */
export interface KernelThread {
  readonly module: WasmModule;
  readonly memory: WasmMemory;
  readonly control: SharedArrayBuffer;
}

/** The kernels by their place among the exports, which is the same in all threads. */
export function kernelsOf({ module, memory }: Pick<KernelThread, 'module' | 'memory'>): readonly Kernel[] {
  const { exports } = new Instance(module, { env: { memory } });
  return Module.exports(module).map(({ name }) => exports[name] as Kernel);
}

/** Takes rows and does them until there are none left. */
export function work({ words, values }: Control, kernels: readonly Kernel[]): void {
  const kernel = kernels[words[CONTROL.kernel]];
  const total = words[CONTROL.total];
  const step = words[CONTROL.step];
  const given = Array.from(values.subarray(0, words[CONTROL.arity]));
  for (;;) {
    const from = Atomics.add(words, CONTROL.next, step);
    if (from >= total) return;
    kernel(from, Math.min(from + step, total), ...given);
  }
}
