import type { Colour } from '../shell/theme';
import type { MapDims } from '../../trainer/protocol';
import { Camera, CORNERS, REACH } from './camera';
import type { ScatterProps } from './props';
import { HOME, type Turn } from './turn';

/** How a point stands: back, as usual, or in the selection. */
export const DIMMED = 0;
export const NORMAL = 1;
export const SELECTED = 2;

/**
 * The points as they are drawn: where they are now in world coordinates (the longest side of the whole fills -1 to 1), on their way to
 * where they shall be, with colours, standings, and the order in which they are painted; in space also how it is turned. All arrays are
 * made once for a number of points and reused in every frame.
 */
export class PointSet {
  count = 0;
  dims: MapDims = 2;
  /** `dims` numbers a point, world coordinates, as shown now. */
  world = new Float32Array(0);
  /**
   * x and y in turn on the plane of the screen, in world coordinates before the map is moved and magnified. On a flat map the same array as
   * `world`; in space as the points were seen at the last `flatten`.
   */
  current = new Float32Array(0);
  readonly camera = new Camera();
  /** In space: half the sides of the box around the whole. */
  box: readonly [x: number, y: number, z: number] = [1, 1, 1];
  /** Red, green, blue, alpha. */
  colours = new Uint8Array(0);
  standings = new Uint8Array(0);
  /** Items in painting order: dimmed first, selected last, mixed within, so that no category hides another by its place in the file. */
  order = new Uint32Array(0);
  /** Half width and half height of the whole, the larger of which is 1; in space of all that turning may show. */
  extentX = 1;
  extentY = 1;
  private extentFrom = { x: 1, y: 1 };
  private extentTo = { x: 1, y: 1 };
  private radiusFrom = 1;
  private radiusTo = 1;
  private from = new Float32Array(0);
  private to = new Float32Array(0);
  /** Every item once, in an order that looks random and is always the same. */
  mixed = new Uint32Array(0);
  private isFlattened = false;

  /**
   * Sets where the points shall be. Without `animate`, or when their number has changed, or that of the dimensions, they are there at
   * once.
   */
  moveTo(positions: Float32Array, animate: boolean, dims: MapDims = 2): void {
    const count = positions.length / dims;
    const isSame = count === this.count && dims === this.dims;
    if (!isSame) this.resize(count, dims);
    this.from.set(this.world);
    this.extentFrom = { x: this.extentX, y: this.extentY };
    this.radiusFrom = this.camera.radius;
    const half = normalise(positions, this.to, dims);
    if (dims === 2) this.extentTo = roomFor(half);
    else {
      this.box = [half[0], half[1], half[2]];
      this.radiusTo = farthest(this.to);
      this.extentTo = roomForBox(this.box, this.radiusTo);
    }
    if (!animate || !isSame) this.advance(1);
  }

  /** In space: how the whole is seen from now on. */
  turnTo(turn: Turn): void {
    if (this.dims === 3) this.look(this.camera.radius, turn);
  }

  /** Where a point is seen now, on the plane of `current`. */
  x(item: number): number {
    if (this.dims === 2) return this.current[2 * item];
    const { world, camera } = this;
    return camera.seenX(world[3 * item], world[3 * item + 1], world[3 * item + 2]);
  }

  y(item: number): number {
    if (this.dims === 2) return this.current[2 * item + 1];
    const { world, camera } = this;
    return camera.seenY(world[3 * item], world[3 * item + 1], world[3 * item + 2]);
  }

  colour(item: number): Colour {
    const [r, g, b] = this.colours.subarray(4 * item, 4 * item + 3);
    return { r, g, b, a: 1 };
  }

  /** How far towards the person a point is; 0 on a flat map. */
  depth(item: number): number {
    if (this.dims === 2) return 0;
    const { world, camera } = this;
    return camera.depth(world[3 * item], world[3 * item + 1], world[3 * item + 2]);
  }

  /** How much larger a point looks than one in the middle; 1 on a flat map. */
  scale(item: number): number {
    return this.dims === 2 ? 1 : this.camera.scaleAt(this.depth(item));
  }

