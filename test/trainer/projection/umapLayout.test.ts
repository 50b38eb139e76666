import { UMAP } from 'umap-js';
import { describe, expect, it } from 'vitest';
import { nearestOf } from '../../../src/trainer/neighbours/exact';
import { toFrame } from '../../../src/trainer/projection/frame';
import { fuzzyGraph, type NearestNeighbours } from '../../../src/trainer/projection/fuzzyGraph';
import { edgesOf, epochsFor, UmapLayout } from '../../../src/trainer/projection/umapLayout';
import { Random } from '../../../src/trainer/random';

interface Rows {
  readonly data: Float32Array;
  readonly rows: number;
  readonly dims: number;
}

/** Unit rows around a few centres; item i belongs to centre i % centres. */
function clusters(rows: number, centres: number, dims: number, spread: number, seed: number): Rows {
  const random = new Random(seed);
  const middles = Array.from({ length: centres }, () => Array.from({ length: dims }, () => random.normal()));
  const data = new Float32Array(rows * dims);
  for (let i = 0; i < rows; i++) {
    const row = middles[i % centres].map((x) => x + spread * random.normal());
    const norm = Math.hypot(...row);
    data.set(
      row.map((x) => x / norm),
      i * dims,
    );
  }
  return { data, rows, dims };
}

function neighboursOf(matrix: Rows, k: number): NearestNeighbours {
  const indices = new Int32Array(matrix.rows * k);
  const distances = new Float32Array(matrix.rows * k);
  for (let item = 0; item < matrix.rows; item++) {
    const nearest = nearestOf(matrix, item, k);
    indices.set(nearest.items, item * k);
    distances.set(nearest.distances, item * k);
  }
  return { k, indices, distances };
}

/** umap-js as its author wrote it, handed the same neighbours (with the item itself first, as it expects). */
function original(
  { k, indices, distances }: NearestNeighbours,
  rows: number,
  random: () => number,
  nComponents = 2,
): UMAP {
  const umap = new UMAP({ nComponents, nNeighbors: k + 1, nEpochs: epochsFor(rows), minDist: 0.1, random });
  const item = Array.from({ length: rows }, (_, i) => i);
  umap.setPrecomputedKNN(
    item.map((i) => [i, ...indices.subarray(i * k, (i + 1) * k)]),
    item.map((i) => [0, ...distances.subarray(i * k, (i + 1) * k)]),
  );
  umap.initializeFit(item.map((i) => [i]));
  return umap;
}

interface Optimisation {
  optimizationState: { head: number[]; tail: number[]; epochsPerSample: number[] };
}

describe('fuzzyGraph', () => {
  it.each([
    ['clusters', clusters(90, 5, 8, 0.3, 1)],
    ['every row three times', triple(clusters(30, 3, 6, 0.4, 2))],
  ])('gives umap-js exactly the edges that it would make itself: %s', (_, matrix) => {
    const nearest = neighboursOf(matrix, 7);
    const theirs = (original(nearest, matrix.rows, () => 0.5) as unknown as Optimisation).optimizationState;
    const ours = edgesOf(fuzzyGraph(nearest), epochsFor(matrix.rows));
    expect([...ours.head]).toEqual(theirs.head);
    expect([...ours.tail]).toEqual(theirs.tail);
    expect([...ours.epochsPerSample]).toEqual(theirs.epochsPerSample);
  });

  it('is symmetric, without loops, with weights above 0 up to 1', () => {
    const { rows, columns, weights } = fuzzyGraph(neighboursOf(clusters(60, 4, 5, 0.5, 3), 5));
    const byPair = new Map(Array.from(rows, (row, i) => [`${row} ${columns[i]}`, weights[i]]));
    expect(byPair.size).toBe(rows.length);
    rows.forEach((row, i) => {
      expect(row).not.toBe(columns[i]);
      expect(byPair.get(`${columns[i]} ${row}`)).toBe(weights[i]);
      expect(weights[i]).toBeGreaterThan(0);
      expect(weights[i]).toBeLessThanOrEqual(1);
    });
  });

  it('holds duplicates with full strength', () => {
    const same = { data: new Float32Array(8 * 3).fill(Math.sqrt(1 / 3)), rows: 8, dims: 3 };
    expect([...fuzzyGraph(neighboursOf(same, 3)).weights].every((weight) => weight === 1)).toBe(true);
  });
});

