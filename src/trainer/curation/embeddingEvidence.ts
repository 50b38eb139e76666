import type { CallContext } from '../../rpc/rpc';
import type { Progress } from '../types/progress';
import { strainOf, type Evidence } from './evidence';
import type { LinkList } from './links';
import type { Pace } from './pace';

/** How many neighbours are asked for first, and for those items of which all of them are within the threshold. */
export const FEW_NEIGHBOURS = 32;
export const MANY_NEIGHBOURS = 512;
/** Links of one node to those with the very same vector. */
const MOST_LINKS = 64;
/** The blocked products of the neighbour search round differently from ours; ours decides. */
const ROUNDING = 1e-4;
/** A distance of exactly the threshold counts, whatever float32 made of it. */
const EQUAL = 1e-6;

/** The neighbour search that is used: rows of the matrix, nearest first. */
export interface NeighbourSearch {
  /** All rows, `FEW_NEIGHBOURS` of each (fewer in a small dataset), themselves left out. */
  few(): Promise<{ readonly k: number; readonly indices: Int32Array; readonly distances: Float32Array }>;
  /** The given rows, `k` of each, themselves perhaps among them. */
  many(
    rows: Int32Array,
    k: number,
    context: CallContext<Progress>,
  ): Promise<{ readonly indices: Int32Array; readonly similarities: Float32Array }>;
}

interface Embedded {
  /** L2-normalised rows, one an item. */
  readonly data: Float32Array;
  readonly dims: number;
  readonly search: NeighbourSearch;
  /** The row that stands for each node. */
  readonly rowOf: Int32Array;
}

/** Adds the pairs whose embeddings are within the cosine distance. */
export async function embeddingEvidence(
  embedded: Embedded,
  threshold: number,
  links: LinkList,
  pace: Pace,
  context: CallContext<Progress>,
): Promise<Evidence> {
  const linker = new Linker(embedded, threshold, links, pace);
  await linker.linkEqualVectors();
  const crowded = await linker.linkFew();
  if (crowded.length > 0) await linker.linkMany(crowded, context);
  return linker;
}

class Linker implements Evidence {
  readonly kind = 'embedding';
  private readonly nodeOf: Int32Array;

  constructor(
    private readonly embedded: Embedded,
    readonly threshold: number,
    private readonly links: LinkList,
    private readonly pace: Pace,
  ) {
    this.nodeOf = new Int32Array(embedded.data.length / embedded.dims).fill(-1);
    embedded.rowOf.forEach((row, node) => (this.nodeOf[row] = node));
  }

  distance(a: number, b: number): number | undefined {
    const { data, dims, rowOf } = this.embedded;
    let dot = 0;
    for (let i = rowOf[a] * dims, j = rowOf[b] * dims, end = i + dims; i < end; i++, j++) dot += data[i] * data[j];
    const distance = Math.max(0, 1 - dot);
    return distance <= this.threshold + EQUAL ? distance : undefined;
  }

  /** A crowd with one vector fills any list of neighbours in an arbitrary order; here its order is that of the nodes. */
  async linkEqualVectors(): Promise<void> {
    const { data, dims, rowOf } = this.embedded;
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    const crowds = new Map<string, number[]>();
    for (let node = 0; node < rowOf.length; node++) {
      if (this.pace.due()) await this.pace.breathe();
      const key = bytes.toString('latin1', rowOf[node] * dims * 4, (rowOf[node] + 1) * dims * 4);
      const crowd = crowds.get(key) ?? [];
      if (crowd.length === 0) crowds.set(key, crowd);
      for (const earlier of crowd) this.link(node, earlier);
      if (crowd.length < MOST_LINKS) crowd.push(node);
    }
  }

  /** Links the first few neighbours of each node and gives the nodes that may have more within the threshold. */
  async linkFew(): Promise<Int32Array> {
    const { rowOf, search } = this.embedded;
    const { k, indices, distances } = await search.few();
    const crowded: number[] = [];
    this.pace.begin('Comparing embeddings', rowOf.length, 'images');
    for (let node = 0; node < rowOf.length; node++) {
      if (this.pace.due()) await this.pace.breathe(node);
      const end = (rowOf[node] + 1) * k;
      let at = rowOf[node] * k;
      for (; at < end && distances[at] <= this.threshold + ROUNDING; at++) this.linkRow(node, indices[at]);
      if (at === end && k > 0 && k < this.nodeOf.length - 1) crowded.push(node);
    }
    return Int32Array.from(crowded);
  }

  /** The same with the many neighbours of the crowded nodes. */
  async linkMany(crowded: Int32Array, context: CallContext<Progress>): Promise<void> {
    const { rowOf, search } = this.embedded;
    const k = Math.min(MANY_NEIGHBOURS, this.nodeOf.length);
    const rows = crowded.map((node) => rowOf[node]);
    const { indices, similarities } = await search.many(rows, k, context);
    for (let row = 0; row < crowded.length; row++) {
      if (this.pace.due()) await this.pace.breathe();
      const end = (row + 1) * k;
      for (let at = row * k; at < end && 1 - similarities[at] <= this.threshold + ROUNDING; at++) {
        this.linkRow(crowded[row], indices[at]);
      }
    }
  }

  private linkRow(node: number, row: number): void {
    const other = this.nodeOf[row];
    if (other >= 0 && other !== node) this.link(node, other);
  }

  private link(a: number, b: number): void {
    const distance = this.distance(a, b);
    if (distance !== undefined) this.links.add(a, b, strainOf(distance, this.threshold));
  }
}
