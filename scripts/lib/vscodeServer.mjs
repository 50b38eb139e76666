/**
 * A real VS Code without a desktop: the server that the package code-server carries, installed once under .vscode-test/server
 * with the Node that it needs. The server inside it is started directly, because code-server's own front ignores
 * extensions under development.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { must, npm, root } from './setup.mjs';

const NODE = 'node@24.21.0';
const CODE_SERVER = 'code-server@4.139.1';
const home = path.join(root, '.vscode-test/server');
const nodeBin = path.join(home, 'node_modules/node/bin');
const node = path.join(nodeBin, process.platform === 'win32' ? 'node.exe' : 'node');
const vscode = path.join(home, 'node_modules/code-server/lib/vscode');
const stamp = path.join(home, 'installed.txt');

/** Installs the server once; the mark is written last, so that an install cut short is done again. */
export async function ensureVSCodeServer() {
  const wanted = `${NODE} ${CODE_SERVER}`;
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === wanted) return;
  console.log('Installing the VS Code server (once, about two minutes) ...');
  await mkdir(home, { recursive: true });
  await writeFile(path.join(home, 'package.json'), '{ "private": true }\n');
  const install = ['install', '--no-audit', '--no-fund', '--save-exact', '--loglevel=error'];
  await must(...npm(...install, NODE), { cwd: home });
  const env = { ...process.env, PATH: `${nodeBin}${path.delimiter}${process.env.PATH}` };
  // The server's installer asks npm which Node it runs on: it must be the one that the server is made for, and not what an
  // outer npm has said of itself.
  delete env.npm_config_user_agent;
  const [, npmCli] = npm(...install, CODE_SERVER);
  const command = npmCli[0].endsWith('.js') ? node : 'npm';
  await must(command, npmCli, { cwd: home, env, stdio: ['ignore', 'ignore', 'inherit'] });
  await writeFile(stamp, wanted);
}

export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** A window that shows the dataset, not the editor's own assistants and greetings. */
const SETTINGS = {
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

async function writeSettings(dataDir, settings) {
  const folder = path.join(dataDir, 'data/Machine');
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'settings.json'), JSON.stringify({ ...SETTINGS, ...settings }, undefined, 2));
}

/**
 * Starts the server.
 * @param {{dataDir: string, token?: string, extensionsDir?: string, trust?: boolean, settings?: Record<string, unknown>}} options
 *   `dataDir` keeps settings and state
 * @returns {Promise<{port: number, url: (window: {folder: string, extension?: string, tests?: string}) => string, stop: () => Promise<void>}>}
 */
export async function startVSCodeServer({ dataDir, token, extensionsDir, trust = false, settings = {} }) {
  await writeSettings(dataDir, settings);
  const port = await freePort();
  const authority = `127.0.0.1:${port}`;
  const child = spawn(
    node,
    [
      path.join(vscode, 'out/server-main.js'),
      ...['--host', '127.0.0.1', '--port', String(port), '--accept-server-license-terms', '--telemetry-level', 'off'],
      ...['--enable-smoke-test-driver', '--server-data-dir', dataDir],
      ...(token === undefined ? ['--without-connection-token'] : ['--connection-token', token]),
      ...(extensionsDir === undefined ? [] : ['--extensions-dir', extensionsDir]),
      ...(trust ? [] : ['--disable-workspace-trust']),
    ],
    { cwd: vscode, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const exited = new Promise((resolve) => child.once('exit', resolve));
  await ready(child, exited);
  return {
    port,
    url: ({ folder, extension, tests }) => {
      const remote = (file) => `vscode-remote://${authority}${file}`;
      const payload = [];
      if (extension !== undefined) payload.push(['extensionDevelopmentPath', remote(extension)]);
      if (tests !== undefined) payload.push(['extensionTestsPath', remote(tests)]);
      const query = new URLSearchParams({ folder });
      if (token !== undefined) query.set('tkn', token);
      if (payload.length > 0) query.set('payload', JSON.stringify(payload));
      return `http://${authority}/?${query}`;
    },
    stop: async () => {
      child.kill();
      await exited;
    },
  };
}

function ready(child, exited) {
  let output = '';
  return new Promise((resolve, reject) => {
    const read = (chunk) => {
      output += chunk;
      if (output.includes('Extension host agent started')) resolve();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void exited.then((code) => reject(new Error(`The VS Code server ended at once (exit code ${code}):\n${output}`)));
  });
}

/** Installs a VSIX into an extensions folder of its own, as the Extensions view would. */
export async function installExtension(vsix, extensionsDir, dataDir) {
  await must(node, [
    path.join(vscode, 'out/server-main.js'),
    ...['--install-extension', vsix, '--extensions-dir', extensionsDir, '--server-data-dir', dataDir],
    '--accept-server-license-terms',
  ]);
}
