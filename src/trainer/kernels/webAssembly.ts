/** What is used of the platform's `WebAssembly`. Node's types leave it to the DOM's, which the trainer has not. */
export interface WasmModule {
  readonly [Symbol.toStringTag]: string;
}

export interface WasmMemory {
  readonly buffer: SharedArrayBuffer;
  /** @throws RangeError when there is not as much */
  grow(pages: number): number;
}

interface Platform {
  readonly Memory: new (options: { initial: number; maximum: number; shared: true }) => WasmMemory;
  readonly Module: { exports(module: WasmModule): { readonly name: string }[] };
  readonly Instance: new (
    module: WasmModule,
    imports: { env: { memory: WasmMemory } },
  ) => { readonly exports: Readonly<Record<string, unknown>> };
  readonly compile: (bytes: Uint8Array) => Promise<WasmModule>;
}

export const { Memory, Module, Instance, compile } = (globalThis as unknown as { WebAssembly: Platform }).WebAssembly;
