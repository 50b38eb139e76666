import { cssColour } from '../shell/theme';
import type { Frame } from './frame';
import { DIMMED, SELECTED, type PointSet } from './pointSet';
import { fitCanvas, type PointRenderer } from './renderer';

const MARGIN = 12;
const FULL_TURN = 2 * Math.PI;

/** Points of one colour and standing, painted together. */
interface Batch {
  readonly colour: string;
  readonly standing: number;
  readonly items: Uint32Array;
}

/** The fallback for machines without WebGL2: paints the same points with Canvas2D, one path for all points of a colour. */
export class CanvasRenderer implements PointRenderer {
  readonly kind = 'canvas';
  private batches: Batch[] = [];

  private constructor(
    readonly canvas: HTMLCanvasElement,
    private readonly context: CanvasRenderingContext2D,
  ) {}

  static create(canvas: HTMLCanvasElement): CanvasRenderer | undefined {
    const context = canvas.getContext('2d');
    return context ? new CanvasRenderer(canvas, context) : undefined;
  }

  dress(points: PointSet): void {
    const groups = new Map<number, number[]>();
    for (const item of points.order) {
      const [r, g, b] = points.colours.subarray(4 * item, 4 * item + 3);
      const key = ((points.standings[item] * 256 + r) * 256 + g) * 256 + b;
      const group = groups.get(key);
      if (group) group.push(item);
      else groups.set(key, [item]);
    }
    this.batches = [...groups].map(([key, items]) => ({
      colour: `rgb(${(key >> 16) & 255}, ${(key >> 8) & 255}, ${key & 255})`,
      standing: Math.floor(key / 0x1000000),
      items: Uint32Array.from(items),
    }));
  }

  move(): void {
    // Positions are read where they are.
  }

  draw(points: PointSet, frame: Frame): void {
    const { context } = this;
    fitCanvas(this.canvas, frame);
    context.setTransform(frame.pixelRatio, 0, 0, frame.pixelRatio, 0, 0);
    context.clearRect(0, 0, frame.width, frame.height);
    for (const batch of this.batches) this.paint(batch, points, frame);
    context.globalAlpha = 1;
  }

  dispose(): void {
    this.batches = [];
  }

  private paint(batch: Batch, points: PointSet, frame: Frame): void {
    const { context } = this;
    const selected = batch.standing === SELECTED;
    const dimmed = batch.standing === DIMMED;
    const radius = frame.radius * (selected ? 1.3 : dimmed ? 0.85 : 1);
    context.globalAlpha = selected ? 1 : dimmed ? frame.dimOpacity : frame.opacity;
    context.fillStyle = batch.colour;
    context.beginPath();
    trace(context, batch.items, points.current, frame, radius);
    context.fill();
    if (!selected) return;
    context.strokeStyle = cssColour(frame.ring);
    context.lineWidth = 1;
    context.stroke();
  }
}

/** Adds the points that are on the screen to the path; small ones as squares, which are several times faster. */
function trace(
  context: CanvasRenderingContext2D,
  items: Uint32Array,
  positions: Float32Array,
  frame: Frame,
  radius: number,
): void {
  for (const item of items) {
    const x = positions[2 * item] * frame.scale + frame.offsetX;
    const y = positions[2 * item + 1] * frame.scale + frame.offsetY;
    if (x < -MARGIN || y < -MARGIN || x > frame.width + MARGIN || y > frame.height + MARGIN) continue;
    if (radius < 2) context.rect(x - radius, y - radius, 2 * radius, 2 * radius);
    else {
      context.moveTo(x + radius, y);
      context.arc(x, y, radius, 0, FULL_TURN);
    }
  }
}
