/**
 * Normalised and adjusted mutual information of two groupings of the same things, both by the arithmetic mean of the entropies
 * (Vinh, Epps and Bailey 2010), with scikit-learn's conventions: two groupings that are each one group agree perfectly.
 *
 * @param a the group of each thing, from 0 without gaps
 * @param b the same of the other grouping
 */
export function mutualInformation(a: Int32Array, b: Int32Array): { nmi: number; ami: number } {
  const n = a.length;
  const sizesA = sizesOf(a);
  const sizesB = sizesOf(b);
  const groups = [sizesA, sizesB].map((sizes) => sizes.filter((size) => size > 0).length);
  if (groups.every((count) => count <= 1)) return { nmi: 1, ami: 1 };
  if (groups.some((count) => count === 1)) return { nmi: 0, ami: 0 };
  const shared = informationOf(a, b, sizesA, sizesB);
  const mean = (entropy(sizesA, n) + entropy(sizesB, n)) / 2;
  const expected = expectedInformation(sizesA, sizesB, n);
  // Where chance alone reaches all that there can be, both are rounding errors: their quotient is 1, as for a perfect match.
  const ami = awayFromZero(shared - expected) / awayFromZero(mean - expected);
  return { nmi: shared <= Number.EPSILON ? 0 : shared / mean, ami };
}

function awayFromZero(value: number): number {
  return value < 0 ? Math.min(value, -Number.EPSILON) : Math.max(value, Number.EPSILON);
}

function sizesOf(groups: Int32Array): number[] {
  const sizes: number[] = [];
  for (const group of groups) sizes[group] = (sizes[group] ?? 0) + 1;
  // A cluster may have nothing in it.
  return Array.from(sizes, (size: number | undefined) => size ?? 0);
}

function entropy(sizes: readonly number[], n: number): number {
  return sizes.reduce((sum, size) => (size === 0 ? sum : sum - (size / n) * Math.log(size / n)), 0);
}

function informationOf(a: Int32Array, b: Int32Array, sizesA: readonly number[], sizesB: readonly number[]): number {
  const n = a.length;
  const together = new Map<number, number>();
  a.forEach((group, i) => {
    const key = group * sizesB.length + b[i];
    together.set(key, (together.get(key) ?? 0) + 1);
  });
  let sum = 0;
  for (const [key, count] of together) {
    const product = sizesA[Math.floor(key / sizesB.length)] * sizesB[key % sizesB.length];
    sum += (count / n) * Math.log((n * count) / product);
  }
  return Math.max(0, sum);
}

/** What two random groupings with groups of these sizes share: a hypergeometric mean. Groups of one size are counted at once. */
function expectedInformation(sizesA: readonly number[], sizesB: readonly number[], n: number): number {
  const logFactorial = new Float64Array(n + 1);
  for (let i = 2; i <= n; i++) logFactorial[i] = logFactorial[i - 1] + Math.log(i);
  let sum = 0;
  for (const [x, timesX] of countsOf(sizesA)) {
    for (const [y, timesY] of countsOf(sizesB)) {
      const fixed = logFactorial[x] + logFactorial[y] + logFactorial[n - x] + logFactorial[n - y] - logFactorial[n];
      let part = 0;
      for (let both = Math.max(1, x + y - n); both <= Math.min(x, y); both++) {
        const chance =
          fixed - logFactorial[both] - logFactorial[x - both] - logFactorial[y - both] - logFactorial[n - x - y + both];
        part += (both / n) * Math.log((n * both) / (x * y)) * Math.exp(chance);
      }
      sum += timesX * timesY * part;
    }
  }
  return sum;
}

function countsOf(sizes: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const size of sizes) if (size > 0) counts.set(size, (counts.get(size) ?? 0) + 1);
  return counts;
}
