import type { Frame } from './frame';
import type { PointSet } from './pointSet';

/** Draws a `PointSet` on a canvas of its own. */
export interface PointRenderer {
  readonly kind: 'webgl' | 'canvas';
  readonly canvas: HTMLCanvasElement;
  /** Colours, standings, or the painting order have changed. */
  dress(points: PointSet): void;
  /** The painting order alone has changed. */
  reorder(points: PointSet): void;
  /** The points have moved. */
  move(points: PointSet): void;
  draw(points: PointSet, frame: Frame): void;
  dispose(): void;
}

/** Makes the canvas as large as the frame, in device pixels. */
export function fitCanvas(canvas: HTMLCanvasElement, frame: Frame): void {
  const width = Math.max(1, Math.round(frame.width * frame.pixelRatio));
  const height = Math.max(1, Math.round(frame.height * frame.pixelRatio));
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
}
