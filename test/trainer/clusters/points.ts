import type { NeighbourGraph } from '../../../src/trainer/neighbours/graph';
import { cosineSpace } from '../../../src/trainer/projectionQuality/space';
import type { Matrix } from '../../../src/trainer/store/matrix';
import { Random } from '../../../src/trainer/random';

/** `each` unit rows around every centre, one group after the other. */
export function groupsOnSphere(
  centres: readonly (readonly number[])[],
  each: number,
  spread: number,
  seed: number,
): Matrix {
  const random = new Random(seed);
  const dims = centres[0].length;
  const rows = centres.flatMap((centre) => {
    const norm = Math.hypot(...centre);
    return Array.from({ length: each }, () => {
      const row = centre.map((value) => value / norm + spread * random.normal());
      const length = Math.hypot(...row);
      return row.map((value) => value / length);
    });
  });
  return { data: Float32Array.from(rows.flat()), rows: rows.length, dims };
}

/** The exact neighbour graph, by sorting. */
export function graphOf(vectors: Matrix, wanted: number): NeighbourGraph {
  const { rows } = vectors;
  const k = Math.max(0, Math.min(wanted, rows - 1));
  const space = cosineSpace(vectors);
  const indices: number[] = [];
  const distances: number[] = [];
  for (let i = 0; i < rows; i++) {
    const from = Array.from({ length: rows }, (_, j) => (j === i ? -1 : space.distance(i, j)));
    const near = [...from.keys()].filter((j) => j !== i).sort((a, b) => from[a] - from[b] || a - b);
    for (const j of near.slice(0, k)) {
      indices.push(j);
      distances.push(from[j]);
    }
  }
  return { k, indices: Int32Array.from(indices), distances: Float32Array.from(distances), recall: 1 };
}

/** Whether two groupings are one but for the numbers; -1 is none in both. */
export function sameGroups(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  const [there, back] = [new Map<number, number>(), new Map<number, number>()];
  return Array.from(a).every((x, i) => {
    const y = b[i];
    if (x < 0 || y < 0) return x < 0 && y < 0;
    if (!there.has(x)) there.set(x, y);
    if (!back.has(y)) back.set(y, x);
    return there.get(x) === y && back.get(y) === x;
  });
}
