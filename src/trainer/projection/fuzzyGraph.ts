/** For each item its neighbours without itself, nearest first, row-major. */
export interface NearestNeighbours {
  readonly k: number;
  readonly indices: Int32Array;
  readonly distances: Float32Array;
}

/** Edges in the order of rows, then columns; every edge is there in both directions. */
export interface FuzzyGraph {
  readonly rows: Int32Array;
  readonly columns: Int32Array;
  /** Strength of membership, above 0 up to 1. */
  readonly weights: Float64Array;
}

const BISECTIONS = 64;
const TOLERANCE = 1e-5;
const SMALLEST_SCALE = 1e-3;

/**
 * The fuzzy simplicial set of UMAP (McInnes, Healy and Melville 2018, section 3.1) as umap-js computes it, with a local
 * connectivity of 1, in typed arrays: umap-js keeps a string-keyed map of all edges, which takes gigabytes for 50,000 items.
 * UMAP counts an item among its own neighbours: its "n neighbours" are the item and n - 1 others, which are given here.
 */
export function fuzzyGraph(nearest: NearestNeighbours): FuzzyGraph {
  return joinedDirections(nearest, memberships(nearest), eitherHolds);
}

/** How strongly each item holds each of its neighbours: 1 for the nearest, falling so that all sum to log2(n). */
function memberships({ k, indices, distances }: NearestNeighbours): Float64Array {
  const items = indices.length / k;
  const weights = new Float64Array(indices.length);
  const meanOfAll = scaleOfAll(distances, k);
  for (let item = 0; item < items; item++) {
    const start = item * k;
    const nearest = nearestAbove0(distances, start, start + k);
    const meanOfRow = mean(distances, start, start + k) * (k / (k + 1));
    const floor = SMALLEST_SCALE * (nearest > 0 ? meanOfRow : meanOfAll);
    const scale = Math.max(scaleFor(distances, start, k, nearest), floor);
    for (let i = start; i < start + k; i++) weights[i] = membership(distances[i] - nearest, scale);
  }
  return weights;
}

/** The mean distance of a row that has none of its own: the item itself counts, at distance 0. */
export function scaleOfAll(distances: Float32Array, k: number): number {
  return mean(distances, 0, distances.length) * (k / (k + 1));
}

function membership(beyond: number, scale: number): number {
  return beyond > 0 ? Math.exp(-beyond / scale) : 1;
}

/** The scale at which the memberships sum to log2(k + 1), by bisection. */
function scaleFor(distances: Float32Array, start: number, k: number, nearest: number): number {
  const target = Math.log2(k + 1);
  let low = 0;
  let high = Infinity;
  let scale = 1;
  for (let i = 0; i < BISECTIONS; i++) {
    let sum = 0;
    for (let j = start; j < start + k; j++) sum += membership(distances[j] - nearest, scale);
    if (Math.abs(sum - target) < TOLERANCE) break;
    if (sum > target) high = scale;
    else low = scale;
    scale = high === Infinity ? scale * 2 : (low + high) / 2;
  }
  return scale;
}

function nearestAbove0(distances: Float32Array, start: number, end: number): number {
  for (let i = start; i < end; i++) if (distances[i] > 0) return distances[i];
  return 0;
}

function mean(values: Float32Array, start: number, end: number): number {
  let sum = 0;
  for (let i = start; i < end; i++) sum += values[i];
  return sum / (end - start);
}

/** Who is held by either is held. */
export function eitherHolds(out: number, back: number): number {
  return out + back - out * back;
}

/**
 * Joins both directions of each edge into one weight.
 * @param weights how strongly each item holds each of its neighbours, row-major
 */
export function joinedDirections(
  { k, indices }: NearestNeighbours,
  weights: ArrayLike<number>,
  join: (out: number, back: number) => number,
): FuzzyGraph {
  const items = indices.length / k;
  const incoming = transpose(indices, items, k);
  const rows = new Int32Array(indices.length * 2);
  const columns = new Int32Array(indices.length * 2);
  const joined = new Float64Array(indices.length * 2);
  let count = 0;
  const order = new Int32Array(k);
  for (let item = 0; item < items; item++) {
    for (let j = 0; j < k; j++) order[j] = item * k + j;
    order.sort((a, b) => indices[a] - indices[b]);
    let o = 0;
    let i = incoming.starts[item];
    while (o < k || i < incoming.starts[item + 1]) {
      const to = o < k ? indices[order[o]] : items;
      const from = i < incoming.starts[item + 1] ? Math.floor(incoming.edges[i] / k) : items;
      const out = to <= from ? weights[order[o++]] : 0;
      const back = from <= to ? weights[incoming.edges[i++]] : 0;
      const weight = join(out, back);
      if (weight === 0) continue;
      rows[count] = item;
      columns[count] = Math.min(to, from);
      joined[count++] = weight;
    }
  }
  return { rows: rows.slice(0, count), columns: columns.slice(0, count), weights: joined.slice(0, count) };
}

/** For each item the edges that lead to it, in the order of where they come from. */
function transpose(indices: Int32Array, items: number, k: number): { starts: Int32Array; edges: Int32Array } {
  const starts = new Int32Array(items + 1);
  for (const to of indices) starts[to + 1]++;
  for (let item = 0; item < items; item++) starts[item + 1] += starts[item];
  const next = starts.slice(0, items);
  const edges = new Int32Array(items * k);
  for (let edge = 0; edge < indices.length; edge++) edges[next[indices[edge]]++] = edge;
  return { starts, edges };
}
