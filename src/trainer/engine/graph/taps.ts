import type { GraphBuilder } from './builder';
import type { Value } from './graph';
import { pad, slice } from './operators';

/** How the windows of a convolution or a pool lie on a picture. TensorFlow.js's Conv2DInfo is one. */
export interface Windows {
  readonly filterHeight: number;
  readonly filterWidth: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly strideHeight: number;
  readonly strideWidth: number;
  readonly dilationHeight: number;
  readonly dilationWidth: number;
  readonly padInfo: { readonly top: number; readonly left: number; readonly bottom: number; readonly right: number };
}

/** For each place of the filter, row by row, the part of NHWC `x` that the windows see there. */
export function tapsOf(b: GraphBuilder, x: Value, windows: Windows, padding = 0): Value[] {
  const { top, left, bottom, right } = windows.padInfo;
  const padded = pad(b, x, [0, top, left, 0], [0, bottom, right, 0], b.scalar(padding));
  const taps: Value[] = [];
  for (let row = 0; row < windows.filterHeight; row++) {
    for (let column = 0; column < windows.filterWidth; column++) {
      const height = along(1, row * windows.dilationHeight, windows.outHeight, windows.strideHeight);
      const width = along(2, column * windows.dilationWidth, windows.outWidth, windows.strideWidth);
      taps.push(slice(b, padded, [height, width]));
    }
  }
  return taps;
}

function along(axis: number, start: number, count: number, step: number): Parameters<typeof slice>[2][number] {
  return { axis, start, end: start + (count - 1) * step + 1, step };
}
