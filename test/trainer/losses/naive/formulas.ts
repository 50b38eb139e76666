/** The losses of pairs, triplets and rows from their definitions, as lists of losses that are still to be reduced. */
import type { Distance, PairLossSettings } from '../../../../src/trainer/types/pairLosses';
import { type NaiveComparison, type Pair, pairsOf, tripletsOf } from './comparison';
import type { NaiveMined } from './miners';
import { distanceBetween, logOnePlus, logSumExp, mean, relu, similarityBetween, sum } from './vectors';

/** Lists that are reduced one by one, and then added. */
export interface NaiveLosses {
  readonly groups: readonly (readonly number[])[];
  /** How many losses could be above 0, for the active share. */
  readonly possible: number;
  /** What else is added to the loss. */
  readonly extra?: number;
  /** Losses whose share above 0 counts; all when not given. */
  readonly counted?: readonly number[];
}

type SettingsOf<Kind extends PairLossSettings['kind']> = Extract<PairLossSettings, { kind: Kind }>;

export class Formulas {
  constructor(
    private readonly compared: NaiveComparison,
    private readonly mined: NaiveMined,
    private readonly kind: Distance,
  ) {}

  private d([a, r]: Pair): number {
    return distanceBetween(this.kind, this.compared.anchors[a], this.compared.references[r]);
  }

  private s([a, r]: Pair): number {
    return similarityBetween(this.kind, this.compared.anchors[a], this.compared.references[r]);
  }

  private between(p: number, n: number): number {
    return distanceBetween(this.kind, this.compared.references[p], this.compared.references[n]);
  }

  contrastive({ positiveMargin, negativeMargin }: SettingsOf<'contrastive'>): NaiveLosses {
    const pulls = this.mined.positives.map((pair) => relu(this.d(pair) - positiveMargin));
    const pushes = this.mined.negatives.map((pair) => relu(negativeMargin - this.d(pair)));
    const possible = pairsOf(this.compared, true).length + pairsOf(this.compared, false).length;
    return {
      groups: [pulls, pushes],
      possible,
      counted: [...first(pulls, this.mined.positives), ...first(pushes, this.mined.negatives)],
    };
  }

  triplet({ margin, soft = false, swap = false, miner }: SettingsOf<'triplet'>): NaiveLosses {
    const losses = this.mined.triplets.map(([a, p, n]) => {
      const far = swap ? Math.min(this.d([a, n]), this.between(p, n)) : this.d([a, n]);
      const violation = this.d([a, p]) - far + margin;
      return soft ? Math.log1p(Math.exp(violation)) : relu(violation);
    });
    return { groups: [losses], possible: miner === 'batch-hard' ? losses.length : tripletsOf(this.compared).length };
  }

  margin({ margin, boundary, nu }: SettingsOf<'margin'>, beta: readonly number[]): NaiveLosses {
    const b = (a: number): number => (boundary === 'by-class' ? beta[this.compared.anchorLabels[a]] : beta[0]);
    const { triplets } = this.mined;
    const pulls = triplets.map(([a, p]) => relu(this.d([a, p]) - b(a) + margin));
    const pushes = triplets.map(([a, , n]) => relu(b(a) - this.d([a, n]) + margin));
    const all = [...pulls, ...pushes];
    const divisor = Math.max(1, all.filter((x) => x > 0).length);
    const costs = triplets.map(([a]) => nu * b(a));
    const each = boundary === 'by-class' ? sum(costs) / divisor : triplets.length > 0 ? nu * b(0) : 0;
    return { groups: [all], possible: 2 * tripletsOf(this.compared).length, extra: boundary === 'fixed' ? 0 : each };
  }

  quadruplet({ margin, secondMargin, miner }: SettingsOf<'quadruplet'>): NaiveLosses {
    const { anchorLabels: labels } = this.compared;
    const others = pairsOf(this.compared, false);
    const first = this.mined.triplets.map(([a, p, n]) => relu(this.d([a, p]) - this.d([a, n]) + margin));
    const ofOthers = (a: number): Pair[] =>
      others.filter(([i, j]) => labels[i] !== labels[a] && labels[j] !== labels[a]);
    const second = (miner === 'batch-hard' ? this.mined.triplets : pairsOf(this.compared, true)).flatMap(([a, p]) => {
      const distances = ofOthers(a).map((pair) => this.d(pair));
      const compared = miner === 'batch-hard' && distances.length > 0 ? [Math.min(...distances)] : distances;
      return compared.map((far) => relu(this.d([a, p]) - far + secondMargin));
    });
    const possible = miner === 'batch-hard' ? first.length : tripletsOf(this.compared).length;
    return { groups: [first, second], possible, counted: first };
  }

  nPair(): NaiveLosses {
    const first = new Map<number, Pair>();
    for (const pair of pairsOf(this.compared, true)) {
      const label = this.compared.anchorLabels[pair[0]];
      if (!first.has(label)) first.set(label, pair);
    }
    const pairs = [...first.values()];
    const losses = pairs.map((pair) => logSumExp(pairs.map(([, p]) => this.s([pair[0], p]))) - this.s(pair));
    return { groups: [losses], possible: losses.length };
  }

  ntXent({ temperature }: { temperature: number }): NaiveLosses {
    const { positives, negatives } = this.mined;
    const losses = positives.map((pair) => {
      const others = negatives.filter(([a]) => a === pair[0]).map((n) => this.s(n) / temperature);
      return logOnePlus(others.map((x) => x - this.s(pair) / temperature));
    });
    return { groups: [losses], possible: pairsOf(this.compared, true).length, counted: first(losses, positives) };
  }

