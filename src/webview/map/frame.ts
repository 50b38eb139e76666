import type { Colour } from '../shell/theme';
import type { MapDims } from '../../trainer/protocol';
import type { MapView } from './props';

/** Space between the outermost points and the edge, as a share of the half side. */
const FILL = 0.92;

/**
 * How world coordinates come to the screen: `x_screen = x * scale + offsetX`, in CSS pixels. One object lives as long as the map and is
 * changed in place, so that drawing a frame allocates nothing.
 */
export class Frame {
  width = 1;
  height = 1;
  pixelRatio = 1;
  scale = 1;
  offsetX = 0;
  offsetY = 0;
  /** Pixels on the left that something else covers: the whole map is fitted beside it. */
  insetLeft = 0;
  /** Half width and half height of all points in world coordinates. */
  extentX = 1;
  extentY = 1;
  /** Radius of a usual point in CSS pixels. */
  radius = 3;
  /** Opacity of usual and of dimmed points. */
  opacity = 1;
  dimOpacity = 0.2;
  /** In space: how near the farthest point's colour is to the background's; half as far away it is a quarter of it. */
  depthFade = 0.7;
  /** Colour of the ring around selected points, and of the map's background. */
  ring: Colour = { r: 255, g: 255, b: 255, a: 1 };
  background: Colour = { r: 0, g: 0, b: 0, a: 1 };

  /** Pixels that one world unit takes when the whole map is shown. */
  get baseScale(): number {
    const across = (this.width - this.insetLeft) / this.extentX;
    return (Math.min(across, this.height / this.extentY) / 2) * FILL;
  }

  get centreX(): number {
    return this.insetLeft + (this.width - this.insetLeft) / 2;
  }

  get centreY(): number {
    return this.height / 2;
  }

  show(view: MapView): void {
    this.scale = this.baseScale * view.k;
    this.offsetX = this.centreX - view.x * this.scale;
    this.offsetY = this.centreY - view.y * this.scale;
  }

  /**
   * Chooses radius and opacity: points are as large as their number allows (together they would cover about a tenth of the map), and
   * grow slower than the map when it is magnified, so that crowds come apart. In space they are opaque, as what is near hides what is far.
   */
  fitPoints(count: number, k: number, dims: MapDims): void {
    const share = (this.width * this.height * 0.1) / Math.max(1, count);
    const base = Math.min(5, Math.max(1.3, Math.sqrt(share / Math.PI)));
    this.radius = Math.min(11, base * k ** 0.4);
    this.opacity = dims === 3 ? 0.98 : count > 20000 ? 0.75 : 0.9;
  }
}
