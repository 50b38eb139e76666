/** The measures as they are defined, in plain loops over all pairs, in double precision. */

/** Items by rising distance from one, ties by index; the item itself left out. */
function neighboursOf(distance: (a: number, b: number) => number, n: number, item: number): number[] {
  return Array.from({ length: n }, (_, other) => other)
    .filter((other) => other !== item)
    .sort((a, b) => distance(item, a) - distance(item, b) || a - b);
}

export interface NaiveQuality {
  trustworthiness: number[];
  continuity: number[];
  preservation: number[];
  spearman: number[];
  rnxAuc: number;
}

export function naiveQuality(
  n: number,
  k: number,
  truth: (a: number, b: number) => number,
  map: (a: number, b: number) => number,
): NaiveQuality {
  const items = Array.from({ length: n }, (_, i) => i);
  const near = items.map((i) => neighboursOf(truth, n, i));
  const shown = items.map((i) => neighboursOf(map, n, i));
  const score = (from: number[][], to: number[][], i: number): number => {
    const penalty = from[i].slice(0, k).reduce((sum, j) => sum + Math.max(0, to[i].indexOf(j) + 1 - k), 0);
    return 1 - (2 * penalty) / (k * (2 * n - 3 * k - 1));
  };
  const kept = (i: number, size: number): number =>
    near[i].slice(0, size).filter((j) => shown[i].indexOf(j) < size).length;
  let [area, weights] = [0, 0];
  for (let size = 1; size <= n - 2; size++) {
    const q = items.reduce((sum, i) => sum + kept(i, size), 0) / (size * n);
    area += ((n - 1) * q - size) / (n - 1 - size) / size;
    weights += 1 / size;
  }
  return {
    trustworthiness: items.map((i) => score(shown, near, i)),
    continuity: items.map((i) => score(near, shown, i)),
    preservation: items.map((i) => kept(i, k) / k),
    spearman: items.map((i) => {
      const others = items.filter((j) => j !== i);
      return naiveSpearman(
        others.map((j) => truth(i, j)),
        others.map((j) => map(i, j)),
      );
    }),
    rnxAuc: area / weights,
  };
}

export function naiveSpearman(a: readonly number[], b: readonly number[]): number {
  const rank = (values: readonly number[]): number[] =>
    values.map((value) => {
      const less = values.filter((other) => other < value).length;
      return less + (values.filter((other) => other === value).length + 1) / 2;
    });
  const [x, y] = [rank(a), rank(b)];
  const mean = (a.length + 1) / 2;
  const product = (u: readonly number[], v: readonly number[]): number =>
    u.reduce((sum, value, i) => sum + (value - mean) * (v[i] - mean), 0);
  return product(x, y) / Math.sqrt(product(x, x) * product(y, y));
}
