import { Disposables, type Disposable } from '../shell/disposable';
import { DepthOrder } from './depthOrder';
import type { Frame } from './frame';
import type { Navigation } from './navigation';
import { Orbit } from './orbit';
import type { PointIndex } from './pointIndex';
import type { PointSet } from './pointSet';
import { HOME, type Turn } from './turn';

/** Milliseconds of a frame that sorting may take, and of a task that works ahead. */
const SLICE = 6;
const SETTLE_MS = 120;
/** Up to this magnification the whole is turned about its middle. */
const WHOLE = 1.2;

type Place = readonly [x: number, y: number, z: number];

/**
 * What a map in space has beside a flat one: it is turned, its points are painted by their depth, and where they are seen is indexed when
 * it comes to rest. While the map is magnified it turns about the point that is taken hold of, otherwise about the one that the person looks
 * at or what is in the middle of the screen, which stays where it is.
 */
export class SpaceView implements Disposable {
  private readonly held = new Disposables();
  private readonly orbit: Orbit;
  private readonly order: DepthOrder;
  private pivot: Place | undefined;
  private grasped = -1;
  private isFollowing = false;
  private isReturning = false;
  private timer: number | undefined;

  constructor(
    surface: HTMLElement,
    private readonly points: PointSet,
    private readonly frame: Frame,
    private readonly index: PointIndex,
    private readonly navigation: Navigation,
    isTurning: (event: PointerEvent) => boolean,
    /** Items that the person points at and looks at, -1 for none. */
    private readonly pointed: () => { readonly hovered: number; readonly active: number },
    private readonly onTurn: () => void,
  ) {
    this.order = new DepthOrder(points);
    this.orbit = this.held.add(
      new Orbit(
        surface,
        frame,
        (event) => points.dims === 3 && isTurning(event),
        () => this.grasp(),
        (turn) => this.turned(turn),
      ),
    );
  }

  get turn(): Turn {
    return this.orbit.turn;
  }

  /** Goes to a turn at once. */
  show(turn: Turn): void {
    this.orbit.show(turn, false);
  }

  /** Turns back to where it was at first, while the navigation goes back by itself. */
  reset(): void {
    this.isReturning = true;
    this.orbit.show(HOME);
  }

  /** Turns the front to the right and downwards, in radians. */
  by(right: number, down: number): void {
    this.release();
    this.orbit.by(right, down);
  }

  /** The map was moved or magnified: something else is in its middle. */
  moved(): void {
    if (!this.isFollowing) this.pivot = undefined;
  }

  /** Points are on their way, or stand otherwise. @param anew they are other points */
  changed(anew = false): void {
    if (anew) this.release();
    this.order.invalidate(anew);
    this.settle();
  }

  /** Sorts for a part of a frame. True when the painting order is another one now. */
  sort(): boolean {
    return this.order.run(performance.now() + SLICE);
  }

  /** There is more to sort. */
  get sorting(): boolean {
    return this.order.busy;
  }

  dispose(): void {
    window.clearTimeout(this.timer);
    this.held.dispose();
  }

  private grasp(): void {
    this.isReturning = false;
    this.pivot = undefined;
    this.grasped = this.pointed().hovered;
  }

  private release(): void {
    this.isReturning = false;
    if (this.grasped >= 0) this.pivot = undefined;
    this.grasped = -1;
  }

  private turned(turn: Turn): void {
    const { points, navigation } = this;
    if (points.dims === 2) return;
    const { camera } = points;
    this.pivot ??= this.isReturning ? [0, 0, 0] : this.choosePivot();
    const [left, top] = [camera.seenX(...this.pivot), camera.seenY(...this.pivot)];
    points.turnTo(turn);
    const [right, down] = [camera.seenX(...this.pivot) - left, camera.seenY(...this.pivot) - top];
    this.index.invalidate();
    this.changed();
    const { x, y, k } = navigation.view;
    this.isFollowing = true;
    if (!this.isReturning && (right !== 0 || down !== 0)) navigation.show({ x: x + right, y: y + down, k }, false);
    this.onTurn();
    this.isFollowing = false;
    if (turn === HOME) this.isReturning = false;
  }

  private choosePivot(): Place {
    const { points, navigation, frame } = this;
    const { x, y, k } = navigation.view;
    if (k <= WHOLE) return [0, 0, 0];
    const reach = Math.min(frame.width, frame.height) / frame.scale / 2;
    const { active } = this.pointed();
    const isNear = active >= 0 && Math.hypot(points.x(active) - x, points.y(active) - y) < reach;
    const middle = isNear ? active : this.index.nearest(x, y, reach);
    const item = this.grasped >= 0 ? this.grasped : middle;
    if (item < 0) return points.camera.placeAt(x, y);
    return [points.world[3 * item], points.world[3 * item + 1], points.world[3 * item + 2]];
  }

  /** Indexes what is seen, in slices, when nothing has moved for a moment. */
  private settle(): void {
    window.clearTimeout(this.timer);
    if (this.points.dims === 2) return;
    const work = (): void => {
      if (!this.index.prepare(performance.now() + SLICE)) this.timer = window.setTimeout(work);
    };
    this.timer = window.setTimeout(work, SETTLE_MS);
  }
}
