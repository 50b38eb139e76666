import { topSimilar } from '../engine/similarity';

/** Rows of embeddings with what they are. L2-normalised. */
export interface LabelledRows {
  readonly data: Float32Array;
  readonly dims: number;
  readonly labels: Int32Array;
}

export interface RowPair {
  readonly rows: readonly [number, number];
  /** Cosine. */
  readonly similarity: number;
}

export interface Insight {
  /** A few rows of different classes, each with its nearest others. */
  readonly probes: readonly { readonly row: number; readonly neighbours: readonly RowPair[] }[];
  /** The pairs of two classes that lie nearest to each other, the nearest first. */
  readonly strangers: readonly RowPair[];
  /** The pairs of one class that lie farthest from each other, the farthest first. */
  readonly relatives: readonly RowPair[];
}

export const PROBES = 8;
const NEIGHBOURS = 6;
const PAIRS = 8;
/** Of a larger class, so many of its rows are compared with each other: all pairs would be too many to look at in an instant. */
const MOST_OF_CLASS = 64;

/** What a person wants to see of embeddings, beside measures. Nothing random is in it. */
export async function insightOf(rows: LabelledRows, signal: AbortSignal): Promise<Insight> {
  const { data, dims, labels } = rows;
  const vectors = { data, rows: labels.length, dims };
  const { indices, similarities } = await topSimilar(vectors, vectors, NEIGHBOURS + 1, {
    signal,
    report: () => undefined,
  });
  const width = Math.min(NEIGHBOURS + 1, labels.length);
  const neighboursOf = (row: number): RowPair[] =>
    Array.from({ length: width }, (_, place): RowPair => {
      const at = row * width + place;
      return { rows: [row, indices[at]], similarity: similarities[at] };
    })
      .filter(({ rows: [, other] }) => other !== row)
      .slice(0, NEIGHBOURS);
  return {
    probes: probeRows(labels).map((row) => ({ row, neighbours: neighboursOf(row) })),
    strangers: nearestStrangers(labels, neighboursOf),
    relatives: farthestRelatives(rows),
  };
}

/** The first row of classes that are evenly spread over all that have two rows or more. */
function probeRows(labels: Int32Array): number[] {
  const firsts = [...rowsByClass(labels).values()].filter((rows) => rows.length >= 2).map(([first]) => first);
  const count = Math.min(PROBES, firsts.length);
  return Array.from({ length: count }, (_, i) => firsts[Math.floor((i * firsts.length) / count)]);
}

function nearestStrangers(labels: Int32Array, neighboursOf: (row: number) => RowPair[]): RowPair[] {
  const best = new Best((a, b) => b.similarity - a.similarity);
  labels.forEach((label, row) => {
    const stranger = neighboursOf(row).find(({ rows: [, other] }) => labels[other] !== label);
    if (stranger === undefined) return;
    const [a, b] = stranger.rows;
    best.add({ rows: a < b ? [a, b] : [b, a], similarity: stranger.similarity });
  });
  return best.pairs;
}

function farthestRelatives({ data, dims, labels }: LabelledRows): RowPair[] {
  const best = new Best((a, b) => a.similarity - b.similarity);
  for (const all of rowsByClass(labels).values()) {
    const rows = all.slice(0, MOST_OF_CLASS);
    for (let i = 0; i < rows.length; i++) {
      for (let j = i + 1; j < rows.length; j++) {
        let similarity = 0;
        for (let d = 0; d < dims; d++) similarity += data[rows[i] * dims + d] * data[rows[j] * dims + d];
        best.add({ rows: [rows[i], rows[j]], similarity });
      }
    }
  }
  return best.pairs;
}

function rowsByClass(labels: Int32Array): Map<number, number[]> {
  const classes = new Map<number, number[]>();
  labels.forEach((label, row) => {
    const rows = classes.get(label);
    if (rows) rows.push(row);
    else classes.set(label, [row]);
  });
  return classes;
}

/** The first few pairs in an order, each once; of equal ones those that came first. */
class Best {
  readonly pairs: RowPair[] = [];

  constructor(private readonly order: (a: RowPair, b: RowPair) => number) {}

  add(pair: RowPair): void {
    const last = this.pairs.at(-1);
    if (this.pairs.length === PAIRS && last !== undefined && this.order(pair, last) >= 0) return;
    const [a, b] = pair.rows;
    if (this.pairs.some(({ rows }) => rows[0] === a && rows[1] === b)) return;
    const place = this.pairs.findIndex((other) => this.order(pair, other) < 0);
    this.pairs.splice(place === -1 ? this.pairs.length : place, 0, pair);
    this.pairs.length = Math.min(this.pairs.length, PAIRS);
  }
}
