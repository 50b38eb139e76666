import type * as ort from 'onnxruntime-node';
import { defaultThreads } from '../threads';

/** ONNX Runtime as this thread has it. */
export interface OnnxRuntime {
  readonly ort: typeof ort;
  /** Why it is the build for WebAssembly, where the native one cannot be loaded. */
  readonly nativeProblem: string | undefined;
}

let loading: Promise<OnnxRuntime> | undefined;

/**
 * ONNX Runtime's native build, or, where that cannot be loaded (it is missing, or not made for this system), its build for
 * WebAssembly, which has the same operators and the same interface.
 */
export function onnxRuntime(): Promise<OnnxRuntime> {
  loading ??= load();
  return loading;
}

async function load(): Promise<OnnxRuntime> {
  try {
    return { ort: await import('onnxruntime-node'), nativeProblem: undefined };
  } catch (error) {
    const nativeProblem = error instanceof Error ? error.message : String(error);
    const web = await import('onnxruntime-web');
    web.env.wasm.numThreads = defaultThreads();
    return { ort: web as unknown as typeof ort, nativeProblem };
  }
}
