/** How different two colours must be (per channel, 0 to 255) to count: what lossy previews add is less. */
export const NOISE = 12;

export interface DifferenceResult {
  /** RGBA, transparent where the pictures are the same, stronger where they differ more. */
  readonly overlay: Uint8ClampedArray<ArrayBuffer>;
  /** Share of the pixels that differ, 0 to 1. */
  readonly share: number;
}

/** Compares two RGBA pictures of the same size, pixel by pixel, by the channel that differs most (colours on white). */
export function pixelDifference(a: Uint8ClampedArray, b: Uint8ClampedArray): DifferenceResult {
  const overlay = new Uint8ClampedArray(a.length);
  let different = 0;
  for (let at = 0; at < a.length; at += 4) {
    const amount = Math.max(
      Math.abs(onWhite(a, at, 0) - onWhite(b, at, 0)),
      Math.abs(onWhite(a, at, 1) - onWhite(b, at, 1)),
      Math.abs(onWhite(a, at, 2) - onWhite(b, at, 2)),
    );
    if (amount <= NOISE) continue;
    different++;
    overlay[at] = 255;
    overlay[at + 1] = 0;
    overlay[at + 2] = 170;
    overlay[at + 3] = 90 + Math.min(165, amount * 2);
  }
  return { overlay, share: a.length === 0 ? 0 : different / (a.length / 4) };
}

function onWhite(pixels: Uint8ClampedArray, at: number, channel: number): number {
  const alpha = pixels[at + 3] / 255;
  return pixels[at + channel] * alpha + 255 * (1 - alpha);
}

/** In words, for the card of the member. */
export function differenceWords(share: number): string {
  if (share === 0) return 'no visible difference';
  return share < 0.001 ? 'under 0.1% of the pixels differ' : `${(share * 100).toFixed(1)}% of the pixels differ`;
}

const MAX_SIDE = 512;

/** Draws the difference of two loaded pictures; both are brought to the size of the smaller one. */
export function drawDifference(canvas: HTMLCanvasElement, a: HTMLImageElement, b: HTMLImageElement): number {
  const side = Math.min(MAX_SIDE, Math.max(b.naturalWidth, b.naturalHeight));
  const scale = side / Math.max(b.naturalWidth, b.naturalHeight);
  const width = Math.max(1, Math.round(b.naturalWidth * scale));
  const height = Math.max(1, Math.round(b.naturalHeight * scale));
  const result = pixelDifference(pixelsOf(a, width, height), pixelsOf(b, width, height));
  canvas.width = width;
  canvas.height = height;
  canvas.getContext('2d')?.putImageData(new ImageData(result.overlay, width, height), 0, 0);
  return result.share;
}

function pixelsOf(image: HTMLImageElement, width: number, height: number): Uint8ClampedArray {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) return new Uint8ClampedArray(width * height * 4);
  context.drawImage(image, 0, 0, width, height);
  return context.getImageData(0, 0, width, height).data;
}
