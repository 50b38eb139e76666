import { KindredError, throwIfCancelled } from '../../rpc/errors';
import type { CallContext } from '../../rpc/rpc';
import type { Matrix } from '../store/matrix';
import type { Progress } from '../types/progress';
import type { HostTensor } from './engine';
import { GraphBuilder } from './graph/builder';
import { cast, gemm } from './graph/operators';
import { encodeModel } from './onnx/encode';
import { openSession, type Session } from './onnx/session';

export interface TopSimilar {
  /** For each query, in a row of min(k, rows of the items): the items by falling similarity, equal ones by rising index. */
  readonly indices: Int32Array;
  readonly similarities: Float32Array;
}

/** Queries and items whose similarities are computed at once: small enough that a block takes a few hundredths of a second. */
const QUERY_BLOCK = 256;
const ITEM_BLOCK = 8192;

/**
 * The k items with the largest dot products, for each query; exact. On unit vectors that is the cosine similarity. A query that
 * is among the items finds itself.
 * @throws KindredError `cancelled` between two blocks
 */
export async function topSimilar(
  queries: Matrix,
  items: Matrix,
  k: number,
  { signal, report }: CallContext<Progress>,
): Promise<TopSimilar> {
  check(queries, items, k);
  const found = new Best(queries.rows, Math.min(k, items.rows));
  const started = performance.now();
  // Each block of items is handed to ONNX Runtime once, and all queries are compared with it.
  for (let item = 0; item < items.rows; item += ITEM_BLOCK) {
    const search = await BlockSearch.among(block(items, item, ITEM_BLOCK), found.k);
    try {
      for (let query = 0; query < queries.rows; query += QUERY_BLOCK) {
        throwIfCancelled(signal);
        const some = block(queries, query, QUERY_BLOCK);
        found.merge(query, some.rows, item, await search.run(some));
        report(progressOf({ query: query + some.rows, queries, item, items }, started));
      }
    } finally {
      await search.close();
    }
  }
  return found;
}

function check(queries: Matrix, items: Matrix, k: number): void {
  for (const { data, rows, dims } of [queries, items]) {
    if (data.length !== rows * dims) {
      throw new KindredError('invalid-argument', `${data.length} numbers are not ${rows} vectors of ${dims}.`);
    }
  }
  if (queries.dims !== items.dims) {
    throw new KindredError('invalid-argument', `Queries have ${queries.dims} dimensions, items ${items.dims}.`);
  }
  if (!Number.isInteger(k) || k < 1) throw new KindredError('invalid-argument', `k is ${k}; it must be at least 1.`);
}

function block({ data, rows, dims }: Matrix, start: number, length: number): Matrix {
  const end = Math.min(start + length, rows);
  return { data: data.subarray(start * dims, end * dims), rows: end - start, dims };
}

interface Place {
  /** Queries that are done with the block of items that starts at `item`. */
  readonly query: number;
  readonly queries: Matrix;
  readonly item: number;
  readonly items: Matrix;
}

/** Counted in queries, of which each block of items does its part. */
function progressOf({ query, queries, item, items }: Place, started: number): Progress {
  const part = Math.min(ITEM_BLOCK, items.rows - item) / items.rows;
  const share = item / items.rows + (part * query) / queries.rows;
  const secondsLeft = (((performance.now() - started) / 1000) * (1 - share)) / share;
  return {
    stage: 'Comparing items',
    done: Math.round(share * queries.rows),
    total: queries.rows,
    unit: 'items',
    secondsLeft: Math.max(0, secondsLeft),
  };
}

/** The best k so far of every query, best first. */
class Best implements TopSimilar {
  readonly indices: Int32Array;
  readonly similarities: Float32Array;
  private readonly scratchIndices: Int32Array;
  private readonly scratch: Float32Array;

  constructor(
    rows: number,
    readonly k: number,
  ) {
    this.indices = new Int32Array(rows * k).fill(-1);
    this.similarities = new Float32Array(rows * k).fill(Number.NEGATIVE_INFINITY);
    this.scratchIndices = new Int32Array(k);
    this.scratch = new Float32Array(k);
  }

  /** Takes in the best of a block of items that starts at `firstItem`, for `rows` queries from `firstQuery` on. */
  merge(firstQuery: number, rows: number, firstItem: number, block: BlockResult): void {
    const width = block.indices.length / rows;
    for (let row = 0; row < rows; row++) {
      const end = (row + 1) * width;
      this.mergeRow((firstQuery + row) * this.k, block, row * width, end, firstItem);
    }
  }

  /** Two sorted lists become one. Blocks come by rising index, so what was there before goes first among equals. */
  private mergeRow(at: number, block: BlockResult, from: number, end: number, firstItem: number): void {
    const { indices, similarities, scratch, scratchIndices, k } = this;
    let old = at;
    for (let i = 0; i < k; i++) {
      if (from < end && (indices[old] < 0 || block.similarities[from] > similarities[old])) {
        scratch[i] = block.similarities[from];
        scratchIndices[i] = block.indices[from++] + firstItem;
      } else {
        scratch[i] = similarities[old];
        scratchIndices[i] = indices[old++];
      }
    }
    similarities.set(scratch, at);
    indices.set(scratchIndices, at);
  }
}

interface BlockResult {
  readonly indices: Int32Array;
  readonly similarities: Float32Array;
}

/** One matrix product and a TopK in ONNX Runtime, over items that it keeps. */
class BlockSearch {
  private constructor(private readonly session: Session) {}

  static async among(items: Matrix, k: number): Promise<BlockSearch> {
    const session = await openSession(searchModel(items.dims, Math.min(k, items.rows)));
    session.keep({ items: tensorOf(items) });
    return new BlockSearch(session);
  }

  async run(queries: Matrix): Promise<BlockResult> {
    const results = await this.session.run({ queries: tensorOf(queries) });
    return {
      indices: results['indices'].data as Int32Array,
      similarities: results['similarities'].data as Float32Array,
    };
  }

  close(): Promise<void> {
    return this.session.close();
  }
}

function tensorOf({ data, rows, dims }: Matrix): HostTensor {
  return { shape: [rows, dims], data };
}

/** Lengths that stand for "any" in the graph. */
const ANY_QUERIES = -1;
const ANY_ITEMS = -2;

function searchModel(dims: number, k: number): Uint8Array {
  const b = new GraphBuilder('similarity');
  const queries = b.input('queries', [ANY_QUERIES, dims], 'float32');
  const items = b.input('items', [ANY_ITEMS, dims], 'float32');
  const [similarities, indices] = b.addAll({
    op: 'TopK',
    inputs: [gemm(b, queries, items, false, true)],
    attributes: { k: [k], axis: 1, largest: 1, sorted: 1 },
    outputs: [
      { shape: [ANY_QUERIES, k], dtype: 'float32' },
      { shape: [ANY_QUERIES, k], dtype: 'int64' },
    ],
  });
  b.output('similarities', similarities);
  b.output('indices', cast(b, indices, 'int32'));
  const symbols = new Map([
    [ANY_QUERIES, 'queries'],
    [ANY_ITEMS, 'items'],
  ]);
  return encodeModel(b.build(), { symbols });
}
