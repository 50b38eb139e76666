import { describe, expect, it } from 'vitest';
import { mapConcurrently, Mutex } from '../../../src/trainer/store/concurrency';
import { ProgressMeter } from '../../../src/trainer/store/progressMeter';
import { inSlices, sortInSlices } from '../../../src/trainer/store/slices';
import type { Progress } from '../../../src/trainer/types/progress';
import { Random } from '../../../src/trainer/random';

const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

describe('mapConcurrently', () => {
  it('keeps the order and the limit', async () => {
    let running = 0;
    let most = 0;
    const results = await mapConcurrently([5, 4, 3, 2, 1, 0], 3, async (value) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, value));
      running--;
      return value * 2;
    });
    expect(results).toEqual([10, 8, 6, 4, 2, 0]);
    expect(most).toBe(3);
  });

  it('throws the error after the calls in flight have ended, and starts no more', async () => {
    let ended = 0;
    const work = mapConcurrently([0, 1, 2, 3, 4, 5], 2, async (value) => {
      await soon();
      if (value === 1) throw new Error('one');
      ended++;
    });
    await expect(work).rejects.toThrow('one');
    const after = ended;
    await soon();
    expect(ended).toBe(after);
    expect(ended).toBeLessThan(4);
  });

  it('stops when cancelled', async () => {
    const controller = new AbortController();
    const work = mapConcurrently(
      [0, 1, 2, 3],
      1,
      async (value) => {
        await soon();
        if (value === 1) controller.abort();
      },
      controller.signal,
    );
    await expect(work).rejects.toMatchObject({ code: 'cancelled' });
  });
});

it('Mutex runs one at a time, also after a failure', async () => {
  const mutex = new Mutex();
  const order: string[] = [];
  const task =
    (name: string, fail = false) =>
    async (): Promise<void> => {
      order.push(`${name}>`);
      await soon();
      order.push(`<${name}`);
      if (fail) throw new Error(name);
    };
  const results = await Promise.allSettled([mutex.run(task('a', true)), mutex.run(task('b')), mutex.run(task('c'))]);
  expect(order).toEqual(['a>', '<a', 'b>', '<b', 'c>', '<c']);
  expect(results.map((result) => result.status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
});

describe('slices', () => {
  it('takes breaks in long work', async () => {
    let turns = 0;
    let working = true;
    const count = (): void => {
      turns++;
      if (working) setImmediate(count);
    };
    setImmediate(count);
    let steps = 0;
    await inSlices(2_000, (i) => {
      expect(i).toBe(steps++);
      const end = performance.now() + 0.05;
      while (performance.now() < end);
    });
    working = false;
    expect(steps).toBe(2_000);
    expect(turns).toBeGreaterThan(3);
  });

  it('sorts as the plain sort does, and stably', async () => {
    const random = new Random(1);
    for (const length of [0, 1, 2, 31, 32, 33, 64, 100, 1000, 5000]) {
      const values = Array.from({ length }, (_, i) => [random.integer(50), i] as const);
      const compare = (a: readonly [number, number], b: readonly [number, number]): number => a[0] - b[0];
      expect(await sortInSlices(values, compare)).toEqual([...values].sort(compare));
    }
  });
});

it('ProgressMeter reports the start, at most ten times a second, and the end', () => {
  const reports: Progress[] = [];
  const meter = new ProgressMeter((progress) => reports.push(progress), 'Reading', 10_000, 'images');
  for (let i = 0; i < 10_000; i++) meter.add();
  expect(reports[0]).toEqual({ stage: 'Reading', done: 0, total: 10_000, unit: 'images' });
  expect(reports.at(-1)).toEqual({ stage: 'Reading', done: 10_000, total: 10_000, unit: 'images' });
  expect(reports.length).toBeLessThan(30);
});
