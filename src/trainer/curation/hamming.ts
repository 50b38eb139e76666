import type { Pace } from './pace';

/** Given every pair `a < b` (rows of the searched hashes) within the distance, once. */
export type PairVisitor = (a: number, b: number, distance: number) => void;

const BANDS = 4;
const BAND_VALUES = 1 << 16;
/** Looking a value up in an index takes as long as comparing with this many hashes that lie side by side, or longer. */
const LOOKUP_COST = 8;

const ones = new Uint8Array(BAND_VALUES);
for (let value = 1; value < BAND_VALUES; value++) ones[value] = ones[value >> 1] + (value & 1);

/** 64-bit hashes as rows of four 16-bit bands. */
export class BandedHashes {
  readonly count: number;
  private readonly bands: Uint16Array;

  constructor(hashes: BigUint64Array) {
    this.count = hashes.length;
    this.bands = new Uint16Array(hashes.length * BANDS);
    for (let row = 0; row < hashes.length; row++) {
      for (let band = 0; band < BANDS; band++) {
        this.bands[row * BANDS + band] = Number((hashes[row] >> BigInt(16 * band)) & 0xffffn);
      }
    }
  }

  band(row: number, band: number): number {
    return this.bands[row * BANDS + band];
  }

  distance(a: number, b: number): number {
    const { bands } = this;
    const i = a * BANDS;
    const j = b * BANDS;
    return (
      ones[bands[i] ^ bands[j]] +
      ones[bands[i + 1] ^ bands[j + 1]] +
      ones[bands[i + 2] ^ bands[j + 2]] +
      ones[bands[i + 3] ^ bands[j + 3]]
    );
  }
}

/**
 * Visits all pairs of hashes that differ in at most `maxDistance` bits. Exact: the same pairs as comparing each with each.
 *
 * Multi-index hashing (Norouzi, Punjani, Fleet 2012) with the general pigeonhole principle (Qin et al. 2018): when two
 * hashes differ in at most r bits, then for any band radii with sum(radius + 1) = r + 1 at least one band differs in no
 * more bits than its radius. Each band is indexed by value; the balls around a band's value are looked up and verified.
 * For large distances in small sets the balls hold more values than there are hashes; then each is compared with each.
 */
export async function visitHammingPairs(
  hashes: BigUint64Array,
  maxDistance: number,
  pace: Pace,
  visit: PairVisitor,
): Promise<void> {
  if (maxDistance < 0 || hashes.length < 2) return;
  const banded = new BandedHashes(hashes);
  const balls = bandRadii(maxDistance).map((radius) => ball(radius));
  const lookups = balls.reduce((sum, masks) => sum + masks.length, 0);
  if (lookups > hashes.length / LOOKUP_COST) await visitByComparing(banded, maxDistance, pace, visit);
  else await visitByBands(banded, maxDistance, pace, visit);
}

/** Compares each with each. */
export async function visitByComparing(
  hashes: BandedHashes,
  maxDistance: number,
  pace: Pace,
  visit: PairVisitor,
): Promise<void> {
  for (let b = 1; b < hashes.count; b++) {
    if (pace.due()) await pace.breathe(b);
    for (let a = 0; a < b; a++) {
      const distance = hashes.distance(a, b);
      if (distance <= maxDistance) visit(a, b, distance);
    }
  }
}

/** Looks up the neighbourhood of each band. */
export async function visitByBands(
  hashes: BandedHashes,
  maxDistance: number,
  pace: Pace,
  visit: PairVisitor,
): Promise<void> {
  const radii = bandRadii(maxDistance);
  const balls = radii.map((radius) => ball(radius));
  const indexes = radii.map((radius, band) => (radius < 0 ? undefined : new BandIndex(hashes, band)));
  for (let b = 1; b < hashes.count; b++) {
    if (pace.due()) await pace.breathe(b);
    for (let band = 0; band < BANDS; band++) {
      const index = indexes[band];
      if (!index) continue;
      const value = hashes.band(b, band);
      for (const mask of balls[band]) {
        for (let at = index.start(value ^ mask); at < index.start((value ^ mask) + 1); at++) {
          const a = index.rows[at];
          if (a >= b) break; // The rows of a value ascend.
          if (foundBefore(hashes, a, b, band, radii)) continue;
          const distance = hashes.distance(a, b);
          if (distance <= maxDistance) visit(a, b, distance);
        }
      }
    }
  }
}

/** Radii of the four bands with sum(radius + 1) = distance + 1; -1 where a band need not be searched. */
function bandRadii(distance: number): number[] {
  const share = Math.floor((distance + 1) / BANDS);
  const rest = (distance + 1) % BANDS;
  return Array.from({ length: BANDS }, (_, band) => share - 1 + (band < rest ? 1 : 0));
}

/** All 16-bit values with at most `radius` ones. */
function ball(radius: number): Uint16Array {
  const masks: number[] = [];
  for (let value = 0; value < BAND_VALUES; value++) if (ones[value] <= radius) masks.push(value);
  return Uint16Array.from(masks);
}

/** An earlier band has the pair in its ball too, so it was visited there. */
function foundBefore(hashes: BandedHashes, a: number, b: number, band: number, radii: readonly number[]): boolean {
  for (let earlier = 0; earlier < band; earlier++) {
    if (ones[hashes.band(a, earlier) ^ hashes.band(b, earlier)] <= radii[earlier]) return true;
  }
  return false;
}

/** Rows by the value of one band, ascending within a value (counting sort). */
class BandIndex {
  readonly rows: Int32Array;
  private readonly starts = new Int32Array(BAND_VALUES + 1);

  constructor(hashes: BandedHashes, band: number) {
    this.rows = new Int32Array(hashes.count);
    for (let row = 0; row < hashes.count; row++) this.starts[hashes.band(row, band) + 1]++;
    for (let value = 0; value < BAND_VALUES; value++) this.starts[value + 1] += this.starts[value];
    const next = this.starts.slice();
    for (let row = 0; row < hashes.count; row++) this.rows[next[hashes.band(row, band)]++] = row;
  }

  start(value: number): number {
    return this.starts[value];
  }
}
