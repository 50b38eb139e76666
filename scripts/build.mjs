/**
 * Bundles the three rooms and the command line into dist/. `--watch` rebuilds on change, `--production` minifies, `--tests` adds
 * the suite that runs inside VS Code.
 */
import { cp, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const watch = process.argv.includes('--watch');
const production = process.argv.includes('--production');

const common = {
  absWorkingDir: root,
  bundle: true,
  sourcemap: !production,
  minify: production,
  logLevel: 'warning',
  outdir: 'dist',
};

/** Natives stay outside: they are loaded from node_modules (in a VSIX: from dist/node_modules), by the trainer only. */
const node = {
  ...common,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  external: ['vscode', 'onnxruntime-node', 'sharp'],
  // TensorFlow.js marks its Node files as free of side effects, although they register the kernels; its modules are marked right.
  mainFields: ['module', 'main'],
};

const bundles = [
  { ...node, entryPoints: { extension: 'src/extension/extension.ts' } },
  {
    ...node,
    entryPoints: {
      trainer: 'src/trainer/main.ts',
      cli: 'src/cli/main.ts',
      projectionWorker: 'src/trainer/projection/worker.ts',
      augmentationWorker: 'src/trainer/training/augmentationWorker.ts',
      sessionWorker: 'src/trainer/engine/onnx/sessionWorker.ts',
    },
  },
  {
    ...common,
    outdir: 'dist/webview',
    platform: 'browser',
    target: 'chrome114',
    format: 'iife',
    entryPoints: {
      explore: 'src/webview/explore/main.ts',
      review: 'src/webview/review/main.ts',
      training: 'src/webview/training/main.ts',
    },
    loader: { '.ttf': 'file', '.svg': 'text', '.glsl': 'text' },
  },
];

if (process.argv.includes('--tests')) {
  bundles.push({ ...node, outdir: 'out/test', entryPoints: { index: 'test/extension/index.ts' } });
}

await rm(path.join(root, 'dist'), { recursive: true, force: true });
await mkdir(path.join(root, 'dist/webview'), { recursive: true });
await cp(path.join(root, 'node_modules/@vscode/codicons/dist'), path.join(root, 'dist/webview/codicons'), {
  recursive: true,
  filter: (file) => !/\.(html|csv|json|svg)$/.test(file),
});

if (watch) {
  const contexts = await Promise.all(bundles.map((options) => esbuild.context(options)));
  await Promise.all(contexts.map((context) => context.watch()));
} else {
  await Promise.all(bundles.map((options) => esbuild.build(options)));
}
