import type { Space } from './space';

/** Room for the index below the distance's 31 bits in the 53 that a number holds exactly. */
const INDEX_RANGE = 2 ** 22;

/**
 * All other items by their distance from one; items at the same distance come in the order of their index. Made once and used again
 * for each item, as it holds some arrays of the length of the dataset.
 */
export class Ranking {
  /** Rank of each item from 1 (the nearest); 0 for the item itself. */
  readonly ranks: Int32Array;
  /** Items by rank; the item itself comes first. */
  readonly order: Int32Array;
  /** Of each item from the one that is looked at, as single precision. */
  readonly distances: Float32Array;
  private readonly bits: Uint32Array;
  private readonly keys: Float64Array;
  private readonly shared: Float64Array;

  /** @throws RangeError for more than 4 million items */
  constructor(private readonly space: Space) {
    const { count } = space;
    if (count > INDEX_RANGE) throw new RangeError(`${count} items are more than can be ranked.`);
    this.ranks = new Int32Array(count);
    this.order = new Int32Array(count);
    this.distances = new Float32Array(count);
    this.bits = new Uint32Array(this.distances.buffer);
    this.keys = new Float64Array(count);
    this.shared = new Float64Array(count);
  }

  look(item: number): void {
    const { space, distances, bits, keys, order, ranks } = this;
    for (let other = 0; other < space.count; other++) distances[other] = space.distance(item, other);
    // The bits of numbers from 0 upwards are in the order of the numbers: sorting needs no comparison of ours.
    for (let other = 0; other < space.count; other++) keys[other] = bits[other] * INDEX_RANGE + other;
    keys[item] = -1;
    keys.sort();
    order[0] = item;
    ranks[item] = 0;
    for (let rank = 1; rank < space.count; rank++) {
      const other = keys[rank] % INDEX_RANGE;
      order[rank] = other;
      ranks[other] = rank;
    }
  }

  /** Ranks in which items at the same distance share the mean of theirs; the item itself has the mean of all. */
  averageRanks(): Float64Array {
    const { order, distances, shared } = this;
    shared[order[0]] = this.space.count / 2;
    for (let from = 1; from < order.length;) {
      let to = from + 1;
      while (to < order.length && distances[order[to]] === distances[order[from]]) to++;
      for (let place = from; place < to; place++) shared[order[place]] = (from + to - 1) / 2;
      from = to;
    }
    return shared;
  }
}
