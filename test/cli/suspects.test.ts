import { readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SuspectList } from '../../src/trainer/protocol';
import { shapeDataset } from '../trainer/training/shapes';
import { buildCli, json, kindred } from './kindred';

let root: string;
let remove: () => Promise<void>;
/** Files that lie in the folder of another class than they show. */
const WRONG = [
  ['class 00/3.png', 'class 01/wrong 0.png'],
  ['class 02/5.png', 'class 03/wrong 2.png'],
] as const;

beforeAll(async () => {
  const shapes = await shapeDataset(4, 24);
  ({ remove } = shapes);
  ({ root } = shapes.dataset.ref);
  for (const [from, to] of WRONG) await rename(join(root, from), join(root, to));
  await buildCli();
  expect((await kindred('open', root)).code).toBe(0);
}, 120_000);
afterAll(() => remove());

it('finds wrong labels, changes them, and takes it back', async () => {
  expect(await kindred('suspects', root)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('No run was trained with the loss sub-centre-arcface.') as string,
  });
  const settings = [
    '--classes',
    '4',
    '--per-class',
    '8',
    '--steps',
    '200',
    '--held-out',
    'item',
    '--held-out-share',
    '0.05',
  ];
  const training = await kindred(
    ...[
      'train',
      root,
      '--name',
      'noisy',
      '--features',
      'descriptor',
      '--method',
      'gradient',
      '--loss',
      'sub-centre-arcface',
    ],
    ...settings,
  );
  expect(training.code, training.stderr).toBe(0);
  const { code, stdout } = await kindred('suspects', root);
  expect(stdout).toMatch(/The run "noisy" suspects \d+ of \d+ labels/);
  const before = await kindred('suspects', root, '--json');
  const { suspects } = JSON.parse(before.stdout) as SuspectList;
  expect(code).toBe(suspects.length > 0 ? 1 : 0);
  const found = suspects.filter(({ path }) => WRONG.some(([, wrong]) => wrong === path));
  expect(found.map(({ path, nearestLabel }) => [path, nearestLabel]).sort()).toEqual([
    ['class 01/wrong 0.png', 'class 00'],
    ['class 03/wrong 2.png', 'class 02'],
  ]);

  const decided = await json('suspects', root, '--relabel');
  expect(decided.document['decided']).toBeGreaterThanOrEqual(2);
  expect((await json('suspects', root, '--relabel')).document['decided']).toBe(0);
  expect((await kindred('decisions', root)).stdout).toContain('relabel: class 00');
  const plan = await kindred('apply', root, '--dry-run');
  expect(plan.stdout).toContain('class 01/wrong 0.png: class 01 -> class 00');
  const applied = await json('apply', root, '--yes');
  expect(applied).toMatchObject({ code: 0, document: { moved: 0, relabelled: decided.document['decided'] } });
  expect(await readdir(join(root, 'class 00'))).toContain('wrong 0.png');
  // What has another label now is suspected no more.
  expect((await json('suspects', root)).document['suspects']).not.toContainEqual(
    expect.objectContaining({ path: expect.stringContaining('wrong') as string }),
  );
  const restored = await kindred('restore', root);
  expect(restored.stdout).toContain('changed back');
  expect(await readdir(join(root, 'class 01'))).toContain('wrong 0.png');
  expect(await readFile(join(root, 'kindred.decisions.jsonl'), 'utf8')).toContain('"kind":"relabel"');
}, 180_000);
