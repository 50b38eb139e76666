import { join } from 'node:path';
import { build } from 'esbuild';

/** Bundles a script of this folder's tests for a child process; gives its path in `folder`. */
export async function bundled(script: string, folder: string): Promise<string> {
  const outfile = join(folder, 'bundled.cjs');
  await build({
    entryPoints: [join(import.meta.dirname, '..', script)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'silent',
    external: ['sharp', 'onnxruntime-node'],
  });
  return outfile;
}
