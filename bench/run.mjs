/** Bundles bench/<name>.ts and runs it: `node bench/run.mjs <name> [arguments]`. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';
import { buildKernels } from '../scripts/kernels.mjs';
import { workerEntries } from '../scripts/lib/workerEntries.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const [name, ...rest] = process.argv.slice(2);
if (name === undefined) {
  console.error('Usage: node bench/run.mjs <name> [arguments]');
  process.exit(2);
}
// Inside node_modules, so that the natives are found from there; with the worker threads beside it, as in dist/.
const outdir = path.join(root, 'node_modules/.cache/kindred-bench');
await esbuild.build({
  absWorkingDir: root,
  entryPoints: {
    [name]: `bench/${name}.ts`,
    trainer: 'src/trainer/main.ts',
    ...(await workerEntries()),
  },
  outdir,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  // As in scripts/build.mjs.
  mainFields: ['module', 'main'],
  sourcemap: 'inline',
  // esbuild bundles a peer's script while the benchmark runs.
  external: ['onnxruntime-node', 'onnxruntime-web', 'sharp', 'esbuild'],
  logLevel: 'warning',
});
await buildKernels(path.join(outdir, 'kernels.wasm'));
const child = spawn(process.execPath, ['--enable-source-maps', path.join(outdir, `${name}.js`), ...rest], {
  stdio: 'inherit',
  cwd: root,
});
child.once('exit', (code) => process.exit(code ?? 1));
