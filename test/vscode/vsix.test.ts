import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureVSCodeServer, installExtension } from '../../scripts/lib/vscodeServer.mjs';
import type { RunSummary } from '../../src/trainer/protocol';
import { clickPoint, settled } from './map';
import { repository, VSCodeWindow } from './window';

/**
 * What a person gets who installs the VSIX: packaged, installed into an empty VS Code outside the repository, where Node finds
 * no package of the repository, and used on the sample that it brings.
 */
const run = promisify(execFile);
const ITEMS = 800;
let home: string;
let installed: string;
let sample: string;
let window: VSCodeWindow;

beforeAll(async () => {
  delete process.env['NODE_PATH'];
  home = await realpath(await mkdtemp(path.join(tmpdir(), 'kindred-vsix-')));
  const extensionsDir = path.join(home, 'extensions');
  const workspace = path.join(home, 'workspace');
  await mkdir(workspace);
  await ensureVSCodeServer();
  await installExtension(await packaged(), extensionsDir, path.join(home, 'installer'));
  installed = path.join(extensionsDir, await only(extensionsDir, /^kindred\./));
  window = await VSCodeWindow.open({ workspace, extensionsDir });
  await window.load();
  await window.kindred();
});
afterAll(async () => {
  await window.close();
  await rm(home, { recursive: true, force: true });
});

async function packaged(): Promise<string> {
  await run(process.execPath, [path.join(repository, 'scripts/package.mjs'), '--out', home], { cwd: home });
  return path.join(home, await only(home, /\.vsix$/));
}

async function only(folder: string, name: RegExp): Promise<string> {
  const found = (await readdir(folder)).filter((entry) => name.test(entry));
  expect(found).toHaveLength(1);
  return found[0];
}

describe('the packaged extension', () => {
  it('has the bundles, natives and sample that it needs, and nothing of a developer', async () => {
    const files = (await readdir(installed, { recursive: true })).map((file) => file.split(path.sep).join('/'));
    const entries = ['extension', 'trainer', 'sessionWorker', 'projectionWorker', 'augmentationWorker'];
    expect(files).toEqual(expect.arrayContaining(entries.map((entry) => `dist/${entry}.js`)));
    expect(files).toEqual(
      expect.arrayContaining(['readme.md', 'changelog.md', 'LICENSE.txt', 'THIRD-PARTY-NOTICES.txt']),
    );
    expect(files.filter((file) => /^media\/sample\/.*\.png$/.test(file))).toHaveLength(ITEMS);
    const foreign =
      /\.(map|tsx?|mts|cts)$|(^|\/)(src|test|tests|script|scripts|\.kindred)(\/|$)|^dist\/cli|\.test\.js$/;
    expect(files.filter((file) => foreign.test(file))).toEqual([]);
  });

  it('names no path of the machine that made it', async () => {
    for (const folder of ['dist', 'dist/webview']) {
      for (const file of (await readdir(path.join(installed, folder))).filter((name) => name.endsWith('.js'))) {
        const code = await readFile(path.join(installed, folder, file), 'utf8');
        expect(code.includes(repository), file).toBe(false);
      }
    }
  });

  it('opens the sample that it brings', async () => {
    await window.command('Kindred: Open Sample Dataset');
    const place = window.offered("VS Code's own folder");
    sample = /^\/.*$/m.exec(await place.innerText())?.[0] ?? '';
    await place.click();
    const row = window.page.getByRole('treeitem', { name: new RegExp(`sample, ${ITEMS} images`) }).first();
    await row.waitFor({ timeout: 60_000 });
    expect(await readdir(sample)).toContain('ATTRIBUTION.md');
  });

  it('maps the descriptors, and shows the neighbours of a clicked point', async () => {
    await window.command('Kindred: Explore Embeddings');
    await window.tab(/^Map/).waitFor();
    await settled(window);
    await clickPoint(window);
    const cards = window.panel().locator('.neighbours .card');
    await cards.first().waitFor({ timeout: 60_000 });
    expect(await cards.count()).toBeGreaterThanOrEqual(6);
    await cards.first().locator('img').waitFor();
  });

  it('trains a few steps', async () => {
    const training = { budget: { steps: 4 }, imageSize: 32, seed: 7 };
    await writeFile(path.join(sample, 'kindred.json'), JSON.stringify({ training }));
    await window.commandAndAnswer('Kindred: Train Embedding Model', 'suggested settings');
    await expect.poll(runStates, { timeout: 120_000, interval: 250 }).toEqual(['finished']);
  });

  it('runs from where it was installed, and loads nothing from the repository', async () => {
    const trainer = await trainerProcess();
    expect(trainer.command).toContain(path.join(installed, 'dist/trainer.js'));
    if (process.platform === 'linux') {
      const natives = await mappedNatives(trainer.pid);
      expect(natives.filter((file) => !file.startsWith(installed))).toEqual([]);
      const names = natives.map((file) => path.basename(file)).join(' ');
      expect(names).toMatch(/onnxruntime_binding\.node/);
      expect(names).toMatch(/sharp-/);
    }
    const script = await window.panel().locator('script[src]').first().getAttribute('src');
    expect(decodeURIComponent(script ?? '')).toContain(`${installed}/dist/webview/training.js`);
  });
});

async function runStates(): Promise<string[]> {
  const runs = path.join(sample, '.kindred/runs');
  const names = await readdir(runs).catch(() => []);
  const texts = names.map((name) => readFile(path.join(runs, name, 'run.json'), 'utf8').catch(() => '{}'));
  return (await Promise.all(texts)).map((text) => (JSON.parse(text) as Partial<RunSummary>).state ?? 'new');
}

/** The trainer whose bundle lies in this test's own folder; others may run on the machine. */
async function trainerProcess(): Promise<{ readonly pid: number; readonly command: string }> {
  const { stdout } = await run('ps', ['-axwwo', 'pid=,args=']);
  const line = stdout.split('\n').find((text) => text.includes(home) && text.includes('trainer.js'));
  if (line === undefined) throw new Error('The trainer of the installed extension does not run.');
  const [pid, ...command] = line.trim().split(/\s+/);
  return { pid: Number(pid), command: command.join(' ') };
}

/** The natives of packages that the process has loaded. */
async function mappedNatives(pid: number): Promise<string[]> {
  const maps = await readFile(`/proc/${pid}/maps`, 'utf8');
  const files = maps.split('\n').map((line) => line.replace(/^[^/]*/, ''));
  return [...new Set(files)].filter((file) => /\/node_modules\/.*(\.node|\.so[.\d]*)$/.test(file));
}
