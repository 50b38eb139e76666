import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Worker, type WorkerOptions } from 'node:worker_threads';

/** Each worker thread's entry, relative to this file. The bundle of each lies in dist/ beside the trainer's, by the same name. */
export const WORKER_ENTRIES = {
  projectionWorker: 'projection/worker.ts',
  augmentationWorker: 'training/augmentationWorker.ts',
  sessionWorker: 'engine/onnx/sessionWorker.ts',
} as const;

export type WorkerName = keyof typeof WORKER_ENTRIES;

/** What is used of esbuild, which is there in development only. */
interface Bundler {
  buildSync(options: Record<string, unknown>): { outputFiles: readonly { text: string }[] };
}

const bundles = new Map<WorkerName, string>();

/**
 * Starts a worker thread. The built product loads dist/<name>.js; where the sources themselves run (in tests), the entry is
 * bundled first, once a process.
 */
export function startWorker(name: WorkerName, options: WorkerOptions = {}): Worker {
  const built = path.join(__dirname, `${name}.js`);
  if (existsSync(built)) return new Worker(built, options);
  return new Worker(bundleOf(name), { ...options, eval: true });
}

function bundleOf(name: WorkerName): string {
  let code = bundles.get(name);
  if (code === undefined) {
    const esbuild = createRequire(__filename)('esbuild') as Bundler;
    const result = esbuild.buildSync({
      entryPoints: [path.join(__dirname, WORKER_ENTRIES[name])],
      bundle: true,
      write: false,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      external: ['onnxruntime-node', 'sharp'],
    });
    code = result.outputFiles[0].text;
    bundles.set(name, code);
  }
  return code;
}
