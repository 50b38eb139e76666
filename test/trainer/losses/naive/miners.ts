/** Miners as plain loops over lists of pairs and triplets. */
import type { Miner, MinerSettings } from '../../../../src/trainer/types/pairLosses';
import { type NaiveComparison, type Pair, pairsOf, type Triplet, tripletsOf } from './comparison';
import { cosine, euclidean, sum } from './vectors';

/** Lists with repetitions: a pair is in as many places as it has been chosen. */
export interface NaiveMined {
  readonly positives: readonly Pair[];
  readonly negatives: readonly Pair[];
  readonly triplets: readonly Triplet[];
}

/** Numbers from 0 to 1 by anchor and positive, for miners that draw. */
export type Uniform = readonly (readonly number[])[];

const USUAL: Readonly<Record<string, MinerSettings>> = {
  none: { kind: 'none' },
  'batch-hard': { kind: 'batch-hard' },
  all: { kind: 'all', margin: 0.2 },
  'semi-hard': { kind: 'semi-hard', margin: 0.2 },
  hard: { kind: 'hard', margin: 0.2 },
  easy: { kind: 'easy', margin: 0.2 },
  'distance-weighted': { kind: 'distance-weighted', nearest: 0.5, farthest: 1.4 },
  'multi-similarity': { kind: 'multi-similarity', epsilon: 0.1 },
  'pair-margin': { kind: 'pair-margin', positiveMargin: 0.2, negativeMargin: 0.8 },
};

/** @param atLeast of the triplet miners' margin, when only their kind is said. */
export function mine(compared: NaiveComparison, miner: Miner, uniform: Uniform = [], atLeast = 0): NaiveMined {
  const settings = typeof miner === 'string' ? USUAL[miner] : miner;
  const margin = 'margin' in settings ? Math.max(settings.margin, typeof miner === 'string' ? atLeast : 0) : 0;
  const d = ([a, r]: Pair): number => euclidean(compared.anchors[a], compared.references[r]);
  const gap = ([a, p, n]: Triplet): number => d([a, n]) - d([a, p]);
  const all = tripletsOf(compared);
  switch (settings.kind) {
    case 'none':
      return fromPairs(pairsOf(compared, true), pairsOf(compared, false));
    case 'all':
      return fromTriplets(all.filter((triplet) => gap(triplet) <= margin));
    case 'hard':
      return fromTriplets(all.filter((triplet) => gap(triplet) <= margin && gap(triplet) <= 0));
    case 'semi-hard':
      return fromTriplets(all.filter((triplet) => gap(triplet) > 0 && gap(triplet) <= margin));
    case 'easy':
      return fromTriplets(all.filter((triplet) => gap(triplet) > margin));
    case 'batch-hard':
      return fromTriplets(hardest(compared, d));
    case 'distance-weighted':
      return fromTriplets(drawn(compared, settings, uniform));
    case 'multi-similarity':
      return similar(compared, settings.epsilon);
    case 'pair-margin':
      return fromPairs(
        pairsOf(compared, true).filter((pair) => d(pair) > settings.positiveMargin),
        pairsOf(compared, false).filter((pair) => d(pair) < settings.negativeMargin),
      );
  }
}

function fromTriplets(triplets: readonly Triplet[]): NaiveMined {
  return {
    triplets,
    positives: triplets.map(([a, p]): Pair => [a, p]),
    negatives: triplets.map(([a, , n]): Pair => [a, n]),
  };
}

function fromPairs(positives: readonly Pair[], negatives: readonly Pair[]): NaiveMined {
  const triplets = positives.flatMap(([a, p]) =>
    negatives.flatMap(([other, n]): Triplet[] => (other === a ? [[a, p, n]] : [])),
  );
  return { positives, negatives, triplets };
}

function byAnchor(pairs: readonly Pair[], anchor: number): Pair[] {
  return pairs.filter(([a]) => a === anchor);
}

function hardest(compared: NaiveComparison, d: (pair: Pair) => number): Triplet[] {
  const [positives, negatives] = [pairsOf(compared, true), pairsOf(compared, false)];
  return compared.anchors.flatMap((_, a): Triplet[] => {
    const farthest = byAnchor(positives, a).sort((x, y) => d(y) - d(x))[0] as Pair | undefined;
    const nearest = byAnchor(negatives, a).sort((x, y) => d(x) - d(y))[0] as Pair | undefined;
    return farthest && nearest ? [[a, farthest[1], nearest[1]]] : [];
  });
}

function drawn(
  compared: NaiveComparison,
  { nearest, farthest }: { nearest: number; farthest: number },
  uniform: Uniform,
): Triplet[] {
  const dims = compared.anchors[0].length;
  const negatives = pairsOf(compared, false);
  return pairsOf(compared, true).flatMap(([a, p]): Triplet[] => {
    const reach = byAnchor(negatives, a)
      .map(([, n]) => ({ n, d: euclidean(compared.anchors[a], compared.references[n]) }))
      .filter(({ d }) => d < farthest)
      .map(({ n, d }) => ({ n, weight: weightOf(Math.max(nearest, d), dims) }));
    const target = uniform[a][p] * sum(reach.map(({ weight }) => weight));
    let upTo = 0;
    for (const { n, weight } of reach) {
      upTo += weight;
      if (upTo > target) return [[a, p, n]];
    }
    return [];
  });
}

/** One over the density of the distances of random points on the sphere. */
function weightOf(d: number, dims: number): number {
  return 1 / (d ** (dims - 2) * (1 - d ** 2 / 4) ** ((dims - 3) / 2));
}

function similar(compared: NaiveComparison, epsilon: number): NaiveMined {
  const s = ([a, r]: Pair): number => cosine(compared.anchors[a], compared.references[r]);
  const [positives, negatives] = [pairsOf(compared, true), pairsOf(compared, false)];
  return fromPairs(
    positives.filter((pair) => byAnchor(negatives, pair[0]).some((other) => s(pair) - epsilon < s(other))),
    negatives.filter((pair) => byAnchor(positives, pair[0]).some((other) => s(pair) + epsilon > s(other))),
  );
}
