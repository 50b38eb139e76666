import { throwIfCancelled } from '../../rpc/errors';
import { topSimilar } from '../engine/similarity';
import type { Matrix } from '../store/matrix';

export interface QueryOptions {
  /** Measure on at most this many queries, evenly spread over all; every item is searched all the same. */
  readonly maxQueries?: number;
  /** Do not look for the first of its class beyond the depth that MAP@R and Recall@10 need: MRR then counts such a query as 0. */
  readonly shallow?: boolean;
  readonly signal?: AbortSignal;
  /** Told how many queries are done, of how many. */
  readonly report?: (done: number, total: number) => void;
}

/** What each query found: an entry a query, in the order of their rows. */
export interface QueryResults {
  /** The row of the query. */
  readonly rows: Int32Array;
  readonly labels: Int32Array;
  /** The row of the nearest other item, and its dot product with the query. */
  readonly nearest: Int32Array;
  readonly similarity: Float32Array;
  /** Rank of the first item of the query's class, from 1; the largest number there is when it was not found. */
  readonly firstHit: Int32Array;
  /** Share of the first R that are of the class, R being how many there are. */
  readonly rPrecision: Float64Array;
  /** (1/R) sum over i <= R of precision at i where the i-th is of the class: the query's part of MAP@R. */
  readonly averagePrecision: Float64Array;
}

/** Neighbours held in memory at once. */
const BLOCK_VALUES = 1 << 22;
const BLOCK_QUERIES = 1024;
/** The largest K of Recall@K. */
const DEEPEST_RECALL = 10;
/** A rank that stands for none. */
const NOT_FOUND = 2 ** 31 - 1;
/** How much further a query that has found nothing yet looks the next time. */
const DEEPER = 8;

/**
 * Searches each labelled item among all the others. The query itself is removed by index, so that its duplicates count; items
 * without a label are not searched, and those with a label that no other has ask nothing. Equally similar items rank by index.
 *
 * @param data L2-normalised rows, row-major `rows` x `dims`
 * @param labels one code a row, -1 for none
 * @throws KindredError `cancelled`
 */
export async function searchQueries(
  data: Float32Array,
  rows: number,
  dims: number,
  labels: Int32Array,
  options: QueryOptions = {},
): Promise<QueryResults> {
  const labelled = Int32Array.from({ length: rows }, (_, row) => row).filter((row) => labels[row] >= 0);
  const search = new Search(
    { data: gather(data, dims, labelled, rows), rows: labelled.length, dims },
    labels,
    labelled,
  );
  return search.run(options);
}

class Search {
  private readonly codes: Int32Array;
  private readonly sizes = new Map<number, number>();

  constructor(
    private readonly items: Matrix,
    labels: Int32Array,
    private readonly rowOf: Int32Array,
  ) {
    this.codes = rowOf.map((row) => labels[row]);
    for (const code of this.codes) this.sizes.set(code, (this.sizes.get(code) ?? 0) + 1);
  }

  async run({ maxQueries = Infinity, shallow = false, signal, report }: QueryOptions): Promise<QueryResults> {
    const asking = Int32Array.from(this.codes.keys()).filter((item) => this.possible(item) > 0);
    const queries = evenlySpread(asking, maxQueries);
    const results = emptyResults(queries.length);
    results.rows.set(queries.map((item) => this.rowOf[item]));
    results.labels.set(queries.map((item) => this.codes[item]));
    let places = Int32Array.from(queries.keys());
    for (let factor = 1; places.length > 0; factor *= DEEPER) {
      const unfound: number[] = [];
      for (let start = 0; start < places.length;) {
        throwIfCancelled(signal);
        const block = this.nextBlock(queries, places, start, factor);
        await this.searchBlock(block, factor, results, unfound, signal);
        start += block.places.length;
        if (factor === 1) report?.(start, queries.length);
      }
      if (shallow) for (const place of unfound) results.firstHit[place] = NOT_FOUND;
      places = Int32Array.from(shallow ? [] : unfound);
    }
    return results;
  }

  private async searchBlock(
    { places, queries }: Block,
    factor: number,
    results: QueryResults,
    unfound: number[],
    signal?: AbortSignal,
  ): Promise<void> {
    const depth = queries.reduce((most, item) => Math.max(most, this.depth(item, factor)), 0);
    const { dims, rows, data } = this.items;
    const asked = { data: gather(data, dims, queries, rows), rows: queries.length, dims };
    const context = { signal: signal ?? new AbortController().signal, report: () => undefined };
    const found = await topSimilar(asked, this.items, depth, context);
    queries.forEach((query, i) => {
      const first = i * depth;
      const ranked = found.indices.subarray(first, first + depth).filter((item) => item !== query);
      const isSelfFirst = found.indices[first] === query;
      const hit = this.take(query, ranked, places[i], results);
      results.nearest[places[i]] = this.rowOf[ranked[0]];
      results.similarity[places[i]] = found.similarities[isSelfFirst ? first + 1 : first];
      if (hit === 0) unfound.push(places[i]);
    });
  }

  /** Notes the measures of a query; gives the rank of the first hit, or 0 when there is none so far. */
  private take(query: number, ranked: Int32Array, place: number, results: QueryResults): number {
    const code = this.codes[query];
    const possible = this.possible(query);
    let hits = 0;
    let precisions = 0;
    for (let i = 0; i < possible; i++) {
      if (this.codes[ranked[i]] !== code) continue;
      hits++;
      precisions += hits / (i + 1);
    }
    const firstHit = ranked.findIndex((item) => this.codes[item] === code) + 1;
    results.firstHit[place] = firstHit;
    results.rPrecision[place] = hits / possible;
    results.averagePrecision[place] = precisions / possible;
    return firstHit;
  }

  /** R: how many others have the item's label. */
  private possible(item: number): number {
    return this.sizes.get(this.codes[item])! - 1;
  }

  /** How many neighbours to look at, the query itself among them. */
  private depth(item: number, factor: number): number {
    return Math.min(this.items.rows, Math.max(DEEPEST_RECALL, this.possible(item)) * factor + 1);
  }

  /** As many of the following queries as fit in memory with their neighbours. */
  private nextBlock(queries: Int32Array, places: Int32Array, start: number, factor: number): Block {
    let end = start;
    let depth = 0;
    while (end < places.length && end - start < BLOCK_QUERIES) {
      depth = Math.max(depth, this.depth(queries[places[end]], factor));
      if (end > start && depth * (end - start + 1) > BLOCK_VALUES) break;
      end++;
    }
    const some = places.subarray(start, end);
    return { places: some, queries: some.map((place) => queries[place]) };
  }
}

interface Block {
  /** Where the queries stand in the results. */
  readonly places: Int32Array;
  readonly queries: Int32Array;
}

function emptyResults(count: number): QueryResults {
  return {
    rows: new Int32Array(count),
    labels: new Int32Array(count),
    nearest: new Int32Array(count),
    similarity: new Float32Array(count),
    firstHit: new Int32Array(count),
    rPrecision: new Float64Array(count),
    averagePrecision: new Float64Array(count),
  };
}

/** The given rows; the matrix itself when that is all of them. */
function gather(data: Float32Array, dims: number, rows: Int32Array, of: number): Float32Array {
  if (rows.length === of) return data;
  const taken = new Float32Array(rows.length * dims);
  rows.forEach((row, i) => taken.set(data.subarray(row * dims, (row + 1) * dims), i * dims));
  return taken;
}

function evenlySpread(values: Int32Array, most: number): Int32Array {
  if (values.length <= most) return values;
  return Int32Array.from({ length: most }, (_, i) => values[Math.floor((i * values.length) / most)]);
}
