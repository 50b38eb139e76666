import { describe, expect, it } from 'vitest';
import { embeddingEvidence, type NeighbourSearch } from '../../../src/trainer/curation/embeddingEvidence';
import { LinkList } from '../../../src/trainer/curation/links';
import { Random } from '../../../src/trainer/random';
import { quietContext, quietPace } from './support/context';

const DIMS = 4;

/** Crowds of unit vectors, some equal, some near, larger than the first list of neighbours. */
function crowds(sizes: readonly number[], seed: number): Float32Array {
  const random = new Random(seed);
  const rows: number[][] = [];
  for (const size of sizes) {
    const centre = Array.from({ length: DIMS }, () => random.normal());
    const noise = rows.length % 2 === 0 ? 0.02 : 0;
    for (let i = 0; i < size; i++) {
      const row = centre.map((value) => value + noise * random.normal());
      const norm = Math.hypot(...row);
      rows.push(row.map((value) => value / norm));
    }
  }
  return Float32Array.from(rows.flat());
}

function dot(data: Float32Array, a: number, b: number): number {
  let sum = 0;
  for (let d = 0; d < DIMS; d++) sum += data[a * DIMS + d] * data[b * DIMS + d];
  return sum;
}

function nearest(data: Float32Array, row: number, k: number, self: boolean): { row: number; similarity: number }[] {
  return Array.from({ length: data.length / DIMS }, (_, other) => ({ row: other, similarity: dot(data, row, other) }))
    .filter((one) => self || one.row !== row)
    .sort((x, y) => y.similarity - x.similarity)
    .slice(0, k);
}

function search(data: Float32Array): NeighbourSearch {
  const rows = Array.from({ length: data.length / DIMS }, (_, row) => row);
  return {
    few: () => {
      const lists = rows.flatMap((row) => nearest(data, row, 32, false));
      const indices = Int32Array.from(lists, (one) => one.row);
      return Promise.resolve({ k: 32, indices, distances: Float32Array.from(lists, (one) => 1 - one.similarity) });
    },
    many: (some, k) => {
      const lists = [...some].flatMap((row) => nearest(data, row, k, true));
      const indices = Int32Array.from(lists, (one) => one.row);
      return Promise.resolve({ indices, similarities: Float32Array.from(lists, (one) => one.similarity) });
    },
  };
}

describe('links by embedding', () => {
  it.each([0.0005, 0.01, 0.2])(
    'are all pairs within %f, also in crowds larger than the first list',
    async (threshold) => {
      const data = crowds([80, 1, 50, 3, 60, 5], 7);
      const count = data.length / DIMS;
      const rowOf = Int32Array.from({ length: count }, (_, node) => node);
      const links = new LinkList();
      await embeddingEvidence(
        { data, dims: DIMS, search: search(data), rowOf },
        threshold,
        links,
        quietPace(),
        quietContext(),
      );
      const found = new Set(Array.from({ length: links.count }, (_, at) => `${links.a[at]} ${links.b[at]}`));
      const expected = new Set<string>();
      for (let b = 0; b < count; b++) {
        for (let a = 0; a < b; a++) if (1 - dot(data, a, b) <= threshold + 1e-6) expected.add(`${a} ${b}`);
      }
      expect([...found].sort()).toEqual([...expected].sort());
      expect(expected.size).toBeGreaterThan(0);
    },
  );
});
