import type { Random } from '../../random';
import type { BatchItems, Sampler } from '../sampler';
import type { PairGraph } from './pairGraph';

/**
 * Batches in which given pairs meet. Every epoch goes through all groups and all different pairs in a new order, the fewer ones repeated so
 * that both are seen equally often: a group brings two of its items, a different pair both of its own. All that is known of two rows of a
 * batch counts, not only of those that were drawn together; an item may come twice, as two views of itself.
 */
export class PairSampler implements Sampler {
  private readonly links: readonly Int32Array[];
  private readonly apart = new Map<number, Set<number>>();
  private epoch: { readonly number: number; readonly order: Int32Array } | undefined;

  /** @param batchSize even */
  constructor(
    private readonly graph: PairGraph,
    readonly batchSize: number,
    private readonly random: Random,
  ) {
    const same = graph.groups.filter((members) => members.length >= 2);
    this.links = alternating(
      same,
      graph.different.map((pair) => Int32Array.from(pair)),
    );
    for (const [a, b] of graph.different) {
      this.apart.set(a, (this.apart.get(a) ?? new Set()).add(b));
      this.apart.set(b, (this.apart.get(b) ?? new Set()).add(a));
    }
  }

  batch(number: number): BatchItems {
    const perBatch = this.batchSize / 2;
    const random = this.random.fork(`batch ${number}`);
    const items = new Int32Array(this.batchSize);
    for (let i = 0; i < perBatch; i++) {
      const [a, b] = this.twoOf(this.link(number * perBatch + i), random);
      items.set([a, b], 2 * i);
    }
    const labels = items.map((item) => this.graph.groupOf.get(item)!);
    return { items, labels, relation: this.relationOf(items, labels) };
  }

  /** [N, N], row-major: 1 where two rows are the same, -1 where they are different, 0 where nobody said. */
  private relationOf(items: Int32Array, groups: Int32Array): Float32Array<ArrayBuffer> {
    const size = items.length;
    const relation = new Float32Array(size * size);
    for (let a = 0; a < size; a++) {
      const apart = this.apart.get(items[a]);
      for (let b = 0; b < size; b++) {
        relation[a * size + b] = groups[a] === groups[b] ? 1 : apart?.has(items[b]) === true ? -1 : 0;
      }
    }
    return relation;
  }

  private link(place: number): Int32Array {
    const { length } = this.links;
    return this.links[this.orderOf(Math.floor(place / length))[place % length]];
  }

  private twoOf(link: Int32Array, random: Random): [number, number] {
    if (link.length === 2) return [link[0], link[1]];
    const first = random.integer(link.length);
    const second = random.integer(link.length - 1);
    return [link[first], link[second < first ? second : second + 1]];
  }

  private orderOf(number: number): Int32Array {
    if (this.epoch?.number !== number) {
      const order = Int32Array.from(this.links.keys());
      this.epoch = { number, order: this.random.fork(`epoch ${number}`).shuffle(order) };
    }
    return this.epoch.order;
  }
}

/** The shorter list repeated as far as the longer goes, so that neither kind starves. */
function alternating<T>(a: readonly T[], b: readonly T[]): T[] {
  if (a.length === 0 || b.length === 0) return [...a, ...b];
  const length = Math.max(a.length, b.length);
  return Array.from({ length }, (_, i) => [a[i % a.length], b[i % b.length]]).flat();
}
