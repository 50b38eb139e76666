import type { Kernels } from '../../kernels/kernels';
import type { Lists } from './lists';
import type { SearchRows } from './reduced';

/** Points that are compared with each other at the start. */
const LEAF_SIZE = 48;
/** Of a split never less than a tenth goes to one side, so this depth is never reached. */
const DEEPEST = 1024;

/** Fills the lists from random projection trees: the points of a leaf are compared with each other, tree after tree. */
export function joinTrees(kernels: Kernels, rows: SearchRows, lists: Lists, trees: number, seed: number): void {
  const { memory } = kernels;
  const before = memory.allocated;
  const count = rows.rows;
  const order = memory.allocate(4 * trees * count);
  // A leaf has at least a tenth of more than LEAF_SIZE points.
  const leafRoom = Math.ceil(count / Math.floor(LEAF_SIZE / 10)) + 3;
  const leaves = memory.allocate(4 * trees * leafRoom);
  const stackBytes = 16 * DEEPEST;
  const stacks = memory.allocate(trees * stackBytes);
  const tree = [rows.at, rows.bytes, count, LEAF_SIZE, seed, order, leaves, leafRoom, stacks, stackBytes];
  kernels.run('growTrees', trees, 1, ...tree);
  for (let i = 0; i < trees; i++) {
    const starts = leaves + 4 * i * leafRoom;
    const leafCount = memory.integers(starts, 1)[0];
    const points = order + 4 * i * count;
    kernels.run(
      'joinLeaves',
      leafCount,
      8,
      rows.at,
      rows.bytes,
      rows.rests,
      points,
      starts,
      lists.ids,
      lists.distances,
      lists.width,
    );
  }
  memory.release(before);
}
