import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { run } from '../../src/cli/program';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'kindred-'));
  vi.stubEnv('KINDRED_TENSORFLOW', path.join(folder, 'tensorflow'));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

async function outcome(...args: string[]): Promise<{ code: number; out: string; error: string }> {
  let [out, error] = ['', ''];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((error += String(text)), true));
  return { code: await run(args), out, error };
}

it('asks which TensorFlow to install, and does nothing without an answer', async () => {
  expect(await outcome('install-engine', 'tensorflow')).toMatchObject({
    code: 2,
    error: expect.stringMatching(/Give one of --gpu, --cpu and --python/) as string,
  });
  expect((await outcome('install-engine', 'tensorflow', '--gpu', '--cpu')).code).toBe(2);
  expect((await outcome('install-engine', 'torch', '--cpu')).error).toMatch(/Allowed choices are tensorflow/);
});

it('says that there is nothing to remove', async () => {
  const { code, out } = await outcome('remove-engine', 'tensorflow', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ command: 'remove-engine', removed: false });
});

it('refuses to train on an engine that is not installed, and says how to install it', async () => {
  const { code, error } = await outcome('devices', '--engine', 'tensorflow');
  expect(code).toBe(2);
  expect(error).toMatch(/The TensorFlow engine is not installed\..*kindred install-engine tensorflow/s);
});
