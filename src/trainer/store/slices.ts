import { throwIfCancelled } from '../../rpc/errors';

/** How long a synchronous stretch may last, in milliseconds, so that the trainer can answer other requests meanwhile. */
const SLICE = 12;
const CHECK_EVERY = 64;

/** Lets everything else that waits have its turn. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Calls `step(0)` ... `step(count - 1)` in order, with a break whenever a slice of time is used up. Steps must be short. */
export async function inSlices(count: number, step: (index: number) => void, signal?: AbortSignal): Promise<void> {
  let end = performance.now() + SLICE;
  for (let i = 0; i < count; i++) {
    step(i);
    if (i % CHECK_EVERY !== CHECK_EVERY - 1 || performance.now() < end) continue;
    await breathe();
    throwIfCancelled(signal);
    end = performance.now() + SLICE;
  }
}

/** A stable merge sort in slices of time; gives a new array. */
export async function sortInSlices<T>(values: readonly T[], compare: (a: T, b: T) => number): Promise<T[]> {
  const RUN = 32;
  let from: T[] = [];
  await inSlices(Math.ceil(values.length / RUN), (run) => {
    from.push(...values.slice(run * RUN, (run + 1) * RUN).sort(compare));
  });
  for (let width = RUN; width < values.length; width *= 2) from = await mergeRuns(from, width, compare);
  return from;
}

/** Merges neighbouring sorted runs of `width` values. */
async function mergeRuns<T>(from: readonly T[], width: number, compare: (a: T, b: T) => number): Promise<T[]> {
  const to: T[] = [];
  let left = 0;
  let right = 0;
  let middle = 0;
  let end = 0;
  await inSlices(from.length, (i) => {
    if (i === end) {
      left = end;
      right = middle = Math.min(left + width, from.length);
      end = Math.min(left + 2 * width, from.length);
    }
    const takeLeft = left < middle && (right >= end || compare(from[left], from[right]) <= 0);
    to.push(takeLeft ? from[left++] : from[right++]);
  });
  return to;
}
