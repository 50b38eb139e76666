import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildCli, json, kindred, start, writeEmoji } from './kindred';

let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'kindred-steer-'));
  await writeEmoji(root, 12);
  await buildCli();
  expect((await kindred('open', root)).code).toBe(0);
}, 120_000);
afterAll(() => rm(root, { recursive: true, force: true }));

const SETTINGS = ['--image-size', '16', '--size', '8', '--classes', '4', '--per-class', '2', '--steps', '100000'];

it('steers a training of another terminal', async () => {
  expect(await kindred('steer', root, '--pause')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('No training of this dataset goes on.') as string,
  });
  const training = start('train', root, '--name', 'far', ...SETTINGS);
  const ended = new Promise<number | null>((resolve) => training.once('exit', resolve));
  await new Promise<void>((resolve) => {
    training.stderr!.on('data', (data: Buffer) => /loss \d/.test(data.toString()) && resolve());
  });
  expect((await kindred('steer', root, '--pause')).stdout).toContain('Run "far": paused, with a checkpoint.');
  const paused = (await json('runs', root)).document['runs'] as { paused: boolean; step: number }[];
  expect(paused[0].paused).toBe(true);
  const both = await kindred('steer', root, '--pause', '--stop');
  expect(both).toMatchObject({ code: 2, stderr: expect.stringContaining('Say one thing to do.') as string });
  expect(await json('steer', root, '--rate', '0.5')).toMatchObject({
    code: 0,
    document: { run: 'far', action: { kind: 'rate', factor: 0.5 } },
  });
  expect((await kindred('steer', root, '--run', 'far', '--resume')).code).toBe(0);
  expect((await kindred('steer', root, '--stop')).stdout).toContain('stopped, and kept');
  expect(await ended).toBe(2);
  const [run] = (await json('runs', root)).document['runs'] as Record<string, unknown>[];
  expect(run).toMatchObject({ state: 'stopped', rateChanges: [{ step: paused[0].step, factor: 0.5 }] });
}, 120_000);
