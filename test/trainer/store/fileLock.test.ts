import { readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { withFileLock } from '../../../src/trainer/store/fileLock';
import { temporaryFolder } from '../dataset/images';
import { makeReadOnly } from './brokenDisk';

const LOCK = { patience: 5000, stale: 60_000, what: 'the test' };
const IMPATIENT = { ...LOCK, patience: 50 };
const seven = (): Promise<number> => Promise.resolve(7);

/** A lock file that someone else has left `age` milliseconds ago. */
async function leftLock(holder: string, age = 0): Promise<string> {
  const path = join(await temporaryFolder(), 'lock');
  await writeFile(path, holder);
  const then = new Date(Date.now() - age);
  await utimes(path, then, then);
  return path;
}

describe('withFileLock', () => {
  it('lets one in at a time, makes its folder, and goes away, also after an error', async () => {
    const path = join(await temporaryFolder(), 'folder', 'lock');
    let inside = 0;
    const task = async (): Promise<void> => {
      expect(++inside).toBe(1);
      expect(await readFile(path, 'utf8')).toBe(`${process.pid} ${hostname()}\n`);
      await sleep(5);
      inside--;
    };
    const failing = (): Promise<never> => Promise.reject(new Error('failed'));
    const tasks = [task, failing, task, task].map((one) => withFileLock<unknown>(path, LOCK, one));
    const ends = await Promise.allSettled(tasks);
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    await expect(stat(path)).rejects.toThrow();
  });

  it.each([
    ['a dead process of this machine, at once', `999999999 ${hostname()}\n`, 0],
    ['another machine, when it is old', '1 another-machine\n', 120_000],
    ['a process that died before it wrote its name', '', 120_000],
  ])('takes over the lock of %s', async (_whose, holder, age) => {
    const path = await leftLock(holder, age);
    expect(await withFileLock(path, IMPATIENT, seven)).toBe(7);
    await expect(stat(path)).rejects.toThrow();
  });

  it.each([
    ['a living process', `${process.ppid} ${hostname()}\n`, 120_000],
    ['another machine, when it is new', '1 another-machine\n', 0],
    ['a process that is just writing its name', '', 0],
  ])('leaves alone the lock of %s, and says what to do', async (_whose, holder, age) => {
    const path = await leftLock(holder, age);
    await expect(withFileLock(path, IMPATIENT, seven)).rejects.toMatchObject({
      code: 'read-only',
      message: 'Another Kindred is working on the test.',
      remedy: expect.stringContaining(path) as string,
    });
    expect(await readFile(path, 'utf8')).toBe(holder);
  });

  it('says read-only where it cannot be made', async () => {
    const folder = await temporaryFolder();
    makeReadOnly(folder);
    await expect(withFileLock(join(folder, 'lock'), LOCK, seven)).rejects.toMatchObject({ code: 'read-only' });
  });
});
