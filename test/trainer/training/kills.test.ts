import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Dataset } from '../../../src/trainer/dataset/dataset';
import { Random } from '../../../src/trainer/random';
import { isTemporary } from '../../../src/trainer/store/atomic';
import { decodeSafetensors } from '../../../src/trainer/training/safetensors';
import { readMetrics, readRun, runPaths } from '../../../src/trainer/training/runStore';
import { bundleScript } from './bundle';
import { shapeDataset } from './shapes';

/** Killed so often in one run, while it starts or trains; each time it goes on from what it finds. */
const KILLS = 14;
const STEPS = 160;
const SETTINGS = `--image-size 16 --size 8 --classes 4 --per-class 2 --seed 3 --steps ${STEPS}
  --rotate 20 --scale 0.2 --hue 0.1 --blur 0.3 --erase 0.3 --grey 0.2`.split(/\s+/);

let dataset: Dataset;
let remove: () => Promise<void>;
let cli: Awaited<ReturnType<typeof bundleScript>>;

beforeAll(async () => {
  ({ dataset, remove } = await shapeDataset(10, 4));
  cli = await bundleScript(path.resolve(import.meta.dirname, '../../../src/cli/main.ts'));
}, 60_000);
afterAll(async () => {
  await cli.remove();
  await remove();
});

interface Moment {
  readonly after: 'start' | 'step';
  readonly milliseconds: number;
}

/** Runs `kindred train`; when `moment` is given, sends SIGKILL then. Tells whether it was killed. */
function train(args: readonly string[], seconds: string | undefined, moment?: Moment): Promise<boolean> {
  const env = { ...process.env, KINDRED_THREADS: '1', KINDRED_CHECKPOINT_SECONDS: seconds };
  const child = spawn(process.execPath, [cli.file, 'train', dataset.paths.root, ...args], { env });
  let told = '';
  let timer: NodeJS.Timeout | undefined;
  const kill = (): void => {
    timer ??= setTimeout(() => child.kill('SIGKILL'), moment?.milliseconds);
  };
  if (moment?.after === 'start') kill();
  child.stderr.on('data', (data: Buffer) => {
    told += data.toString();
    if (moment?.after === 'step' && /loss \d/.test(told)) kill();
  });
  return new Promise((resolve, reject) => {
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      if (signal === 'SIGKILL' || code === 0) resolve(signal === 'SIGKILL');
      else reject(new Error(`Exit code ${code}: ${told}`));
    });
  });
}

/** What a run came to; nothing in it depends on the clock. */
async function outcome(name: string): Promise<object> {
  const files = runPaths(dataset.paths, name);
  const { state, step, steps, best, baselineRecallAt1, heldOut, problems } = await readRun(dataset.paths, name);
  // Each tensor as a digest: to compare millions of numbers one by one takes half a minute.
  const tensors = async (file: string): Promise<object> =>
    Object.entries(decodeSafetensors(await readFile(file), file).tensors).map(([tensor, { shape, data }]) => [
      tensor,
      shape,
      createHash('sha256').update(data).digest('hex'),
    ]);
  return {
    record: { state, step, steps, best, baselineRecallAt1, heldOut, problems },
    metrics: (await readMetrics(dataset.paths, name)).map((line) => [
      line.step,
      line.loss,
      line.activeShare,
      line.recallAt1,
    ]),
    last: await tensors(files.lastCheckpoint),
    best: await tensors(files.bestCheckpoint),
  };
}

const modelOf = async (name: string): Promise<Buffer> => {
  const bytes = await readFile(runPaths(dataset.paths, name).model);
  // The name is in the metadata; both names are of one length, so nothing else differs.
  return Buffer.from(bytes.toString('latin1').replaceAll(name, 'name'), 'latin1');
};

it(`is killed ${KILLS} times at random moments, and ends with the bytes of a run that was never killed`, async () => {
  const random = new Random(11);
  let kills = 0;
  while (kills < KILLS) {
    const after = random.next() < 0.35 ? 'start' : 'step';
    const moment: Moment = { after, milliseconds: random.integer(after === 'start' ? 1500 : 120) };
    const begun = existsSync(runPaths(dataset.paths, 'killed').record);
    const args = begun ? ['--resume', 'killed'] : [...SETTINGS, '--name', 'killed'];
    if (!(await train(args, '0', moment))) break;
    kills++;
  }
  expect(kills).toBeGreaterThanOrEqual(12);
  const killed = await readRun(dataset.paths, 'killed');
  if (killed.state !== 'finished') {
    expect(killed.state).toBe('interrupted');
    expect(await train(['--resume', 'killed'], '0.5')).toBe(false);
  }
  expect(await train([...SETTINGS, '--name', 'unhurt'], undefined)).toBe(false);
  expect(await outcome('killed')).toEqual(await outcome('unhurt'));
  expect((await modelOf('killed')).equals(await modelOf('unhurt'))).toBe(true);
  const left = await readdir(runPaths(dataset.paths, 'killed').folder, { recursive: true });
  expect(left.filter((file) => !isTemporary(path.basename(file))).sort()).toEqual(
    (await readdir(runPaths(dataset.paths, 'unhurt').folder, { recursive: true })).sort(),
  );
}, 300_000);
