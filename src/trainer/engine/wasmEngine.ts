import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { eagerEngine } from './eager/eagerEngine';
import type { Engine } from './engine';

/**
 * Programs run op by op on TensorFlow.js's WebAssembly backend: several times slower than ONNX Runtime, and at home wherever
 * JavaScript runs. The same inputs give the same bits.
 * @throws KindredError `engine` when the backend cannot be started
 */
export async function wasmEngine(): Promise<Engine> {
  return eagerEngine({ name: 'wasm', folder: binaries() });
}

/** The product has the .wasm files beside its bundles; where the sources run, they are in the package. */
function binaries(): string {
  if (existsSync(path.join(__dirname, 'tfjs-backend-wasm.wasm'))) return __dirname;
  const entry = createRequire(__filename).resolve('@tensorflow/tfjs-backend-wasm/package.json');
  return path.join(path.dirname(entry), 'wasm-out');
}
