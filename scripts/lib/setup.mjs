/** What every script needs first: the packages, the build. Imports nothing but Node, since it runs before the packages are there. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** Runs a program to its end, its output on ours. @returns {Promise<number>} its exit code */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options });
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(signal === null ? code : 1));
  });
}

/** The same, and stops this script when it fails. */
export async function must(command, args, options) {
  const code = await run(command, args, options);
  if (code !== 0) {
    console.error(`\n${path.basename(command)} ${args.join(' ')} failed (exit code ${code}).`);
    process.exit(1);
  }
}

/** npm as a program that can be spawned without a shell, on every platform. */
export function npm(...args) {
  const cli = process.env.npm_execpath;
  return cli?.endsWith('.js') ? [process.execPath, [cli, ...args]] : ['npm', args];
}

export function node(script, ...args) {
  return [process.execPath, [path.join(root, script), ...args]];
}

function newest(folder) {
  return readdirSync(folder, { withFileTypes: true }).reduce((latest, entry) => {
    const full = path.join(folder, entry.name);
    return Math.max(latest, entry.isDirectory() ? newest(full) : statSync(full).mtimeMs);
  }, 0);
}

/** Installs the packages when they are missing or older than the lock file. */
export async function ensureDependencies() {
  const installed = path.join(root, 'node_modules/.package-lock.json');
  const lock = path.join(root, 'package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  console.log('Installing packages ...');
  await must(...npm('ci'));
}

/** Builds when a source is newer than the bundles. */
export async function ensureBuilt() {
  const bundle = path.join(root, 'dist/trainer.js');
  const sources = Math.max(newest(path.join(root, 'src')), statSync(path.join(root, 'scripts/build.mjs')).mtimeMs);
  if (existsSync(bundle) && statSync(bundle).mtimeMs >= sources) return;
  console.log('Building ...');
  await must(...node('scripts/build.mjs'));
}
