import type { Kernels } from '../../kernels/kernels';
import { ROWS_AT_A_TIME } from '../../kernels/rows';
import type { Lists } from './lists';
import type { SearchRows } from './reduced';

/** New and old candidates of a point in a round. */
const ROOM = 12;
/** Points whose candidates are compared before the lists take what was found. */
const BLOCK = 32_768;
const POINTS_A_BUFFER = ROWS_AT_A_TIME;
/** Pairs that a buffer has room for, a point of it; with 12 and 12 candidates there are 210 at most. */
const PAIRS_A_POINT = 100;
const MOST_ROUNDS = 12;
/** It has settled when a round changes fewer than this share of all entries. */
const SETTLED = 0.002;

/** Improves the lists until they have settled. After each round `tell` hears the share of entries that changed; it may throw. */
export function descend(
  kernels: Kernels,
  rows: SearchRows,
  lists: Lists,
  seed: number,
  tell: (round: number, changed: number) => void,
): void {
  const { memory } = kernels;
  const before = memory.allocated;
  const room = 4 * rows.rows * ROOM;
  const candidates = {
    fresh: memory.allocate(room),
    freshRanks: memory.allocate(room),
    old: memory.allocate(room),
    oldRanks: memory.allocate(room),
  };
  const bufferBytes = 4 + 12 * POINTS_A_BUFFER * PAIRS_A_POINT;
  const buffers = memory.allocate(Math.ceil(Math.min(BLOCK, rows.rows) / POINTS_A_BUFFER) * bufferBytes);
  const share = kernels.rowsPerThread(rows.rows);
  const changes = memory.allocate(4 * kernels.threads);
  const { fresh, freshRanks, old, oldRanks } = candidates;
  const { ids, distances, width } = lists;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    memory.integers(changes, kernels.threads).fill(0);
    const drawn = [ids, rows.rows, width, ROOM, (seed + round) | 0, fresh, freshRanks, old, oldRanks];
    kernels.run('gatherCandidates', rows.rows, share, ...drawn);
    kernels.run('markTried', rows.rows, ROWS_AT_A_TIME, ids, width, ROOM, fresh);
    for (let first = 0; first < rows.rows; first += BLOCK) {
      const points = Math.min(BLOCK, rows.rows - first);
      const found = [distances, width, ROOM, fresh, old, buffers, bufferBytes];
      kernels.run(
        'joinCandidates',
        points,
        POINTS_A_BUFFER,
        first,
        POINTS_A_BUFFER,
        rows.at,
        rows.bytes,
        rows.rests,
        ...found,
      );
      const used = Math.ceil(points / POINTS_A_BUFFER);
      kernels.run('applyUpdates', rows.rows, share, share, ids, distances, width, buffers, bufferBytes, used, changes);
    }
    const changed = memory.integers(changes, kernels.threads).reduce((sum, count) => sum + count, 0);
    const part = changed / (rows.rows * width);
    tell(round, part);
    if (part < SETTLED) break;
  }
  memory.release(before);
}
