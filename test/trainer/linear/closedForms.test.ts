import { describe, expect, it } from 'vitest';
import { cpuEngine } from '../../../src/trainer/engine/cpuEngine';
import { onnxEngine } from '../../../src/trainer/engine/onnxEngine';
import { ledoitWolf, shrinkageLda } from '../../../src/trainer/linear/lda';
import type { LinearMap } from '../../../src/trainer/linear/map';
import { type Labelled, type Moments, momentsOf } from '../../../src/trainer/linear/moments';
import { pca, whitening } from '../../../src/trainer/linear/pca';
import { solve } from '../../../src/trainer/linear/solve';
import { Random } from '../../../src/trainer/random';

const { signal } = new AbortController();

/** Rows made by `make(label, random)`, `perClass` of each class. */
function rowsOf(
  classes: number,
  perClass: number,
  dims: number,
  make: (label: number, random: Random) => number[],
): Labelled {
  const random = new Random(12);
  const labels = Int32Array.from({ length: classes * perClass }, (_, i) => i % classes);
  const data = new Float32Array(labels.length * dims);
  labels.forEach((label, row) => data.set(make(label, random), row * dims));
  return { data, rows: labels.length, dims, labels, classes };
}

const moments = (features: Labelled): Promise<Moments> => momentsOf(features, cpuEngine(), signal);

/** The rows after the map. */
function mapped({ data, rows, dims }: Labelled, { weight, bias }: LinearMap): number[][] {
  const outputs = bias.length;
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: outputs }, (__, j) => {
      let sum = bias[j];
      for (let k = 0; k < dims; k++) sum += data[row * dims + k] * weight[k * outputs + j];
      return sum;
    }),
  );
}

function covarianceOf(rows: readonly (readonly number[])[]): number[][] {
  const means = rows[0].map((_, k) => rows.reduce((sum, row) => sum + row[k], 0) / rows.length);
  return rows[0].map((_, i) =>
    rows[0].map((__, j) => rows.reduce((sum, row) => sum + (row[i] - means[i]) * (row[j] - means[j]), 0) / rows.length),
  );
}

describe('momentsOf', () => {
  const features = rowsOf(3, 900, 4, (label, random) => [
    5 + label + random.normal(),
    random.normal() * 3,
    -2 * label + 0.1 * random.normal(),
    100 + random.normal(),
  ]);

  it('has mean, covariance, class means and fourth moment as by definition', async () => {
    const found = await moments(features);
    const rows = Array.from({ length: features.rows }, (_, row) => [...features.data.subarray(4 * row, 4 * row + 4)]);
    const mean = [0, 1, 2, 3].map((k) => rows.reduce((sum, row) => sum + row[k], 0) / rows.length);
    mean.forEach((value, k) => expect(found.mean[k]).toBeCloseTo(value, 6));
    const covariance = covarianceOf(rows);
    covariance.flat().forEach((value, i) => expect(Math.abs(found.covariance[i] - value)).toBeLessThan(1e-4));
    expect([...found.counts]).toEqual([900, 900, 900]);
    let fourth = 0;
    [0, 1, 2].forEach((i) => {
      const own = rows.filter((_, j) => features.labels[j] === features.labels[i]);
      const centre = [0, 1, 2, 3].map((k) => own.reduce((sum, other) => sum + other[k], 0) / own.length);
      centre.forEach((value, k) => expect(found.classMeans[4 * features.labels[i] + k]).toBeCloseTo(value, 5));
    });
    rows.forEach((row, i) => {
      const at = 4 * features.labels[i];
      fourth += row.reduce((sum, x, k) => sum + (x - found.classMeans[at + k]) ** 2, 0) ** 2;
    });
    expect(found.fourth).toBeCloseTo(fourth / rows.length, 4);
  });

  it('is the same on ONNX Runtime', async () => {
    const [a, b] = [await moments(features), await momentsOf(features, await onnxEngine(), signal)];
    a.covariance.forEach((value, i) => expect(Math.abs(value - b.covariance[i])).toBeLessThan(1e-4));
  });
});