  /** Brings `current` up to date with how the map is turned now. */
  flatten(): void {
    if (this.dims === 2 || this.isFlattened) return;
    this.isFlattened = true;
    const { world, current, camera } = this;
    const [a, b, c, d, e, f, g, h, k] = camera.matrix;
    for (let item = 0, i = 0; item < this.count; item++, i += 3) {
      const [x, y, z] = [world[i], world[i + 1], world[i + 2]];
      const scale = camera.scaleAt(c * x + f * y + k * z);
      current[2 * item] = (a * x + d * y + g * z) * scale;
      current[2 * item + 1] = (b * x + e * y + h * z) * scale;
    }
  }

  /** Puts the points at `share` (0 to 1) of their way, eased. */
  advance(share: number): void {
    const eased = share >= 1 ? 1 : 1 - (1 - share) ** 3;
    const { from, to, world } = this;
    for (let i = 0; i < world.length; i++) world[i] = from[i] + (to[i] - from[i]) * eased;
    this.extentX = this.extentFrom.x + (this.extentTo.x - this.extentFrom.x) * eased;
    this.extentY = this.extentFrom.y + (this.extentTo.y - this.extentFrom.y) * eased;
    if (this.dims === 2) this.camera.lookFlat();
    else this.look(this.radiusFrom + (this.radiusTo - this.radiusFrom) * eased, this.camera.turn);
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
    // In space the depth counts too: see `DepthOrder`.
    if (this.dims === 2) this.sort();
  }

  private resize(count: number, dims: MapDims): void {
    this.count = count;
    this.dims = dims;
    this.world = new Float32Array(dims * count);
    this.current = dims === 2 ? this.world : new Float32Array(2 * count);
    this.from = new Float32Array(dims * count);
    this.to = new Float32Array(dims * count);
    this.colours = new Uint8Array(4 * count);
    this.standings = new Uint8Array(count).fill(NORMAL);
    this.mixed = mixedOrder(count);
    this.order = this.mixed.slice();
  }

  private look(radius: number, turn: Turn): void {
    this.camera.lookAt(radius, turn);
    this.isFlattened = false;
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
 * @returns half the sides of the result; zeros when all points are in one place
 */
function normalise(positions: Float32Array, out: Float32Array, dims: MapDims): number[] {
  const low = new Array<number>(dims).fill(Infinity);
  const high = new Array<number>(dims).fill(-Infinity);
  for (let axis = 0; axis < dims; axis++)
    for (let i = axis; i < positions.length; i += dims) {
      const value = positions[i];
      if (value < low[axis]) low[axis] = value;
      if (value > high[axis]) high[axis] = value;
    }
  const half = Math.max(...high.map((most, axis) => most - low[axis])) / 2;
  const scale = half > 0 && Number.isFinite(half) ? 1 / half : 0;
  for (let axis = 0; axis < dims; axis++) {
    const middle = (low[axis] + high[axis]) / 2;
    for (let i = axis; i < positions.length; i += dims) {
      const value = (positions[i] - middle) * scale;
      out[i] = Number.isFinite(value) ? value : 0;
    }
  }
  return high.map((most, axis) => (scale === 0 ? 0 : ((most - low[axis]) * scale) / 2));
}

/** A very flat cloud is still given some height, so that its points do not leave the map at the first magnification. */
function roomFor([x, y]: readonly number[]): { readonly x: number; readonly y: number } {
  return x === 0 && y === 0 ? { x: 1, y: 1 } : { x: Math.max(0.2, x), y: Math.max(0.2, y) };
}

/** For points as far from the middle as they may be turned, and for the box around them as it is turned at first. */
function roomForBox(
  [x, y, z]: readonly [number, number, number],
  radius: number,
): { readonly x: number; readonly y: number } {
  const camera = new Camera();
  camera.lookAt(radius, HOME);
  const room = { x: REACH * radius, y: REACH * radius };
  for (const [a, b, c] of CORNERS) {
    room.x = Math.max(room.x, Math.abs(camera.seenX(a * x, b * y, c * z)));
    room.y = Math.max(room.y, Math.abs(camera.seenY(a * x, b * y, c * z)));
  }
  return room;
}

/** Distance of the farthest point in space from the middle; 1 when all are there. */
function farthest(places: Float32Array): number {
  let most = 0;
  for (let i = 0; i < places.length; i += 3) {
    const square = places[i] * places[i] + places[i + 1] * places[i + 1] + places[i + 2] * places[i + 2];
    if (square > most) most = square;
  }
  return most > 0 ? Math.sqrt(most) : 1;
}
