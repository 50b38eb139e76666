/**
 * Makes the VSIX for one platform. What goes in is put together in out/vsix, so that dist/ stays as it is: bundles for
 * production, the natives in dist/node_modules (where Node finds them from dist/trainer.js), a fresh sample.
 *
 *   node scripts/package.mjs [target] [--out <folder>]
 *
 * `target` as vsce names it: linux-x64, darwin-arm64 ... (this machine's); the VSIX is put in `folder` (the repository).
 */
import { existsSync, statSync } from 'node:fs';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ensureDependencies, must, node, root } from './lib/setup.mjs';
import { notices, packagesOf } from './lib/notices.mjs';

const { values, positionals } = parseArgs({
  options: { out: { type: 'string', default: root } },
  allowPositionals: true,
});
const [target = `${process.platform}-${process.arch}`] = positionals;
const [platform, arch] = target.split('-');
const staging = path.join(root, 'out/vsix');

/** Packages of the natives that only their installers use. */
const INSTALL_ONLY = new Set(['adm-zip', 'global-agent']);
/** Goes in as it is; .vscodeignore then picks the files. */
const PARTS = ['package.json', 'package.nls.json', '.vscodeignore', 'CHANGELOG.md', 'LICENSE', 'l10n'];
const MEDIA = ['icon.png', 'kindred.svg', 'kindred.schema.json', 'panels', 'walkthrough'];

await ensureDependencies();
const { buildPackedSample } = await import('./sample.mjs');
await rm(staging, { recursive: true, force: true });
await must(...node('scripts/build.mjs', '--production', '--out', path.join(staging, 'dist')));
const natives = await closure(['onnxruntime-node', 'sharp']);
for (const name of natives) await pack(name);
await packWebAssemblyRuntime();
requireNatives();
for (const part of [...PARTS, ...MEDIA.map((part) => `media/${part}`)]) await stage(part);
await buildPackedSample(path.join(staging, 'media/sample'));
await writeFile(path.join(staging, 'README.md'), standalone(await readFile(path.join(root, 'README.md'), 'utf8')));
await writeFile(path.join(staging, 'THIRD-PARTY-NOTICES.txt'), await notices(await thirdParties()));
await makeVsix();

function folderOf(name) {
  return path.join(root, 'node_modules', name);
}

/** All packages that `roots` need on the target. An optional one belongs to another platform when npm left it out. */
async function closure(roots) {
  const found = new Set();
  const queue = [...roots];
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    if (found.has(name) || INSTALL_ONLY.has(name)) continue;
    if (name.startsWith('@img/sharp-') && !name.endsWith(`-${target}`)) continue;
    if (!existsSync(folderOf(name))) {
      if (name.startsWith('@img/sharp-')) continue;
      fail(`${name} is not installed.`);
    }
    if (existsSync(path.join(folderOf(name), 'node_modules'))) {
      fail(`${name} has packages of its own, which would be left out.`);
    }
    found.add(name);
    const manifest = JSON.parse(await readFile(path.join(folderOf(name), 'package.json'), 'utf8'));
    queue.push(...Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies }));
  }
  return found;
}

/** Copies of a package what it needs when it runs here. */
async function pack(name) {
  const from = folderOf(name);
  await cp(from, path.join(staging, 'dist/node_modules', name), {
    recursive: true,
    dereference: true,
    filter: (file) => (statSync(file).isDirectory() ? entered(path.relative(from, file)) : wanted(file)),
  });
}

/** Of ONNX Runtime's build for WebAssembly (where the native one cannot be loaded) the one for the CPU, and as modules what it imports. */
async function packWebAssemblyRuntime() {
  const files = ['package.json', 'ort.node.min.mjs', 'ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm'];
  for (const file of files) {
    const part = path.join('onnxruntime-web', file === 'package.json' ? '' : 'dist', file);
    await cp(folderOf(part), path.join(staging, 'dist/node_modules', part));
  }
  const modules = 'onnxruntime-common/dist/esm';
  await cp(folderOf(modules), path.join(staging, 'dist/node_modules', modules), {
    recursive: true,
    filter: (file) => !/\.(map|d\.ts)$/.test(file),
  });
}

/** Folders of other platforms, of installers, and of the modules beside CommonJS stay out. */
function entered(folder) {
  const parts = folder.split(path.sep);
  if (parts[0] === 'bin' && parts[1]?.startsWith('napi-')) {
    return (parts[2] ?? platform) === platform && (parts[3] ?? arch) === arch;
  }
  return !['script', 'install', 'dist/esm'].includes(parts.join('/'));
}

/**
 * CommonJS, natives, licences. macOS loads libonnxruntime.1.dylib; the same file is there again under its full version. What a
 * developer may have fetched for CUDA is not used.
 */
function wanted(file) {
  if (/\.\d+\.\d+\.\d+\.dylib$|onnxruntime_providers_[a-z]+\.(so|dll)$/.test(file)) return false;
  return /\.(c?js|json|node|dll|dylib)$|\.so(\.\d+)*$|licen[cs]e[^/\\]*$/i.test(file);
}

function requireNatives() {
  const packed = path.join(staging, 'dist/node_modules');
  if (!existsSync(path.join(packed, 'onnxruntime-node/bin/napi-v6', platform, arch, 'onnxruntime_binding.node'))) {
    fail(`ONNX Runtime has no build for ${target}.`);
  }
  if (!existsSync(path.join(packed, `@img/sharp-${target}`))) {
    const command = `npm install --no-save --os=${platform} --cpu=${arch} sharp`;
    fail(`The image library for ${target} is not installed: ${command}\n(npm ci brings back the one of this machine.)`);
  }
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

async function stage(part) {
  await mkdir(path.dirname(path.join(staging, part)), { recursive: true });
  await cp(path.join(root, part), path.join(staging, part), { recursive: true });
}

/** The README without what it shows or links of the repository, which is not beside it any more. vsce refuses what remains. */
function standalone(readme) {
  return readme
    .replace(/^ *!\[[^\]]*\]\((?!https:)[^)]*\)\n+/gm, '')
    .replace(/\[([^\]]*)\]\((?!https:|#)[^)]*\)/g, '$1');
}

/** The folders of all packages in the VSIX, bundled or beside the bundles. */
async function thirdParties() {
  const inputs = JSON.parse(await readFile(path.join(staging, 'dist/inputs.json'), 'utf8'));
  const folders = [
    ...packagesOf(inputs),
    ...[...natives].map(folderOf),
    folderOf('onnxruntime-web'),
    folderOf('@vscode/codicons'),
  ];
  return new Set(folders);
}

async function makeVsix() {
  const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
  const file = path.resolve(values.out, `kindred-${target}-${version}.vsix`);
  await mkdir(path.dirname(file), { recursive: true });
  await rm(file, { force: true });
  // Nothing is asked: its input is closed, and what it would ask about is answered.
  const options = ['--no-dependencies', '--allow-missing-repository', '--target', target, '--out', file];
  await must(...node('node_modules/@vscode/vsce/vsce', 'package', ...options), {
    cwd: staging,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}
