import { mean, relu, type Rows, sum } from './vectors';

/** VICReg of rows 0 and 1, 2 and 3 ..., of which those of one class are two views. */
export function naiveVicReg(
  rows: Rows,
  labels: readonly number[],
  weights: { invariance: number; variance: number; covariance: number },
): { loss: number; activeShare: number } {
  const views: [number[][], number[][]] = [[], []];
  for (let i = 0; i + 1 < rows.length; i += 2) {
    if (labels[i] !== labels[i + 1]) continue;
    views[0].push([...rows[i]]);
    views[1].push([...rows[i + 1]]);
  }
  const dims = rows[0].length;
  const invariance = mean(views[0].map((row, i) => mean(row.map((x, k) => (x - views[1][i][k]) ** 2))));
  const lacks = views.flatMap((view) => Array.from({ length: dims }, (_, k) => lack(view.map((row) => row[k]))));
  const covariances = views.map((view) => {
    let total = 0;
    for (let k = 0; k < dims; k++) {
      for (let l = 0; l < dims; l++) {
        if (k === l) continue;
        const [one, other] = [k, l].map((place) => view.map((row) => row[place]));
        total += covariance(one, other) ** 2;
      }
    }
    return total / dims;
  });
  return {
    loss:
      weights.invariance * invariance +
      (weights.variance * sum(lacks)) / (2 * dims) +
      weights.covariance * sum(covariances),
    activeShare: lacks.filter((x) => x > 0).length / lacks.length,
  };
}

function lack(values: readonly number[]): number {
  return values.length < 2 ? 0 : relu(1 - Math.sqrt(covariance(values, values) + 1e-4));
}

function covariance(a: readonly number[], b: readonly number[]): number {
  if (a.length < 2) return 0;
  const [m, n] = [mean(a), mean(b)];
  return sum(a.map((x, i) => (x - m) * (b[i] - n))) / (a.length - 1);
}
