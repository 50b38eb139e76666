import type { NeighbourGraph } from '../../neighbours/graph';
import type { Matrix } from '../../store/matrix';
import { Random } from '../../random';
import { sortByWeight } from '../sortByWeight';
import { UnionFind } from '../unionFind';

/** Edges of a spanning tree, shortest first. */
export interface SpanningTree {
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly lengths: Float64Array;
}

/** Comparisons of two numbers that comparing all items with all may take: some seconds. */
const EXACT_WORK = 2e9;
/** Items that stand for the parts of a neighbour graph that fell apart. */
const REPRESENTATIVES = 2048;

/**
 * A minimum spanning tree of the mutual reachability distances max(core(a), core(b), |a - b|) (Campello, Moulavi and Sander 2013).
 * `core` is the distance to the `minSamples`-th nearest, the item itself counting as the first; distances are Euclidean ones of the
 * unit rows, sqrt(2 x cosine distance).
 *
 * Few items are all compared. Of more, edges of the neighbour graph are used, and where it falls apart the parts are joined by
 * the shortest edges between items that were drawn from each: those joins, which are the topmost of the hierarchy, may be a little
 * too long.
 */
export function reachabilityTree(
  vectors: Matrix,
  graph: NeighbourGraph,
  minSamples: number,
  seed: number,
  exactWork = EXACT_WORK,
): SpanningTree {
  const { rows, dims } = vectors;
  const distance = chords(vectors);
  const core = coreDistances(graph, rows, minSamples, distance);
  const reach = (a: number, b: number): number => Math.max(core[a], core[b], distance(a, b));
  const builder = new TreeBuilder(rows);
  if (rows * rows * dims <= exactWork) {
    joinParts(
      builder,
      Int32Array.from({ length: rows }, (_, i) => i),
      reach,
    );
    return builder.tree();
  }
  addGraph(builder, graph, reach);
  if (builder.parts.sets > 1) joinParts(builder, representatives(builder.parts, rows, seed), reach);
  return builder.tree();
}

type Distance = (a: number, b: number) => number;

/** Euclidean distances of unit rows; rows of zeros are as far from everything as unrelated rows are. */
function chords({ data, rows, dims }: Matrix): Distance {
  const isZero = Uint8Array.from({ length: rows }, (_, row) =>
    data.subarray(row * dims, (row + 1) * dims).every((value) => value === 0) ? 1 : 0,
  );
  return (a, b) => {
    if (isZero[a] === 1 || isZero[b] === 1) return Math.SQRT2;
    let sum = 0;
    for (let i = a * dims, j = b * dims, end = i + dims; i < end; i++, j++) sum += (data[i] - data[j]) ** 2;
    return Math.sqrt(sum);
  };
}

function coreDistances(
  { k, indices }: NeighbourGraph,
  rows: number,
  minSamples: number,
  distance: Distance,
): Float64Array {
  const core = new Float64Array(rows);
  const rank = Math.min(minSamples - 1, k);
  if (rank > 0) for (let row = 0; row < rows; row++) core[row] = distance(row, indices[row * k + rank - 1]);
  return core;
}

/** Kruskal's algorithm on the edges of the neighbour graph. */
function addGraph(builder: TreeBuilder, { k, indices }: NeighbourGraph, reach: Distance): void {
  const weights = Float32Array.from(indices, (other, edge) => reach(Math.floor(edge / k), other));
  for (const edge of sortByWeight(weights)) builder.add(Math.floor(edge / k), indices[edge], weights[edge]);
}

/** Items from every part, the same number of each as far as it has them. */
function representatives(parts: UnionFind, rows: number, seed: number): Int32Array {
  const each = Math.max(1, Math.floor(REPRESENTATIVES / parts.sets));
  const taken = new Int32Array(rows);
  const order = new Random(seed).fork('representatives').shuffle(Int32Array.from({ length: rows }, (_, i) => i));
  return order.filter((item) => taken[parts.find(item)]++ < each);
}

/** Prim's algorithm among some items; those of one part are at no distance. */
function joinParts(builder: TreeBuilder, items: Int32Array, reach: Distance): void {
  const count = items.length;
  const part = items.map((item) => builder.parts.find(item));
  const nearest = new Float64Array(count).fill(Infinity);
  const link = new Int32Array(count);
  const isIn = new Uint8Array(count);
  for (let step = 1, last = 0; step < count; step++) {
    isIn[last] = 1;
    let next = -1;
    for (let other = 0; other < count; other++) {
      if (isIn[other] === 1) continue;
      const distance = part[other] === part[last] ? 0 : reach(items[last], items[other]);
      if (distance < nearest[other]) {
        nearest[other] = distance;
        link[other] = last;
      }
      if (next < 0 || nearest[other] < nearest[next]) next = other;
    }
    if (part[next] !== part[link[next]]) builder.add(items[link[next]], items[next], nearest[next]);
    last = next;
  }
}

class TreeBuilder {
  readonly parts: UnionFind;
  private readonly from: number[] = [];
  private readonly to: number[] = [];
  private readonly lengths: number[] = [];

  constructor(items: number) {
    this.parts = new UnionFind(items);
  }

  /** Adds an edge unless it would close a ring. */
  add(from: number, to: number, length: number): void {
    if (!this.parts.join(from, to)) return;
    this.from.push(from);
    this.to.push(to);
    this.lengths.push(length);
  }

  tree(): SpanningTree {
    const order = Uint32Array.from(this.lengths, (_, edge) => edge);
    order.sort((a, b) => this.lengths[a] - this.lengths[b] || a - b);
    return {
      from: Int32Array.from(order, (edge) => this.from[edge]),
      to: Int32Array.from(order, (edge) => this.to[edge]),
      lengths: Float64Array.from(order, (edge) => this.lengths[edge]),
    };
  }
}