describe('UmapLayout', { timeout: 60_000 }, () => {
  const matrix = clusters(120, 4, 10, 0.25, 7);
  const nearest = neighboursOf(matrix, 9);
  const start = Float64Array.from({ length: 240 }, (_, i) => Math.sin(i * 12.9898) * 5);

  function layOut(seed: number, epochs?: number): Float64Array {
    const layout = new UmapLayout(fuzzyGraph(nearest), start, 0.1, new Random(seed));
    for (let e = 0; e < (epochs ?? layout.epochs); e++) layout.step();
    return layout.positions();
  }

  it.each([2, 3] as const)('moves as umap-js does in %s dimensions, with the same start and random numbers', (dims) => {
    const random = new Random(11);
    const from = Float64Array.from({ length: 120 * dims }, (_, i) => Math.sin(i * 12.9898) * 5);
    const ours = new UmapLayout(fuzzyGraph(nearest), from, 0.1, random, dims);
    let draws = new Random(0);
    const theirs = original(nearest, 120, () => draws.next(), dims);
    const begun = ours.positions();
    theirs.getEmbedding().forEach((point, i) => point.splice(0, dims, ...begun.subarray(dims * i, dims * (i + 1))));
    draws = Random.restore(random.state());
    for (let e = 0; e < 50; e++) {
      ours.step();
      theirs.step();
    }
    expect([...ours.positions()]).toEqual(theirs.getEmbedding().flat());
  });

  it('gives the same bytes for the same seed and others for another', () => {
    expect(layOut(1)).toEqual(layOut(1));
    expect(layOut(1)).not.toEqual(layOut(2));
  });

  it('brings items of one cluster together', () => {
    const positions = layOut(3);
    let hits = 0;
    for (let i = 0; i < 120; i++) {
      let best = Infinity;
      let nearestItem = -1;
      for (let j = 0; j < 120; j++) {
        const d = Math.hypot(positions[2 * i] - positions[2 * j], positions[2 * i + 1] - positions[2 * j + 1]);
        if (j !== i && d < best) [best, nearestItem] = [d, j];
      }
      if (nearestItem % 4 === i % 4) hits++;
    }
    expect(hits / 120).toBeGreaterThan(0.95);
  });

  it('stays finite where all items start in one place, and for extreme distances of the points', () => {
    for (const minDist of [0, 1]) {
      const layout = new UmapLayout(fuzzyGraph(nearest), new Float64Array(240), minDist, new Random(1));
      for (let e = 0; e < 60; e++) layout.step();
      expect(layout.positions().every(Number.isFinite)).toBe(true);
      expect(new Set(layout.positions()).size).toBeGreaterThan(200);
    }
  });

  it('knows the number of epochs of UMAP', () => {
    expect([100, 2500, 2501, 7000, 10000].map(epochsFor)).toEqual([500, 500, 400, 300, 200]);
  });
});

describe('toFrame', () => {
  it('centres the bounding box and scales its longer side to 2', () => {
    expect([...toFrame([0, 0, 10, 0, 10, 5])]).toEqual([-1, -0.5, 1, -0.5, 1, 0.5]);
  });

  it('does so in space, each axis in proportion', () => {
    expect([...toFrame([0, 0, 0, 10, 5, 20], 3)]).toEqual([-0.5, -0.25, -1, 0.5, 0.25, 1]);
  });

  it('puts points that are all in one place at 0', () => {
    expect([...toFrame([3, 4, 5, 3, 4, 5], 3)]).toEqual([0, 0, 0, 0, 0, 0]);
    expect([...toFrame([3, 4, 3, 4])]).toEqual([0, 0, 0, 0]);
    expect(toFrame([]).length).toBe(0);
  });
});

function triple({ data, rows, dims }: Rows): Rows {
  const repeated = new Float32Array(3 * data.length);
  for (let i = 0; i < 3; i++) repeated.set(data, i * data.length);
  return { data: repeated, rows: 3 * rows, dims };
}
