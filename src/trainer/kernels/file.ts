import { existsSync } from 'node:fs';
import path from 'node:path';
import { home } from '../workers';

/** The compiled kernels: beside the bundles in the product; where the sources themselves run, in the cache that scripts/kernels.mjs fills. */
export function kernelsFile(): string {
  const beside = path.join(home, 'kernels.wasm');
  return existsSync(beside) ? beside : path.resolve(home, '../../node_modules/.cache/kindred/kernels/kernels.wasm');
}
