import type { Frame } from './frame';
import { DIMMED, SELECTED, type PointSet } from './pointSet';
import { fitCanvas, type PointRenderer } from './renderer';
import { pointSprite, type PointSprite } from './pointSprite';

/**
 * The fallback for machines without WebGL2. It paints the same discs into an array of pixels and hands that to the canvas, which
 * is an order of magnitude faster than paths where everything is drawn by the processor.
 */
export class CanvasRenderer implements PointRenderer {
  readonly kind = 'canvas';
  private image = new ImageData(1, 1);
  /** Sprites for this radius in device pixels, by standing. */
  private radius = 0;
  private sprites: readonly PointSprite[] = [];

  private constructor(
    readonly canvas: HTMLCanvasElement,
    private readonly context: CanvasRenderingContext2D,
  ) {}

  static create(canvas: HTMLCanvasElement): CanvasRenderer | undefined {
    const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true });
    return context ? new CanvasRenderer(canvas, context) : undefined;
  }

  dress(): void {
    // Colours and standings are read where they are, and so are positions.
  }

  move(): void {
    // See above.
  }

  draw(points: PointSet, frame: Frame): void {
    fitCanvas(this.canvas, frame);
    const { width, height } = this.canvas;
    if (this.image.width !== width || this.image.height !== height) this.image = new ImageData(width, height);
    this.clear(frame);
    this.prepareSprites(frame.radius * frame.pixelRatio, frame.pixelRatio);
    const alpha = [frame.dimOpacity, frame.opacity, 1];
    const scale = frame.scale * frame.pixelRatio;
    const offsetX = frame.offsetX * frame.pixelRatio;
    const offsetY = frame.offsetY * frame.pixelRatio;
    for (const item of points.order) {
      const x = Math.round(points.current[2 * item] * scale + offsetX);
      const y = Math.round(points.current[2 * item + 1] * scale + offsetY);
      const standing = points.standings[item];
      const { reach } = this.sprites[standing];
      if (x < -reach || y < -reach || x >= width + reach || y >= height + reach) continue;
      const rim = standing === SELECTED ? frame.ring : frame.background;
      this.stamp(this.sprites[standing], x, y, points.colours, 4 * item, rim, alpha[standing]);
    }
    this.context.putImageData(this.image, 0, 0);
  }

  dispose(): void {
    this.image = new ImageData(1, 1);
  }

  /** Paints everything in the background's colour. */
  private clear({ background }: Frame): void {
    const bytes = new Uint8Array([background.r, background.g, background.b, 255]);
    new Uint32Array(this.image.data.buffer).fill(new Uint32Array(bytes.buffer)[0]);
  }

  private prepareSprites(radius: number, pixelRatio: number): void {
    if (radius === this.radius) return;
    this.radius = radius;
    this.sprites = [DIMMED, 1, SELECTED].map((standing) => pointSprite(radius, standing, pixelRatio));
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
