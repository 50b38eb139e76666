import type { Ranking } from './ranking';

/** What the two rankings of one item say of its neighbourhood. */
export interface NeighbourhoodScores {
  readonly trustworthiness: number;
  readonly continuity: number;
  readonly preservation: number;
}

/**
 * The largest sum of (rank - k) that k false neighbours can have among n items, for the measures to end at 0 (Venna and Kaski 2001;
 * for k of half the items and more only n - 1 - k can be false).
 */
export function worstPenalty(n: number, k: number): number {
  return 2 * k < n ? (k * (2 * n - 3 * k - 1)) / 2 : ((n - 1 - k) * (n - k)) / 2;
}

/** 1 less the share of the worst penalty; 1 where nothing can be wrong. */
export function scoreOf(penalty: number, n: number, k: number): number {
  const worst = worstPenalty(n, k);
  return worst > 0 ? 1 - penalty / worst : 1;
}

/** Scores of the item that both rankings look at. */
export function neighbourhoodScores(truth: Ranking, map: Ranking, k: number): NeighbourhoodScores {
  const n = truth.ranks.length;
  let intruders = 0;
  let missing = 0;
  let kept = 0;
  for (let rank = 1; rank <= k; rank++) {
    const trueRank = truth.ranks[map.order[rank]];
    if (trueRank <= k) kept++;
    else intruders += trueRank - k;
    missing += Math.max(0, map.ranks[truth.order[rank]] - k);
  }
  return {
    trustworthiness: scoreOf(intruders, n, k),
    continuity: scoreOf(missing, n, k),
    preservation: k > 0 ? kept / k : 1,
  };
}

/**
 * Gathers, over items, how many neighbours are kept in neighbourhoods of every size: Q_NX of the co-ranking matrix (Lee and
 * Verleysen 2009), whose row sums are all that is kept of it.
 */
export class RnxCurve {
  /** By K: neighbours whose larger rank is K. */
  private readonly enter: Float64Array;
  private anchors = 0;

  constructor(private readonly n: number) {
    this.enter = new Float64Array(n);
  }

  add(truth: Ranking, map: Ranking): void {
    this.anchors++;
    for (let rank = 1; rank < this.n; rank++) this.enter[Math.max(rank, map.ranks[truth.order[rank]])]++;
  }

  /** The mean of R_NX(K) = ((n - 1) Q_NX(K) - K) / (n - 1 - K) with weights 1 / K; 1 for fewer than three items. */
  area(): number {
    const { n, enter, anchors } = this;
    let inside = 0;
    let sum = 0;
    let weights = 0;
    for (let k = 1; k <= n - 2; k++) {
      inside += enter[k];
      const kept = inside / (k * anchors);
      sum += ((n - 1) * kept - k) / (n - 1 - k) / k;
      weights += 1 / k;
    }
    return weights > 0 ? sum / weights : 1;
  }
}
