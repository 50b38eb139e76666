import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import esbuild from 'esbuild';
import { WORKER_ENTRIES } from '../../../src/trainer/workers';

const REPOSITORY = path.resolve(import.meta.dirname, '../../..');

/** Bundles a script with the worker threads, as the product is bundled, into a folder from which natives are found. */
export async function bundleScript(entry: string): Promise<{ file: string; remove: () => Promise<void> }> {
  const cache = path.join(REPOSITORY, 'node_modules', '.cache');
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(path.join(cache, 'kindred-test-'));
  const workers = Object.fromEntries(
    Object.entries(WORKER_ENTRIES).map(([name, file]) => [name, path.join(REPOSITORY, 'src/trainer', file)]),
  );
  await esbuild.build({
    entryPoints: { script: entry, ...workers },
    bundle: true,
    outdir: folder,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['onnxruntime-node', 'onnxruntime-web', 'sharp'],
    // The CPU backend of TensorFlow.js says that importing it has no effect, and registers itself when imported.
    ignoreAnnotations: true,
    logLevel: 'silent',
  });
  return { file: path.join(folder, 'script.js'), remove: () => rm(folder, { recursive: true, force: true }) };
}
