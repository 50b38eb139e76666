/**
 * Makes the VSIX for one platform: bundles, the packed sample, and the natives, which are put beside the bundles in
 * dist/node_modules, where Node finds them from dist/trainer.js.
 *
 *   node scripts/package.mjs [target]     target as vsce names it: linux-x64 (default: this machine's), darwin-arm64 ...
 */
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { ensureDependencies, must, node, root } from './lib/setup.mjs';

const target = process.argv[2] ?? `${process.platform}-${process.arch}`;
const [platform, arch] = target.split('-');

/** The natives and what they load at run time; what only their installers use stays out. */
const INSTALL_ONLY = new Set(['adm-zip', 'global-agent']);

await ensureDependencies();
const { ensureSample } = await import('./sample.mjs');
await ensureSample({ packed: true });
await must(...node('scripts/build.mjs', '--production'));
const packages = await closure(['onnxruntime-node', 'sharp']);
for (const name of packages) await pack(name);

const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
const out = `kindred-${target}-${version}.vsix`;
await rm(path.join(root, out), { force: true });
await must(...node('node_modules/@vscode/vsce/vsce', 'package', '--no-dependencies', '--target', target, '--out', out));

/** All packages that `roots` need on this platform. An optional one that npm left out belongs to another platform. */
async function closure(roots) {
  const found = new Set();
  const queue = [...roots];
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    const folder = path.join(root, 'node_modules', name);
    if (found.has(name) || INSTALL_ONLY.has(name)) continue;
    if (!existsSync(folder)) {
      if (name.startsWith('@img/')) continue;
      throw new Error(`${name} is not installed.`);
    }
    found.add(name);
    const manifest = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
    queue.push(...Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies }));
  }
  if (![...found].some((name) => name.startsWith(`@img/sharp-${target}`))) {
    throw new Error(
      `The image library for ${target} is not installed: npm install --os=${platform} --cpu=${arch} sharp`,
    );
  }
  return found;
}

/** Copies a package, without what another platform or a developer needs. */
async function pack(name) {
  const from = path.join(root, 'node_modules', name);
  const to = path.join(root, 'dist/node_modules', name);
  await mkdir(path.dirname(to), { recursive: true });
  await cp(from, to, { recursive: true, dereference: true, filter: (file) => wanted(path.relative(from, file)) });
}

function wanted(file) {
  const parts = file.split(path.sep);
  if (parts[0] === 'bin' && parts[1]?.startsWith('napi-')) {
    return (parts[2] ?? platform) === platform && (parts[3] ?? arch) === arch;
  }
  if (parts[0] === 'node_modules' || parts[0] === 'script') return false;
  return !/\.(map|d\.ts|d\.mts|d\.cts|md|markdown|pdb)$/.test(file) || /licen|notice/i.test(file);
}
