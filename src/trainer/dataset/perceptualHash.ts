const SIDE = 32;
const KEPT = 8;

/** `COSINES[u * SIDE + x]`: the basis of the type-II discrete cosine transform, cos(pi * u * (2x + 1) / 64). */
const COSINES = Float64Array.from({ length: KEPT * SIDE }, (_, i) =>
  Math.cos((Math.PI * Math.floor(i / SIDE) * (2 * (i % SIDE) + 1)) / (2 * SIDE)),
);

/** Coefficients below this are rounding errors of a flat picture, not structure; real ones are tens to thousands. */
const NOISE = 1e-2;

/**
 * The DCT hash ("pHash"; Zauner 2010, with the 8 x 8 lowest frequencies including the mean, as the Python package imagehash
 * does): one bit a coefficient, set where it is above their median; the first coefficient is the highest bit.
 * @param luma 32 x 32 values, row by row, 0 to 255.
 */
export function perceptualHash(luma: Float32Array): bigint {
  if (luma.length !== SIDE * SIDE)
    throw new RangeError(`A perceptual hash is made of 1024 values, not ${luma.length}.`);
  const coefficients = lowFrequencies(luma);
  const sorted = coefficients.slice().sort();
  const median = (sorted[31] + sorted[32]) / 2;
  let hash = 0n;
  for (const coefficient of coefficients) hash = (hash << 1n) | (coefficient > median ? 1n : 0n);
  return hash;
}

/** The number of bits that differ, 0 to 64. */
export function hammingDistance(a: bigint, b: bigint): number {
  const different = a ^ b;
  return countBits(Number(different & 0xffffffffn)) + countBits(Number((different >> 32n) & 0xffffffffn));
}

/** The 8 x 8 lowest coefficients of the two-dimensional DCT, vertical frequency by vertical frequency. */
function lowFrequencies(luma: Float32Array): Float64Array {
  const rows = new Float64Array(SIDE * KEPT);
  for (let y = 0; y < SIDE; y++) {
    for (let u = 0; u < KEPT; u++) {
      let sum = 0;
      for (let x = 0; x < SIDE; x++) sum += luma[y * SIDE + x] * COSINES[u * SIDE + x];
      rows[y * KEPT + u] = sum;
    }
  }
  const coefficients = new Float64Array(KEPT * KEPT);
  for (let v = 0; v < KEPT; v++) {
    for (let u = 0; u < KEPT; u++) {
      let sum = 0;
      for (let y = 0; y < SIDE; y++) sum += rows[y * KEPT + u] * COSINES[v * SIDE + y];
      coefficients[v * KEPT + u] = Math.abs(sum) < NOISE ? 0 : sum;
    }
  }
  return coefficients;
}

function countBits(value: number): number {
  let v = value - ((value >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
