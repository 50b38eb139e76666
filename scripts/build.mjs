/**
 * Bundles the three rooms and the command line into dist/.
 *
 *   node scripts/build.mjs
 *     --watch          rebuilds on change
 *     --production     minified and without source maps, for a VSIX; inputs.json then lists every file that went in
 *     --tests          adds the suite that runs inside VS Code
 *     --out <folder>   instead of dist/
 */
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import esbuild from 'esbuild';
import { buildKernels } from './kernels.mjs';
import { workerEntries } from './lib/workerEntries.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const { watch, production, tests, out } = parseArgs({
  options: {
    watch: { type: 'boolean', default: false },
    production: { type: 'boolean', default: false },
    tests: { type: 'boolean', default: false },
    out: { type: 'string', default: 'dist' },
  },
}).values;
const dist = path.resolve(root, out);

const common = {
  absWorkingDir: root,
  bundle: true,
  sourcemap: !production,
  minify: production,
  metafile: production,
  logLevel: 'warning',
  outdir: dist,
};

/** Natives stay outside: they are loaded from node_modules (in a VSIX: from dist/node_modules), by the trainer only. */
const node = {
  ...common,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  external: ['vscode', 'onnxruntime-node', 'onnxruntime-web', 'sharp'],
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
      ...(await workerEntries()),
    },
  },
  {
    ...common,
    outdir: path.join(dist, 'webview'),
    platform: 'browser',
    target: 'chrome114',
    format: 'iife',
    entryPoints: {
      explore: 'src/webview/explore/main.ts',
      review: 'src/webview/review/main.ts',
      suspects: 'src/webview/suspects/main.ts',
      training: 'src/webview/training/main.ts',
    },
    loader: { '.ttf': 'file', '.svg': 'text', '.glsl': 'text' },
  },
];

if (tests) {
  // index: for the tests' own window; mocha: for a desktop VS Code (.vscode-test.mjs).
  const entryPoints = {
    index: 'test/extension/index.ts',
    many: 'test/extension/many.ts',
    mocha: 'test/extension/mocha.ts',
  };
  bundles.push({ ...node, outdir: 'out/test', entryPoints });
}

await rm(dist, { recursive: true, force: true });
await mkdir(path.join(dist, 'webview'), { recursive: true });
await cp(path.join(root, 'node_modules/@vscode/codicons/dist'), path.join(dist, 'webview/codicons'), {
  recursive: true,
  filter: (file) => !/\.(html|csv|json|svg|ts)$/.test(file),
});

/** The WebAssembly backend's binaries, for processors with and without SIMD, beside the bundles that load them. */
const wasm = path.join(root, 'node_modules/@tensorflow/tfjs-backend-wasm/wasm-out');
for (const file of ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm']) {
  await cp(path.join(wasm, file), path.join(dist, file));
}

await buildKernels(path.join(dist, 'kernels.wasm'));

if (watch) {
  const contexts = await Promise.all(bundles.map((options) => esbuild.context(options)));
  await Promise.all(contexts.map((context) => context.watch()));
} else {
  const results = await Promise.all(bundles.map((options) => esbuild.build(options)));
  if (production) {
    const inputs = results.flatMap(({ metafile }) => Object.keys(metafile.inputs));
    await writeFile(path.join(dist, 'inputs.json'), JSON.stringify([...new Set(inputs)].sort(), undefined, 2));
  }
}
