import { availableParallelism } from 'node:os';

/** How many threads compute when the caller does not say: what the setting `kindred.threads` passes on, else all cores. */
export function defaultThreads(): number {
  const wanted = Number(process.env['KINDRED_THREADS'] ?? 0);
  return Number.isInteger(wanted) && wanted > 0 ? wanted : availableParallelism();
}
