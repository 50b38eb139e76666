import { execFile, spawn, type ChildProcess } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { WORKER_ENTRIES } from '../../src/trainer/workers';

const REPOSITORY = resolve(import.meta.dirname, '../..');
/** Inside of the repository, so that the natives are found. */
const BUILT = join(REPOSITORY, 'out', 'cli-test');

export interface Result {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Builds the command line as scripts/build.mjs does, apart from dist/, which others may be using. */
export async function buildCli(): Promise<void> {
  const workers = Object.fromEntries(
    Object.entries(WORKER_ENTRIES).map(([name, file]) => [name, `src/trainer/${file}`]),
  );
  await build({
    absWorkingDir: REPOSITORY,
    entryPoints: { cli: 'src/cli/main.ts', ...workers },
    outdir: BUILT,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['onnxruntime-node', 'sharp'],
    mainFields: ['module', 'main'],
    logLevel: 'silent',
  });
}

export function kindred(...args: string[]): Promise<Result> {
  return new Promise((done) => {
    execFile(process.execPath, [join(BUILT, 'cli.js'), ...args], { maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      done({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : null, stdout, stderr });
    });
  });
}

export function start(...args: string[]): ChildProcess {
  return spawn(process.execPath, [join(BUILT, 'cli.js'), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Runs with --json; what is on standard output is one document and nothing else. */
export async function json(...args: string[]): Promise<{ code: number | null; document: Record<string, unknown> }> {
  const { code, stdout } = await kindred(...args, '--json');
  return { code, document: JSON.parse(stdout) as Record<string, unknown> };
}

/** The first emoji that both styles have, a class each with two pictures. */
export async function writeEmoji(root: string, classes: number): Promise<string[]> {
  const folder = (style: string): string =>
    join(REPOSITORY, 'node_modules', `emoji-datasource-${style}`, 'img', style, '64');
  const twitter = new Set(await fs.readdir(folder('twitter')));
  const names = (await fs.readdir(folder('google')))
    .filter((name) => twitter.has(name))
    .sort()
    .slice(600, 600 + classes);
  for (const name of names) {
    const label = name.replace('.png', '');
    await fs.mkdir(join(root, label), { recursive: true });
    for (const style of ['google', 'twitter']) {
      await fs.copyFile(join(folder(style), name), join(root, label, `${style}.png`));
    }
  }
  return names.map((name) => name.replace('.png', ''));
}
