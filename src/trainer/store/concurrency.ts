import { availableParallelism } from 'node:os';
import { throwIfCancelled } from '../../rpc/errors';

/** How many files to have in work at once: reading waits for the disk while decoding keeps the cores busy. */
export const FILES_AT_ONCE = 2 * availableParallelism();

/**
 * Maps with at most `limit` calls in flight; results are in the order of `values`. The first error stops the taking of further
 * values and is thrown once the calls in flight have ended.
 */
export async function mapConcurrently<T, R>(
  values: readonly T[],
  limit: number,
  map: (value: T, index: number) => Promise<R>,
  signal?: AbortSignal,
): Promise<R[]> {
  const results = new Array<R>(values.length);
  let next = 0;
  let failed = false;
  const work = async (): Promise<void> => {
    while (next < values.length && !failed) {
      const index = next++;
      try {
        throwIfCancelled(signal);
        results[index] = await map(values[index], index);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const workers = Array.from({ length: Math.min(limit, values.length) }, work);
  const ends = await Promise.allSettled(workers);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return results;
}

/** Runs tasks one after the other, in the order in which they came. */
export class Mutex {
  private last: Promise<unknown> = Promise.resolve();

  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.last.then(task);
    this.last = result.catch(() => undefined);
    return result;
  }
}
