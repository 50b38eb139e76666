/** Eigenpairs of a symmetric matrix, by falling eigenvalue. */
export interface EigenPairs {
  readonly values: Float64Array;
  /** Unit vectors, one after the other, each as long as the matrix is wide; the largest element of each is positive. */
  readonly vectors: Float64Array;
}

/**
 * All eigenpairs of a symmetric matrix of a few hundred rows: Householder reflections make it tridiagonal, implicit QL with Wilkinson's
 * shift makes that diagonal (Golub and Van Loan, "Matrix Computations", 8.3). O(n^3): 512 rows take about a second.
 * @param matrix n x n, row-major; it is not changed.
 */
export function eigenOf(matrix: Float64Array, n: number): EigenPairs {
  const { diagonal, beside, basis } = tridiagonal(matrix, n);
  implicitQl(diagonal, beside, basis, n);
  const order = [...diagonal.keys()].sort((i, j) => diagonal[j] - diagonal[i] || i - j);
  const vectors = new Float64Array(n * n);
  order.forEach((from, to) => vectors.set(withPositivePeak(basis.subarray(from * n, (from + 1) * n)), to * n));
  return { values: Float64Array.from(order, (i) => diagonal[i]), vectors };
}

interface Tridiagonal {
  readonly diagonal: Float64Array;
  /** `beside[i]` stands between `diagonal[i]` and `diagonal[i + 1]`. */
  readonly beside: Float64Array;
  /** The basis in which the matrix is tridiagonal: vector after vector. */
  readonly basis: Float64Array;
}

function tridiagonal(matrix: Float64Array, n: number): Tridiagonal {
  const a = Float64Array.from(matrix);
  const reflections: { readonly v: Float64Array; readonly beta: number }[] = [];
  for (let k = 0; k < n - 2; k++) reflections.push(reflect(a, n, k));
  const diagonal = Float64Array.from({ length: n }, (_, i) => a[i * n + i]);
  const beside = Float64Array.from({ length: n }, (_, i) => (i < n - 1 ? a[(i + 1) * n + i] : 0));
  const basis = new Float64Array(n * n);
  for (let i = 0; i < n; i++) basis[i * n + i] = 1;
  // Backwards, so that each reflection meets only the rows that it can change.
  for (let k = n - 3; k >= 0; k--) {
    const { v, beta } = reflections[k];
    for (let row = k + 1; row < n; row++) {
      let along = 0;
      for (let j = k + 1; j < n; j++) along += basis[row * n + j] * v[j];
      along *= beta;
      for (let j = k + 1; j < n; j++) basis[row * n + j] -= along * v[j];
    }
  }
  return { diagonal, beside, basis };
}

/** Makes column k of `a` zero below its neighbour, from both sides: I - beta v v', where v is 0 up to k. */
function reflect(a: Float64Array, n: number, k: number): { readonly v: Float64Array; readonly beta: number } {
  const v = new Float64Array(n);
  let squares = 0;
  for (let i = k + 1; i < n; i++) {
    v[i] = a[i * n + k];
    squares += v[i] * v[i];
  }
  const length = Math.sqrt(squares);
  if (squares - v[k + 1] * v[k + 1] <= 0 || length === 0) return { v: v.fill(0), beta: 0 };
  const alpha = v[k + 1] > 0 ? -length : length;
  v[k + 1] -= alpha;
  const beta = 1 / (length * (length + Math.abs(v[k + 1] + alpha)));
  const p = new Float64Array(n);
  let inner = 0;
  for (let i = k + 1; i < n; i++) {
    let sum = 0;
    for (let j = k + 1; j < n; j++) sum += a[i * n + j] * v[j];
    p[i] = beta * sum;
    inner += p[i] * v[i];
  }
  const half = (beta * inner) / 2;
  for (let i = k + 1; i < n; i++) p[i] -= half * v[i];
  for (let i = k + 1; i < n; i++) for (let j = k + 1; j < n; j++) a[i * n + j] -= v[i] * p[j] + p[i] * v[j];
  a[(k + 1) * n + k] = alpha;
  return { v, beta };
}

const MOST_ROUNDS = 60;

/** Makes the matrix diagonal, turning the rows of `basis` with it. */
function implicitQl(d: Float64Array, e: Float64Array, basis: Float64Array, n: number): void {
  for (let first = 0; first < n; first++) {
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const last = endOfBlock(d, e, first, n);
      if (last === first) break;
      chase(d, e, basis, { first, last, n });
    }
  }
}

/** The end of the block that begins at `first` and hangs together. */
function endOfBlock(d: Float64Array, e: Float64Array, first: number, n: number): number {
  let last = first;
  while (last < n - 1 && Math.abs(e[last]) > Number.EPSILON * (Math.abs(d[last]) + Math.abs(d[last + 1]))) last++;
  return last;
}

/** One implicit QL step on a block: the bulge goes from its end to its start. */
function chase(
  d: Float64Array,
  e: Float64Array,
  basis: Float64Array,
  { first, last, n }: { readonly first: number; readonly last: number; readonly n: number },
): void {
  const ratio = (d[first + 1] - d[first]) / (2 * e[first]);
  const root = Math.hypot(ratio, 1);
  let g = d[last] - d[first] + e[first] / (ratio + (ratio >= 0 ? root : -root));
  let [sine, cosine, shift] = [1, 1, 0];
  for (let i = last - 1; i >= first; i--) {
    const f = sine * e[i];
    const b = cosine * e[i];
    const r = Math.hypot(f, g);
    e[i + 1] = r;
    if (r === 0) {
      d[i + 1] -= shift;
      e[last] = 0;
      return;
    }
    sine = f / r;
    cosine = g / r;
    g = d[i + 1] - shift;
    const turned = (d[i] - g) * sine + 2 * cosine * b;
    shift = sine * turned;
    d[i + 1] = g + shift;
    g = cosine * turned - b;
    turn(basis, i * n, (i + 1) * n, n, cosine, sine);
  }
  d[first] -= shift;
  e[first] = g;
  e[last] = 0;
}

function turn(basis: Float64Array, lower: number, upper: number, n: number, cosine: number, sine: number): void {
  for (let k = 0; k < n; k++) {
    const [x, y] = [basis[lower + k], basis[upper + k]];
    basis[upper + k] = sine * x + cosine * y;
    basis[lower + k] = cosine * x - sine * y;
  }
}

function withPositivePeak(vector: Float64Array): Float64Array {
  let peak = 0;
  for (let i = 1; i < vector.length; i++) if (Math.abs(vector[i]) > Math.abs(vector[peak])) peak = i;
  return vector[peak] < 0 ? vector.map((x) => 0 - x) : vector;
}
