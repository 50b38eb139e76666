import type { Frame } from './frame';
import { LARGEST, SMALLEST } from './camera';
import { DIMMED, NORMAL, SELECTED, type PointSet } from './pointSet';
import { fitCanvas, type PointRenderer } from './renderer';
import { pointSprite, type PointSprite } from './pointSprite';

/** Sizes of points in space that are told apart. */
const SIZES = 8;

/**
 * The fallback for machines without WebGL2. It paints the same discs into an array of pixels and hands that to the canvas, which
 * is an order of magnitude faster than paths where everything is drawn by the processor.
 */
export class CanvasRenderer implements PointRenderer {
  readonly kind = 'canvas';
  private image = new ImageData(1, 1);
  /** Sprites for this radius in device pixels, by size, then by standing. */
  private radius = 0;
  private sprites: readonly (readonly PointSprite[])[] = [];
  private readonly hazed = new Uint8Array(3);

  private constructor(
    readonly canvas: HTMLCanvasElement,
    private readonly context: CanvasRenderingContext2D,
  ) {}

  static create(canvas: HTMLCanvasElement): CanvasRenderer | undefined {
    const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true });
    return context ? new CanvasRenderer(canvas, context) : undefined;
  }

  dress(): void {
    // Colours and standings are read where they are, and so are the order and the positions.
  }

  reorder(): void {
    // See above.
  }

  move(): void {
    // See above.
  }

  draw(points: PointSet, frame: Frame): void {
    fitCanvas(this.canvas, frame);
    const { width, height } = this.canvas;
    if (this.image.width !== width || this.image.height !== height) this.image = new ImageData(width, height);
    this.clear(frame);
    const isSpace = points.dims === 3;
    const { camera } = points;
    points.flatten();
    this.prepareSprites(frame.radius * frame.pixelRatio, frame.pixelRatio, isSpace ? SIZES : 1);
    const alpha = [frame.dimOpacity, frame.opacity, 1];
    const scale = frame.scale * frame.pixelRatio;
    const offsetX = frame.offsetX * frame.pixelRatio;
    const offsetY = frame.offsetY * frame.pixelRatio;
    for (const item of points.order) {
      const x = Math.round(points.current[2 * item] * scale + offsetX);
      const y = Math.round(points.current[2 * item + 1] * scale + offsetY);
      const standing = points.standings[item];
      const depth = points.depth(item);
      const sprite = this.sprites[isSpace ? sizeStep(camera.scaleAt(depth)) : 0][standing];
      const { reach } = sprite;
      if (x < -reach || y < -reach || x >= width + reach || y >= height + reach) continue;
      const rim = standing === SELECTED ? frame.ring : frame.background;
      if (!isSpace) this.stamp(sprite, x, y, points.colours, 4 * item, rim, alpha[standing]);
      else {
        const far = 0.5 - (0.5 * depth) / camera.radius;
        this.haze(points.colours, 4 * item, frame, frame.depthFade * far * far * (standing === SELECTED ? 0.3 : 1));
        this.stamp(sprite, x, y, this.hazed, 0, rim, alpha[standing]);
      }
    }
    this.context.putImageData(this.image, 0, 0);
  }

  dispose(): void {
    this.image = new ImageData(1, 1);
  }

  /** Makes `hazed` the colour with a share of the background's. */
  private haze(colours: Uint8Array, at: number, { background }: Frame, share: number): void {
    this.hazed[0] = colours[at] + (background.r - colours[at]) * share;
    this.hazed[1] = colours[at + 1] + (background.g - colours[at + 1]) * share;
    this.hazed[2] = colours[at + 2] + (background.b - colours[at + 2]) * share;
  }

  /** Paints everything in the background's colour. */
  private clear({ background }: Frame): void {
    const bytes = new Uint8Array([background.r, background.g, background.b, 255]);
    new Uint32Array(this.image.data.buffer).fill(new Uint32Array(bytes.buffer)[0]);
  }

  /** @param sizes 1, or `SIZES` from that of the farthest point to that of the nearest */
  private prepareSprites(radius: number, pixelRatio: number, sizes: number): void {
    if (radius === this.radius && sizes === this.sprites.length) return;
    this.radius = radius;
    this.sprites = Array.from({ length: sizes }, (_, step) => {
      const scale = sizes === 1 ? 1 : SMALLEST + ((step + 0.5) / sizes) * (LARGEST - SMALLEST);
      return [DIMMED, NORMAL, SELECTED].map((standing) => pointSprite(radius * scale, standing, pixelRatio));
    });
  }

  /** Blends a sprite over the pixels around (x, y): `fill` in the middle, `rim` towards the edge. */
  private stamp(
    sprite: PointSprite,
    x: number,
    y: number,
    fill: Uint8Array,
    at: number,
    rim: { readonly r: number; readonly g: number; readonly b: number },
    alpha: number,
  ): void {
    const { data, width, height } = this.image;
    const { reach, side, cover, edge } = sprite;
    const top = Math.max(0, reach - y);
    const bottom = Math.min(side, height - y + reach);
    const left = Math.max(0, reach - x);
    const right = Math.min(side, width - x + reach);
    for (let row = top; row < bottom; row++) {
      let pixel = 4 * ((y - reach + row) * width + x - reach + left);
      for (let i = row * side + left; i < row * side + right; i++, pixel += 4) {
        const opaque = cover[i] * alpha;
        if (opaque === 0) continue;
        const share = edge[i];
        data[pixel] += (fill[at] + (rim.r - fill[at]) * share - data[pixel]) * opaque;
        data[pixel + 1] += (fill[at + 1] + (rim.g - fill[at + 1]) * share - data[pixel + 1]) * opaque;
        data[pixel + 2] += (fill[at + 2] + (rim.b - fill[at + 2]) * share - data[pixel + 2]) * opaque;
      }
    }
  }
}

/** Which of the sizes a point has that looks so much larger than one in the middle. */
function sizeStep(scale: number): number {
  return Math.min(SIZES - 1, Math.max(0, Math.floor(((scale - SMALLEST) / (LARGEST - SMALLEST)) * SIZES)));
}
