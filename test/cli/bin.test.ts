import { execFile } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let root: string;
beforeEach(async () => {
  root = await fs.mkdtemp(join(tmpdir(), 'kindred-bin-'));
  await fs.mkdir(join(root, 'bin'));
  await fs.copyFile(resolve(import.meta.dirname, '../../bin/kindred.mjs'), join(root, 'bin/kindred.mjs'));
});
afterEach(() => fs.rm(root, { recursive: true, force: true }));

const put = async (path: string, text: string): Promise<void> => {
  await fs.mkdir(join(root, path, '..'), { recursive: true });
  await fs.writeFile(join(root, path), text);
};
const BUILD = `import { mkdirSync, writeFileSync } from 'node:fs';
console.log('the words of the build');
mkdirSync('dist', { recursive: true });
writeFileSync('dist/cli.js', 'process.stdout.write("built " + process.argv.slice(2).join(" "))');`;

function run(): Promise<{ code: unknown; stdout: string; stderr: string }> {
  return new Promise((done) => {
    execFile(process.execPath, [join(root, 'bin/kindred.mjs'), 'open', 'x'], (error, stdout, stderr) => {
      done({ code: error === null ? 0 : error.code, stdout, stderr });
    });
  });
}

describe('the command kindred', () => {
  it('builds when nothing is built or a source is newer, and keeps standard output clean', async () => {
    await put('scripts/build.mjs', BUILD);
    await put('src/cli/main.ts', '');
    const first = await run();
    expect(first).toMatchObject({ code: 0, stdout: 'built open x' });
    expect(first.stderr).toContain('Building');
    expect((await run()).stderr).toBe('');
    const later = new Date(Date.now() + 60_000);
    await fs.utimes(join(root, 'src/cli/main.ts'), later, later);
    expect((await run()).stderr).toContain('Building');
  });

  it('runs what is built where there are no sources', async () => {
    await put('dist/cli.js', 'process.stdout.write("ran")');
    expect(await run()).toEqual({ code: 0, stdout: 'ran', stderr: '' });
  });

  it('says what to do when it is not built and cannot be', async () => {
    expect(await run()).toMatchObject({ code: 2, stdout: '' });
    await put('scripts/build.mjs', 'process.exit(1)');
    const { code, stderr } = await run();
    expect(code).toBe(2);
    expect(stderr).toContain('npm run build');
  });
});
