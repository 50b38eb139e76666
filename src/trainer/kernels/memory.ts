import { KindredError } from '../../rpc/errors';
import { Memory, type WasmMemory } from './webAssembly';

const PAGE = 65_536;
/** 4 GB is all that WebAssembly can address. Where so much address space cannot be reserved, less may do. */
const MOST_PAGES = [65_536, 32_768, 16_384, 8192] as const;
/** The kernels keep their own constants below. */
const START = PAGE;
/** A line of the processor's cache: what two threads write should not share one. */
const ALIGNMENT = 64;

/**
 * The one memory that the kernels and all their threads see, handed out from below like a stack. Addresses are bytes. What was
 * written in a place before stays there until it is overwritten: `zeros` clears.
 */
export class KernelMemory {
  readonly memory = reserve();
  private top = START;

  /** @throws KindredError `bad-input` beyond the 4 GB that WebAssembly can address */
  allocate(bytes: number): number {
    const at = this.top;
    const end = Math.ceil((at + bytes) / ALIGNMENT) * ALIGNMENT;
    const missing = Math.ceil(end / PAGE) - this.memory.buffer.byteLength / PAGE;
    if (missing > 0) this.grow(missing, bytes);
    this.top = end;
    return at;
  }

  /** Gives back all that was allocated since `allocated` was read. */
  release(allocated: number): void {
    this.top = allocated;
  }

  get allocated(): number {
    return this.top;
  }

  floats(at: number, length: number): Float32Array<SharedArrayBuffer> {
    return new Float32Array(this.buffer, at, length);
  }

  doubles(at: number, length: number): Float64Array<SharedArrayBuffer> {
    return new Float64Array(this.buffer, at, length);
  }

  integers(at: number, length: number): Int32Array<SharedArrayBuffer> {
    return new Int32Array(this.buffer, at, length);
  }

  allocateFloats(values: ArrayLike<number>): number {
    const at = this.allocate(4 * values.length);
    this.floats(at, values.length).set(values);
    return at;
  }

  allocateIntegers(values: ArrayLike<number>): number {
    const at = this.allocate(4 * values.length);
    this.integers(at, values.length).set(values);
    return at;
  }

  allocateBytes(values: Uint8Array): number {
    const at = this.allocate(values.length);
    new Uint8Array(this.buffer, at, values.length).set(values);
    return at;
  }

  zeros(bytes: number): number {
    const at = this.allocate(bytes);
    new Uint8Array(this.buffer, at, bytes).fill(0);
    return at;
  }

  private get buffer(): SharedArrayBuffer {
    return this.memory.buffer;
  }

  private grow(pages: number, bytes: number): void {
    try {
      this.memory.grow(pages);
    } catch (cause) {
      throw new KindredError('bad-input', `There is no memory for ${Math.round(bytes / 1e6)} MB more of vectors.`, {
        cause,
        remedy: 'Work on a part of the dataset, or on an embedding with fewer dimensions.',
      });
    }
  }
}

/** @throws KindredError `internal` when not even half a gigabyte of address space is left */
function reserve(): WasmMemory {
  for (const maximum of MOST_PAGES)
    try {
      return new Memory({ initial: 1, maximum, shared: true });
    } catch {
      continue;
    }
  throw new KindredError('internal', 'There is no address space for the vectors.', {
    remedy: 'Close other programs, or raise the limit on virtual memory.',
  });
}
