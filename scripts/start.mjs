/**
 * Opens VS Code with Kindred active: desktop VS Code when `code` is there, otherwise the VS Code server in the browser.
 *
 *   npm start                  the sample dataset
 *   npm start -- <folder>      your own
 *   npm start -- --browser     the server, even when `code` is there
 */
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { ensureBuilt, ensureDependencies, root } from './lib/setup.mjs';

const [folder] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const browser = process.argv.includes('--browser');

await ensureDependencies();
await ensureBuilt();
const target = folder === undefined ? await sample() : existing(folder);
if (!browser && hasDesktop()) openDesktop(target);
else await openServer(target);

async function sample() {
  const { ensureSample } = await import('./sample.mjs');
  await ensureSample({ packed: true });
  return ensureSample();
}

function existing(name) {
  const full = path.resolve(name);
  if (existsSync(full) && statSync(full).isDirectory()) return full;
  console.error(`${full} is not a folder. Give the folder that holds your dataset: npm start -- <folder>`);
  return process.exit(2);
}

function hasDesktop() {
  return spawnSync('code', ['--version'], { stdio: 'ignore', shell: process.platform === 'win32' }).status === 0;
}

function openDesktop(workspace) {
  console.log(`Opening VS Code on ${workspace} ...`);
  spawn('code', ['--new-window', `--extensionDevelopmentPath=${root}`, workspace], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
}

async function openServer(workspace) {
  const { ensureVSCodeServer, startVSCodeServer } = await import('./lib/vscodeServer.mjs');
  await ensureVSCodeServer();
  const server = await startVSCodeServer({
    dataDir: path.join(root, '.vscode-test/data'),
    token: randomBytes(16).toString('hex'),
  });
  const url = server.url({ folder: workspace, extension: root });
  console.log(`\nVS Code with Kindred on ${workspace}:\n\n  ${url}\n\nPress Ctrl+C to stop.`);
  openInBrowser(url);
  process.once('SIGINT', () => void server.stop().then(() => process.exit(0)));
}

/** Best effort: the address is printed anyway. */
function openInBrowser(url) {
  const opener = { darwin: 'open', win32: 'explorer' }[process.platform] ?? 'xdg-open';
  const child = spawn(opener, [url], { stdio: 'ignore', detached: true });
  child.once('error', () => undefined);
  child.unref();
}
