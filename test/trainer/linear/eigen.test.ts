import { describe, expect, it } from 'vitest';
import { eigenOf } from '../../../src/trainer/linear/eigen';
import { leadingEigen } from '../../../src/trainer/linear/leadingEigen';
import { Random } from '../../../src/trainer/random';

/** V' diag(values) V for a random orthogonal V: what the eigenpairs must be. */
function withSpectrum(values: readonly number[], seed: number): Float64Array {
  const n = values.length;
  const random = new Random(seed);
  const basis = Array.from({ length: n }, () => Array.from({ length: n }, () => random.normal()));
  for (let i = 0; i < n; i++) {
    for (let pass = 0; pass < 2; pass++)
      for (let j = 0; j < i; j++) {
        const along = basis[i].reduce((sum, x, k) => sum + x * basis[j][k], 0);
        basis[i] = basis[i].map((x, k) => x - along * basis[j][k]);
      }
    const length = Math.hypot(...basis[i]);
    basis[i] = basis[i].map((x) => x / length);
  }
  return Float64Array.from({ length: n * n }, (_, at) =>
    values.reduce((sum, value, i) => sum + value * basis[i][Math.floor(at / n)] * basis[i][at % n], 0),
  );
}

/** The largest |A v - value v|, and the largest difference of the vectors' products from those of an orthonormal basis. */
function residual(
  matrix: Float64Array,
  n: number,
  { values, vectors }: { values: Float64Array; vectors: Float64Array },
): number {
  let worst = 0;
  values.forEach((value, i) => {
    const v = vectors.subarray(i * n, (i + 1) * n);
    for (let row = 0; row < n; row++) {
      const image = v.reduce((sum, x, k) => sum + matrix[row * n + k] * x, 0);
      worst = Math.max(worst, Math.abs(image - value * v[row]));
    }
    values.forEach((_, j) => {
      const product = v.reduce((sum, x, k) => sum + x * vectors[j * n + k], 0);
      worst = Math.max(worst, Math.abs(product - (i === j ? 1 : 0)));
    });
  });
  return worst;
}

describe('eigenOf', () => {
  it.each([
    ['distinct', [9, 5, 2, 1, 0.5, -3]],
    ['equal ones', [4, 4, 4, 1, 1, 0, 0]],
    ['far apart', [1e6, 1, 1e-3, 1e-6, 0]],
    ['forty', Array.from({ length: 40 }, (_, i) => 40 - i)],
    ['two', [3, 1]],
    ['one', [7]],
  ])('finds eigenvalues and vectors: %s', (_, values) => {
    const n = values.length;
    const matrix = withSpectrum(values, 3);
    const found = eigenOf(matrix, n);
    const scale = Math.max(...values.map(Math.abs), 1);
    [...values]
      .sort((a, b) => b - a)
      .forEach((value, i) => expect(Math.abs(found.values[i] - value)).toBeLessThan(1e-12 * scale));
    expect(residual(matrix, n, found)).toBeLessThan(1e-11 * scale);
    for (let i = 0; i < n; i++) {
      const v = [...found.vectors.subarray(i * n, (i + 1) * n)];
      expect(v.reduce((peak, x) => (Math.abs(x) > Math.abs(peak) ? x : peak), 0)).toBeGreaterThan(0);
    }
  });

  it('takes matrices that are diagonal already, or zero', () => {
    expect([...eigenOf(Float64Array.of(2, 0, 0, 0, 5, 0, 0, 0, 3), 3).values]).toEqual([5, 3, 2]);
    expect([...eigenOf(new Float64Array(16), 4).values]).toEqual([0, 0, 0, 0]);
  });

  it('does not change the matrix', () => {
    const matrix = withSpectrum([3, 2, 1], 1);
    const before = matrix.slice();
    eigenOf(matrix, 3);
    expect(matrix).toEqual(before);
  });
});

describe('leadingEigen', () => {
  it('finds the leading pairs of a large matrix by iteration', () => {
    const n = 1100;
    const random = new Random(6);
    // Five strong directions and a weak floor: D + sum of s v v'.
    const strong = [100, 60, 30, 10, 5];
    const vectors = strong.map(() => Float64Array.from({ length: n }, () => random.normal() / Math.sqrt(n)));
    const matrix = new Float64Array(n * n);
    for (let i = 0; i < n; i++) matrix[i * n + i] = 0.01;
    strong.forEach((s, k) => {
      for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) matrix[i * n + j] += s * vectors[k][i] * vectors[k][j];
    });
    const found = leadingEigen(matrix, n, 5);
    expect(found.values).toHaveLength(5);
    for (let i = 0; i < 5; i++) {
      const v = found.vectors.subarray(i * n, (i + 1) * n);
      let worst = 0;
      for (let row = 0; row < n; row++) {
        let image = 0;
        for (let k = 0; k < n; k++) image += matrix[row * n + k] * v[k];
        worst = Math.max(worst, Math.abs(image - found.values[i] * v[row]));
      }
      expect(worst).toBeLessThan(1e-6 * found.values[0]);
    }
  });
});
