import type { Space } from './space';
import type { Matrix } from '../store/matrix';
import { scoreOf } from './coRanking';
import { KdTree } from './kdTree';
import { spearman } from './spearman';

/** The k true neighbours of every item, row-major, nearest first. */
export interface TrueNeighbours {
  readonly k: number;
  readonly indices: Int32Array;
}

export interface ItemScores {
  readonly trustworthiness: number;
  readonly continuity: number;
  readonly preservation: number;
  readonly spearman: number;
}

/**
 * Scores of single items without ranking all others: which neighbours are kept is known exactly, and the rank of one that is not
 * is estimated from how many of some reference items are nearer.
 */
export class ItemEstimates {
  private readonly tree: KdTree;
  private readonly fromMap: Float32Array;
  private readonly fromTruth: Float32Array;

  constructor(
    private readonly truth: Space,
    private readonly map: Space,
    positions: Matrix,
    private readonly neighbours: TrueNeighbours,
    private readonly references: Int32Array,
  ) {
    this.tree = new KdTree(positions);
    this.fromMap = new Float32Array(references.length);
    this.fromTruth = new Float32Array(references.length);
  }

  of(item: number): ItemScores {
    const { truth, map, references, fromMap, fromTruth } = this;
    const { k, indices } = this.neighbours;
    const near = indices.subarray(item * k, (item + 1) * k);
    const shown = this.tree.nearest(item, k);
    references.forEach((reference, r) => {
      fromTruth[r] = truth.distance(item, reference);
      fromMap[r] = map.distance(item, reference);
    });
    const kept = shown.reduce((sum, other) => sum + (near.includes(other) ? 1 : 0), 0);
    return {
      trustworthiness: scoreOf(this.penalty(item, shown, near, truth, fromTruth), truth.count, k),
      continuity: scoreOf(this.penalty(item, near, shown, map, fromMap), truth.count, k),
      preservation: kept / k,
      spearman: spearman(fromTruth, fromMap),
    };
  }

  /** The sum of (rank - k) in a space, over those of `some` that are not of its own nearest. */
  private penalty(item: number, some: Int32Array, nearest: Int32Array, space: Space, distances: Float32Array): number {
    const { references } = this;
    let sum = 0;
    for (const other of some) {
      if (nearest.includes(other)) continue;
      const distance = Math.fround(space.distance(item, other));
      let nearer = 0;
      let compared = 0;
      for (let r = 0; r < references.length; r++) {
        if (references[r] === item || references[r] === other) continue;
        compared++;
        if (distances[r] < distance || (distances[r] === distance && references[r] < other)) nearer++;
      }
      const rank = 1 + (compared > 0 ? (nearer / compared) * (space.count - 2) : 0);
      sum += Math.max(1, rank - nearest.length);
    }
    return sum;
  }
}
