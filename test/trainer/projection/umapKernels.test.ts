import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Kernels } from '../../../src/trainer/kernels/kernels';
import { approximateNeighbours } from '../../../src/trainer/neighbours/approximate';
import { forceTable, pullAt, pushAt } from '../../../src/trainer/projection/forceTable';
import { fuzzyGraph } from '../../../src/trainer/projection/fuzzyGraph';
import { umapCurve } from '../../../src/trainer/projection/umapCurve';
import { fuzzyGraphByKernels, UmapKernels } from '../../../src/trainer/projection/umapKernels';
import { startPositions, UmapLayout } from '../../../src/trainer/projection/umapLayout';
import { Random } from '../../../src/trainer/random';
import { unitRows } from '../neighbours/rows';

let kernels: Kernels;
beforeAll(async () => {
  kernels = await Kernels.start(2);
});
afterAll(() => kernels.close());

describe('umapCurve', () => {
  // scipy.optimize.curve_fit of the same curve to the same 300 points, as umap-learn calls it.
  it.each([
    [0.1, 1, 1.57694346, 0.89506088],
    [0.001, 1, 1.9290734, 0.79150453],
    [0.5, 1, 0.58303002, 1.33416699],
    [0.99, 1, 0.1193053, 1.91639042],
    [0.1, 2, 0.54466054, 0.84205543],
  ])('is the reference’s for a distance of %s and a spread of %s', (minDist, spread, a, b) => {
    const curve = umapCurve(minDist, spread);
    expect(curve.a).toBeCloseTo(a, 4);
    expect(curve.b).toBeCloseTo(b, 4);
  });
});

describe('forceTable', () => {
  it.each([
    ['pull', pullAt],
    ['push', pushAt],
  ])('is within a thousandth of the %s', (_, force) => {
    const curve = umapCurve(0.1);
    const table = forceTable((square) => force(curve, square));
    const bits = new DataView(new ArrayBuffer(4));
    for (let square = 1e-9; square < 1e6; square *= 1.137) {
      bits.setFloat32(0, square);
      const line = (bits.getInt32(0) >> 18) - (87 << 5);
      const value = table[2 * line] + table[2 * line + 1] * square;
      expect(Math.abs(value / force(curve, square) - 1)).toBeLessThan(1e-3);
    }
  });

  it('holds the slopes of the cross entropy', () => {
    const curve = umapCurve(0.2);
    const hold = (square: number): number => 1 / (1 + curve.a * square ** curve.b);
    for (const d of [0.3, 1, 2.5]) {
      const step = 1e-5;
      // d(-log hold)/dd = pull d; d(-log(1 - hold))/dd = -push d, but for what keeps the push finite.
      const slope = (f: (square: number) => number): number => (f((d + step) ** 2) - f((d - step) ** 2)) / (2 * step);
      expect(slope((square) => -Math.log(hold(square)))).toBeCloseTo(pullAt(curve, d * d) * d, 5);
      const near = (d * d) / (0.001 + d * d);
      expect(slope((square) => -Math.log(1 - hold(square))) * near).toBeCloseTo(-pushAt(curve, d * d) * d, 5);
    }
  });
});

const nearestOf = (rows: number, dims: number, seed: number): ReturnType<typeof approximateNeighbours> =>
  approximateNeighbours(kernels, unitRows(rows, dims, seed), { k: 10, metric: 'cosine', seed: 1 });

describe('fuzzyGraphByKernels', () => {
  it('has the edges and weights of the reference', () => {
    const nearest = nearestOf(300, 6, 1);
    const ours = fuzzyGraphByKernels(kernels, nearest);
    const theirs = fuzzyGraph(nearest);
    expect(ours.rows).toEqual(theirs.rows);
    expect(ours.columns).toEqual(theirs.columns);
    theirs.weights.forEach((weight, i) => expect(ours.weights[i]).toBeCloseTo(weight, 5));
  });
});

describe('UmapKernels', () => {
  const layOut = (seed: number, on = kernels, dims: 2 | 3 = 2): Float64Array => {
    const nearest = nearestOf(400, 8, 2);
    const before = on.memory.allocated;
    const random = new Random(5);
    const start = Float64Array.from({ length: 400 * dims }, () => 10 * random.next());
    const layout = new UmapKernels(on, fuzzyGraphByKernels(on, nearest), start, dims, {
      epochs: 60,
      minDist: 0.1,
      seed,
    });
    while (layout.step() < layout.epochs);
    const positions = layout.positions();
    on.memory.release(before);
    return positions;
  };

  it('gives the same places for the same seed on any number of threads, and others for another', async () => {
    const here = layOut(3);
    expect(here.every(Number.isFinite)).toBe(true);
    expect(layOut(4)).not.toEqual(here);
    for (const threads of [1, 4]) {
      const others = await Kernels.start(threads);
      expect(layOut(3, others)).toEqual(here);
      await others.close();
    }
  });

  it('uses the third dimension of space', () => {
    const positions = layOut(3, kernels, 3);
    const depths = positions.filter((_, i) => i % 3 === 2);
    expect(Math.max(...depths) - Math.min(...depths)).toBeGreaterThan(1);
  });

  it('keeps at least as many neighbours together as umap-js does', { timeout: 60_000 }, () => {
    const nearest = nearestOf(1200, 10, 4);
    const random = new Random(1);
    const start = Float64Array.from({ length: 2400 }, () => random.normal());
    const theirs = new UmapLayout(fuzzyGraph(nearest), start, 0.1, new Random(1));
    while (theirs.step() < theirs.epochs);
    const ours = new UmapKernels(
      kernels,
      fuzzyGraphByKernels(kernels, nearest),
      startPositions(start, new Random(1)),
      2,
      { epochs: theirs.epochs, minDist: 0.1, seed: 1 },
    );
    while (ours.step() < ours.epochs);
    expect(kept(nearest, ours.positions())).toBeGreaterThan(kept(nearest, theirs.positions()) - 0.01);
  });
});

/** The share of the neighbours that are among the nearest on the map. */
function kept(nearest: { k: number; indices: Int32Array }, positions: Float64Array): number {
  const rows = positions.length / 2;
  const map = approximateNeighbours(
    kernels,
    { data: Float32Array.from(positions), rows, dims: 2 },
    { k: nearest.k, metric: 'euclidean', seed: 1 },
  );
  let hits = 0;
  for (let row = 0; row < rows; row++) {
    const near = new Set(map.indices.subarray(row * nearest.k, (row + 1) * nearest.k));
    for (let j = 0; j < nearest.k; j++) if (near.has(nearest.indices[row * nearest.k + j])) hits++;
  }
  return hits / (rows * nearest.k);
}
