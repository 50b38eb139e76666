import type { ScatterProps } from './props';

/** How a point stands: back, as usual, or in the selection. */
export const DIMMED = 0;
export const NORMAL = 1;
export const SELECTED = 2;

/**
 * The points as they are drawn: where they are now in world coordinates (the longest side of the whole fills -1 to 1), on their way to
 * where they shall be, with colours, standings, and the order in which they are painted. All arrays are made once
 * for a number of points and reused in every frame.
 */
export class PointSet {
  count = 0;
  /** x and y in turn, world coordinates, as shown now. */
  current = new Float32Array(0);
  /** Red, green, blue, alpha. */
  colours = new Uint8Array(0);
  standings = new Uint8Array(0);
  /** Items in painting order: dimmed first, selected last, mixed within, so that no category hides another by its place in the file. */
  order = new Uint32Array(0);
  /** Half width and half height of the whole, the larger of which is 1. */
  extentX = 1;
  extentY = 1;
  private extentFrom = { x: 1, y: 1 };
  private extentTo = { x: 1, y: 1 };
  private from = new Float32Array(0);
  private to = new Float32Array(0);
  private mixed = new Uint32Array(0);

  /** Sets where the points shall be. Without `animate`, or when their number has changed, they are there at once. */
  moveTo(positions: Float32Array, animate: boolean): void {
    const count = positions.length >> 1;
    const jump = !animate || count !== this.count;
    if (count !== this.count) this.resize(count);
    this.from.set(this.current);
    this.extentFrom = { x: this.extentX, y: this.extentY };
    this.extentTo = normalise(positions, this.to);
    if (jump) this.advance(1);
  }

  /** Puts the points at `share` (0 to 1) of their way, eased. */
  advance(share: number): void {
    const eased = share >= 1 ? 1 : 1 - (1 - share) ** 3;
    const { from, to, current } = this;
    for (let i = 0; i < current.length; i++) current[i] = from[i] + (to[i] - from[i]) * eased;
    this.extentX = this.extentFrom.x + (this.extentTo.x - this.extentFrom.x) * eased;
    this.extentY = this.extentFrom.y + (this.extentTo.y - this.extentFrom.y) * eased;
  }

  /** Takes colours and standings from the props. */
  dress(props: ScatterProps): void {
    const { codes, colours, missingColour, dimmed, selected } = props;
    const choosing = selected !== undefined && selected.size > 0;
    for (let i = 0; i < this.count; i++) {
      const colour = (codes[i] >= 0 ? colours[codes[i]] : undefined) ?? missingColour;
      this.colours[4 * i] = colour.r;
      this.colours[4 * i + 1] = colour.g;
      this.colours[4 * i + 2] = colour.b;
      this.colours[4 * i + 3] = 255;
      if (choosing && selected.has(i)) this.standings[i] = SELECTED;
      else this.standings[i] = choosing || dimmed?.[i] === 1 ? DIMMED : NORMAL;
    }
    this.sort();
  }

  private resize(count: number): void {
    this.count = count;
    this.current = new Float32Array(2 * count);
    this.from = new Float32Array(2 * count);
    this.to = new Float32Array(2 * count);
    this.colours = new Uint8Array(4 * count);
    this.standings = new Uint8Array(count).fill(NORMAL);
    this.mixed = mixedOrder(count);
    this.order = this.mixed.slice();
  }

  private sort(): void {
    let place = 0;
    for (let standing: number = DIMMED; standing <= SELECTED; standing++) {
      for (const item of this.mixed) if (this.standings[item] === standing) this.order[place++] = item;
    }
  }
}

/** Every item once, in an order that looks random and is the same every time (a linear congruential shuffle). */
function mixedOrder(count: number): Uint32Array<ArrayBuffer> {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  let state = 0x9e3779b9;
  for (let i = count - 1; i > 0; i--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const j = Math.floor((state / 0x100000000) * (i + 1));
    const other = order[j];
    order[j] = order[i];
    order[i] = other;
  }
  return order;
}

/**
 * Centres the points and scales their longest side to -1 .. 1; points that are not finite go to the centre.
 * @returns half width and half height of the result
 */
function normalise(positions: Float32Array, out: Float32Array): { readonly x: number; readonly y: number } {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < positions.length; i += 2) {
    const x = positions[i];
    const y = positions[i + 1];
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < top) top = y;
    if (y > bottom) bottom = y;
  }
  const half = Math.max(right - left, bottom - top) / 2;
  const scale = half > 0 && Number.isFinite(half) ? 1 / half : 0;
  const x0 = (left + right) / 2;
  const y0 = (top + bottom) / 2;
  for (let i = 0; i < positions.length; i += 2) {
    const x = (positions[i] - x0) * scale;
    const y = (positions[i + 1] - y0) * scale;
    out[i] = Number.isFinite(x) ? x : 0;
    out[i + 1] = Number.isFinite(y) ? y : 0;
  }
  // A very flat cloud is still given some height, so that its points do not leave the map at the first magnification.
  return scale === 0
    ? { x: 1, y: 1 }
    : { x: Math.max(0.2, (scale * (right - left)) / 2), y: Math.max(0.2, (scale * (bottom - top)) / 2) };
}
