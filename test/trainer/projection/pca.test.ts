import { describe, expect, it } from 'vitest';
import { principalAxes, projectOnto } from '../../../src/trainer/projection/pca';
import { symmetricEigen } from '../../../src/trainer/projection/symmetricEigen';
import { Random } from '../../../src/trainer/random';

function gaussian(
  rows: number,
  scales: readonly number[],
  seed: number,
): { data: Float32Array; rows: number; dims: number } {
  const random = new Random(seed);
  const dims = scales.length;
  const data = Float32Array.from({ length: rows * dims }, (_, i) => 3 + scales[i % dims] * random.normal());
  return { data, rows, dims };
}

/** The covariance from its definition, in float64. */
function covariance({ data, rows, dims }: ReturnType<typeof gaussian>): number[][] {
  const mean = Array.from({ length: dims }, (_, d) => {
    let sum = 0;
    for (let i = 0; i < rows; i++) sum += data[i * dims + d];
    return sum / rows;
  });
  return mean.map((_, p) =>
    mean.map((__, q) => {
      let sum = 0;
      for (let i = 0; i < rows; i++) sum += (data[i * dims + p] - mean[p]) * (data[i * dims + q] - mean[q]);
      return sum / rows;
    }),
  );
}

describe('symmetricEigen', () => {
  it('gives the known pairs of a 2 x 2 matrix', () => {
    const { values, vectors } = symmetricEigen([
      [2, 1],
      [1, 2],
    ]);
    expect(values[0]).toBeCloseTo(3, 12);
    expect(values[1]).toBeCloseTo(1, 12);
    expect(Math.abs(vectors[0][0] - vectors[0][1])).toBeLessThan(1e-12);
  });

  it('satisfies A v = lambda v with orthonormal v', () => {
    const random = new Random(5);
    const half = Array.from({ length: 7 }, () => Array.from({ length: 7 }, () => random.normal()));
    const a = half.map((row, i) => row.map((x, j) => x + half[j][i]));
    const { values, vectors } = symmetricEigen(a);
    vectors.forEach((v, k) => {
      a.forEach((row, i) => {
        const product = row.reduce((sum, x, j) => sum + x * v[j], 0);
        expect(product).toBeCloseTo(values[k] * v[i], 9);
      });
      vectors.forEach((w, l) => expect(v.reduce((sum, x, i) => sum + x * w[i], 0)).toBeCloseTo(k === l ? 1 : 0, 9));
    });
    expect([...values].sort((x, y) => y - x)).toEqual(values);
  });
});

describe('principalAxes', () => {
  it('are the leading eigenvectors of the covariance, the largest entry positive', () => {
    const matrix = gaussian(400, [1, 5, 2, 0.5, 3, 0.1, 0.7, 1.5, 0.2], 2);
    const exact = symmetricEigen(covariance(matrix));
    const { axes, variances } = principalAxes(matrix, 3);
    axes.forEach((axis, j) => {
      expect(variances[j]).toBeCloseTo(exact.values[j], 4);
      const cosine = axis.reduce((sum, x, d) => sum + x * exact.vectors[j][d], 0);
      expect(Math.abs(cosine)).toBeCloseTo(1, 6);
      expect(axis.reduce((peak, x) => (Math.abs(x) > Math.abs(peak) ? x : peak))).toBeGreaterThan(0);
    });
  });

  it('give the same bytes twice', () => {
    const matrix = gaussian(100, [1, 2, 3, 4, 5, 6, 7, 8], 9);
    expect(principalAxes(matrix, 2)).toEqual(principalAxes(matrix, 2));
  });

  it('put coordinates around 0 with the variance of their axis', () => {
    const matrix = gaussian(500, [4, 1, 0.1], 3);
    const fitted = principalAxes(matrix, 2);
    const positions = projectOnto(matrix, fitted);
    for (const axis of [0, 1]) {
      const column = positions.filter((_, i) => i % 2 === axis);
      expect(column.reduce((a, b) => a + b, 0) / 500).toBeCloseTo(0, 5);
      expect(column.reduce((a, b) => a + b * b, 0) / 500).toBeCloseTo(fitted.variances[axis], 3);
    }
  });

  it('give zeros for directions that the data does not have', () => {
    const line = { data: Float32Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? i : 1)), rows: 10, dims: 2 };
    const { axes, variances } = principalAxes(line, 2);
    expect([...axes[0]]).toEqual([1, 0]);
    expect([...axes[1]]).toEqual([0, 0]);
    expect(variances[1]).toBe(0);
    const same = { data: new Float32Array(30).fill(0.3), rows: 10, dims: 3 };
    expect(principalAxes(same, 2).variances).toEqual([0, 0]);
    expect(principalAxes({ data: Float32Array.of(1, 2, 3), rows: 3, dims: 1 }, 2).axes.map((a) => [...a])).toEqual([
      [1],
      [0],
    ]);
  });

  it('fitted to some of the rows are near those of all', () => {
    const matrix = gaussian(4000, [3, 2, 0.5, 0.5, 0.5], 4);
    const all = principalAxes(matrix, 2).axes;
    const some = principalAxes(matrix, 2, { maxRows: 500 }).axes;
    all.forEach((axis, j) => expect(Math.abs(axis.reduce((s, x, d) => s + x * some[j][d], 0))).toBeGreaterThan(0.97));
  });
});