  tupletMargin({ margin, scale }: SettingsOf<'tuplet-margin'>): NaiveLosses {
    const { positives, negatives } = this.mined;
    const losses = positives.map((pair) => {
      const cosine = Math.min(1 - 1e-7, Math.max(-1 + 1e-7, this.s(pair)));
      const own = Math.cos(Math.acos(cosine) - (margin * Math.PI) / 180);
      const others = negatives.filter(([a]) => a === pair[0]);
      return others.length === 0 ? 0 : logOnePlus(others.map((n) => scale * (this.s(n) - own)));
    });
    return { groups: [losses], possible: pairsOf(this.compared, true).length, counted: first(losses, positives) };
  }

  liftedStructure({ positiveMargin, negativeMargin }: SettingsOf<'lifted-structure'>): NaiveLosses {
    const { positives, negatives } = this.mined;
    const isBatch = this.compared.anchors === this.compared.references;
    const losses = positives.map(([a, p]) => {
      const near = negatives.filter(([from, to]) => from === a || (isBatch ? from === p : to === p));
      const pushes = logSumExp(near.map((pair) => negativeMargin - this.d(pair)));
      return negatives.length === 0 ? 0 : relu(this.d([a, p]) - positiveMargin + pushes) ** 2 / 2;
    });
    return { groups: [losses], possible: pairsOf(this.compared, true).length, counted: first(losses, positives) };
  }

  /** Losses of anchors, from their chosen positives and negatives, each once. */
  private rows(loss: (positives: Pair[], negatives: Pair[]) => number): NaiveLosses {
    const once = (pairs: readonly Pair[], anchor: number): Pair[] => {
      const places = new Set(pairs.filter(([a]) => a === anchor).map(([, r]) => r));
      return [...places].map((r): Pair => [anchor, r]);
    };
    const { positives, negatives } = this.mined;
    const losses = this.compared.anchors.map((_, a) => loss(once(positives, a), once(negatives, a)));
    const paired = new Set([...pairsOf(this.compared, true), ...pairsOf(this.compared, false)].map(([a]) => a));
    return { groups: [losses], possible: paired.size };
  }

  generalisedLifted({ positiveMargin, negativeMargin }: SettingsOf<'generalised-lifted-structure'>): NaiveLosses {
    return this.rows((positives, negatives) =>
      relu(
        logSumExp(positives.map((pair) => this.d(pair) - positiveMargin)) +
          logSumExp(negatives.map((pair) => negativeMargin - this.d(pair))),
      ),
    );
  }

  supCon({ temperature }: SettingsOf<'sup-con'>): NaiveLosses {
    const isComparable = this.mined.negatives.length > 0;
    return this.rows((positives, negatives) => {
      const all = logSumExp([...positives, ...negatives].map((pair) => this.s(pair) / temperature));
      return isComparable ? mean(positives.map((pair) => all - this.s(pair) / temperature)) : 0;
    });
  }

  multiSimilarity({ alpha, beta, base }: SettingsOf<'multi-similarity'>): NaiveLosses {
    return this.rows(
      (positives, negatives) =>
        logOnePlus(positives.map((pair) => -alpha * (this.s(pair) - base))) / alpha +
        logOnePlus(negatives.map((pair) => beta * (this.s(pair) - base))) / beta,
    );
  }

  /**
   * The weights of the pairs have no gradient: for finite differences they are those of `fixed`.
   */
  circle({ margin, scale }: SettingsOf<'circle'>, fixed: Formulas = this): NaiveLosses {
    return this.rows((positives, negatives) => {
      if (positives.length === 0 || negatives.length === 0) return 0;
      const pulls = positives.map((pair) => -scale * relu(1 + margin - fixed.s(pair)) * (this.s(pair) - 1 + margin));
      const pushes = negatives.map((pair) => scale * relu(fixed.s(pair) + margin) * (this.s(pair) - margin));
      return logOnePlus([logSumExp(pulls) + logSumExp(pushes)]);
    });
  }

  nca({ scale }: SettingsOf<'nca'>): NaiveLosses {
    const { groups } = this.rows((positives, negatives) => {
      const all = logSumExp([...positives, ...negatives].map((pair) => scale * this.s(pair)));
      return positives.length === 0 ? -1 : all - logSumExp(positives.map((pair) => scale * this.s(pair)));
    });
    const paired = new Set(pairsOf(this.compared, true).map(([a]) => a));
    return { groups: [groups[0].filter((loss) => loss >= 0)], possible: paired.size };
  }

  fastAp({ bins }: SettingsOf<'fast-ap'>): NaiveLosses {
    const width = 4 / bins;
    const [positives, negatives] = [pairsOf(this.compared, true), pairsOf(this.compared, false)];
    const losses = this.compared.anchors.flatMap((_, anchor): number[] => {
      const own = positives.filter(([a]) => a === anchor);
      if (own.length === 0) return [];
      const others = negatives.filter(([a]) => a === anchor);
      const inBin = (pairs: Pair[], bin: number): number =>
        sum(pairs.map((pair) => relu(1 - Math.abs(this.d(pair) - bin * width) / width)));
      let [upToOwn, upToAll, precision] = [0, 0, 0];
      for (let bin = 0; bin <= bins; bin++) {
        const here = inBin(own, bin);
        upToOwn += here;
        upToAll += here + inBin(others, bin);
        if (here > 0) precision += (here * upToOwn) / upToAll;
      }
      const lack = 1 - precision / own.length;
      return [lack > 1e-6 ? lack : 0];
    });
    return { groups: [losses], possible: losses.length };
  }
}

/** The losses of pairs, each pair once. */
function first(losses: readonly number[], pairs: readonly Pair[]): number[] {
  const known = new Set<string>();
  return losses.filter((_, i) => {
    const name = pairs[i].join();
    if (known.has(name)) return false;
    known.add(name);
    return true;
  });
}
