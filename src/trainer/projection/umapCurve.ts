/** The curve 1 / (1 + a d^2b): how strongly points at a distance d on the map hold each other. */
export interface UmapCurve {
  readonly a: number;
  readonly b: number;
}

const SAMPLES = 300;
const ROUNDS = 100;

/**
 * The curve that comes nearest (least squares over 0 to 3 spreads) to: 1 up to `minDist`, then falling as exp(-(d - minDist) / spread)
 * (McInnes, Healy and Melville 2018, definition 11). By Levenberg and Marquardt's method.
 * @param minDist 0 to `spread`: how tightly points may pack
 */
export function umapCurve(minDist: number, spread = 1): UmapCurve {
  const xs = Array.from({ length: SAMPLES }, (_, i) => (3 * spread * i) / (SAMPLES - 1));
  const wanted = xs.map((x) => (x < minDist ? 1 : Math.exp(-(x - minDist) / spread)));
  let curve: UmapCurve = { a: 1, b: 1 };
  let error = errorOf(curve, xs, wanted);
  let damping = 1e-3;
  for (let round = 0; round < ROUNDS && damping < 1e12; round++) {
    const next = improved(curve, xs, wanted, damping);
    const nextError = next.a > 0 && next.b > 0 ? errorOf(next, xs, wanted) : Infinity;
    if (nextError < error) {
      curve = next;
      error = nextError;
      damping /= 10;
    } else damping *= 10;
  }
  return curve;
}

function valueAt({ a, b }: UmapCurve, x: number): number {
  return 1 / (1 + a * x ** (2 * b));
}

function errorOf(curve: UmapCurve, xs: readonly number[], wanted: readonly number[]): number {
  return xs.reduce((sum, x, i) => sum + (valueAt(curve, x) - wanted[i]) ** 2, 0);
}

/** One step: (J'J + damping diag(J'J)) step = J'(wanted - value), for the two unknowns. */
function improved(curve: UmapCurve, xs: readonly number[], wanted: readonly number[], damping: number): UmapCurve {
  let [aa, ab, bb, ra, rb] = [0, 0, 0, 0, 0];
  xs.forEach((x, i) => {
    if (x === 0) return;
    const value = valueAt(curve, x);
    const slope = -(value ** 2) * x ** (2 * curve.b);
    const da = slope;
    const db = slope * curve.a * 2 * Math.log(x);
    const rest = wanted[i] - value;
    aa += da * da;
    ab += da * db;
    bb += db * db;
    ra += da * rest;
    rb += db * rest;
  });
  const p = aa * (1 + damping);
  const q = bb * (1 + damping);
  const determinant = p * q - ab * ab;
  if (!(determinant > 0)) return curve;
  return { a: curve.a + (q * ra - ab * rb) / determinant, b: curve.b + (p * rb - ab * ra) / determinant };
}
