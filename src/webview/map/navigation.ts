import {
  select,
  zoom,
  zoomIdentity,
  type D3ZoomEvent,
  type Selection,
  type ZoomBehavior,
  type ZoomTransform,
} from 'd3';
import type { Disposable } from '../shell/disposable';
import { prefersReducedMotion } from '../shell/theme';
import type { Frame } from './frame';
import { WHOLE_MAP, type MapView } from './props';

const CLOSEST = 200;
const FARTHEST = 0.5;
const STEP_MS = 160;

/** Moves and magnifies the map: wheel, drag, double click (d3-zoom), and steps for the keyboard and buttons. */
export class Navigation implements Disposable {
  private readonly zoom: ZoomBehavior<HTMLElement, unknown>;
  private readonly target: Selection<HTMLElement, unknown, null, undefined>;
  private settling = false;

  constructor(
    surface: HTMLElement,
    private readonly frame: Frame,
    private current: MapView,
    /** Whether a gesture that starts with this event moves the map, and is no lasso and no turning. */
    isMove: (event: MouseEvent | TouchEvent) => boolean,
    private readonly onView: (view: MapView) => void,
  ) {
    this.zoom = zoom<HTMLElement, unknown>()
      .scaleExtent([FARTHEST, CLOSEST])
      .clickDistance(4)
      .extent(() => [
        [0, 0],
        [frame.width, frame.height],
      ])
      .filter((event: MouseEvent | TouchEvent) => event.type === 'wheel' || isMove(event))
      .on('zoom', (event: D3ZoomEvent<HTMLElement, unknown>) => this.moved(event.transform));
    this.target = select(surface);
    this.target.call(this.zoom);
  }

  get view(): MapView {
    return this.current;
  }

  /** The frame has another size: the same part of the map stays in the middle. */
  resized(): void {
    this.settling = true;
    this.target.call((target) => this.zoom.transform(target, this.transformOf(this.current)));
    this.settling = false;
  }

  /** Goes to a view, gliding unless the person wants less motion. */
  show(view: MapView, glide = true): void {
    const transform = this.transformOf(view);
    if (glide && !prefersReducedMotion()) {
      this.target
        .transition()
        .duration(2 * STEP_MS)
        .call((target) => this.zoom.transform(target, transform));
    } else this.target.call((target) => this.zoom.transform(target, transform));
  }

  reset(): void {
    this.show(WHOLE_MAP);
  }

  /** Magnifies by `factor` around the middle. */
  magnify(factor: number): void {
    this.show({ ...this.current, k: Math.min(CLOSEST, Math.max(FARTHEST, this.current.k * factor)) });
  }

  /** Moves the window over the map by a share of its width and height. */
  pan(shareX: number, shareY: number): void {
    const { x, y, k } = this.current;
    const { scale, width, height } = this.frame;
    this.show({ x: x + (shareX * width) / scale, y: y + (shareY * height) / scale, k });
  }

  dispose(): void {
    this.target.interrupt();
    this.target.on('.zoom', null);
  }

  private moved(transform: ZoomTransform): void {
    if (this.settling) return;
    const { centreX, centreY, baseScale } = this.frame;
    this.current = {
      x: (transform.invertX(centreX) - centreX) / baseScale,
      y: (transform.invertY(centreY) - centreY) / baseScale,
      k: transform.k,
    };
    this.onView(this.current);
  }

  /** d3 counts in pixels of the unmagnified map, in which world coordinates are centred. */
  private transformOf({ x, y, k }: MapView): ZoomTransform {
    const { centreX, centreY, baseScale } = this.frame;
    return zoomIdentity
      .translate(centreX, centreY)
      .scale(k)
      .translate(-(centreX + x * baseScale), -(centreY + y * baseScale));
  }
}