describe('pca and whitening', () => {
  // Variances 9, 1 and 0.01 along known directions, with a mean.
  const [c, s] = [Math.cos(0.7), Math.sin(0.7)];
  const features = rowsOf(2, 3000, 3, (_, random) => {
    const [a, b, d] = [3 * random.normal(), random.normal(), 0.1 * random.normal()];
    return [2 + c * a - s * b, -1 + s * a + c * b, 4 + d];
  });

  it('finds the principal axes', async () => {
    const { weight } = pca(await moments(features), 2);
    expect(Math.abs(weight[0])).toBeCloseTo(c, 1);
    expect(Math.abs(weight[2])).toBeCloseTo(s, 1);
    expect(Math.hypot(weight[0], weight[2], weight[4])).toBeCloseTo(1, 6);
    const out = mapped(features, pca(await moments(features), 2));
    const covariance = covarianceOf(out);
    expect(covariance[0][0]).toBeGreaterThan(8);
    expect(Math.abs(covariance[0][1])).toBeLessThan(1e-3);
    expect(Math.abs(out.reduce((sum, row) => sum + row[0], 0) / out.length)).toBeLessThan(1e-3);
  });

  it('whitens: the covariance is the identity', async () => {
    const covariance = covarianceOf(mapped(features, whitening(await moments(features), 3)));
    covariance.forEach((row, i) => row.forEach((value, j) => expect(value).toBeCloseTo(i === j ? 1 : 0, 3)));
  });

  it('leaves outputs beyond the directions at 0', async () => {
    const flat = rowsOf(2, 50, 3, (_, random) => [random.normal(), 0, 0]);
    const out = mapped(flat, whitening(await moments(flat), 5));
    expect(covarianceOf(out)[0][0]).toBeCloseTo(1, 3);
    expect(out.every((row) => row.slice(1).every((value) => value === 0))).toBe(true);
  });
});

describe('shrinkageLda', () => {
  // Classes differ along (1, 1) only, in which the noise is small; along (1, -1) it is large. So the answer is w ~ (1, 1).
  const features = rowsOf(3, 800, 2, (label, random) => {
    const [along, across] = [label + 0.2 * random.normal(), 5 * random.normal()];
    return [along + across, along - across];
  });

  it('finds the direction in which classes differ and items of a class do not', async () => {
    const { weight } = shrinkageLda(await moments(features), 1, 0);
    expect(weight[0] / weight[1]).toBeCloseTo(1, 1);
    // pca finds the other.
    const axes = pca(await moments(features), 1).weight;
    expect(axes[0] / axes[1]).toBeCloseTo(-1, 1);
  });

  it('scales so that the variance within the classes is 1', async () => {
    const out = mapped(features, shrinkageLda(await moments(features), 1, 0)).map(([x]) => x);
    let within = 0;
    for (let label = 0; label < 3; label++) {
      const own = out.filter((_, i) => features.labels[i] === label);
      const mean = own.reduce((sum, x) => sum + x, 0) / own.length;
      within += own.reduce((sum, x) => sum + (x - mean) ** 2, 0) / out.length;
    }
    expect(within).toBeCloseTo(1, 3);
  });

  it("is Fisher's closed form for two classes: S_w^-1 (m1 - m0)", async () => {
    const two = rowsOf(2, 700, 3, (label, random) => {
      const [a, b] = [random.normal(), random.normal()];
      return [a + label, a + 0.5 * b, b - 2 * label + 0.3 * random.normal()];
    });
    const { classMeans, covariance } = await moments(two);
    const gap = [0, 1, 2].map((k) => classMeans[3 + k] - classMeans[k]);
    const within = Array.from(covariance, (value, i) => value - 0.25 * gap[Math.floor(i / 3)] * gap[i % 3]);
    const { weight } = shrinkageLda(await moments(two), 1, 0);
    // S_w w must be parallel to the gap.
    const image = [0, 1, 2].map((i) => [0, 1, 2].reduce((sum, j) => sum + within[3 * i + j] * weight[j], 0));
    image.forEach((value, i) => expect(value / image[0]).toBeCloseTo(gap[i] / gap[0], 3));
  });

  it('has at most classes - 1 directions', async () => {
    const out = mapped(features, shrinkageLda(await moments(features), 4));
    expect(covarianceOf(out)[0][0]).toBeGreaterThan(1);
    expect(out.every((row) => row[2] === 0 && row[3] === 0)).toBe(true);
  });

  it('with full shrinkage looks at the class means only', async () => {
    const { weight } = shrinkageLda(await moments(features), 1, 1);
    const { classMeans } = await moments(features);
    const spread = [classMeans[4] - classMeans[0], classMeans[5] - classMeans[1]];
    expect(weight[0] / weight[1]).toBeCloseTo(spread[0] / spread[1], 1);
  });

  it('shrinks much when there are few rows and hardly when there are many', async () => {
    const wide = (perClass: number): Labelled =>
      rowsOf(2, perClass, 20, (_, random) => Array.from({ length: 20 }, (__, k) => (1 + k) * random.normal()));
    const amount = async (perClass: number): Promise<number> => {
      const m = await moments(wide(perClass));
      return ledoitWolf(m.covariance, m);
    };
    expect(await amount(6)).toBeGreaterThan(0.2);
    expect(await amount(2000)).toBeLessThan(0.02);
  });

  it('is solved in another thread too', async () => {
    const here = shrinkageLda(await moments(features), 2);
    const there = await solve('lda', await moments(features), 2);
    expect(there).toEqual(here);
  });
});
