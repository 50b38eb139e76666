import { describe, expect, it } from 'vitest';
import { differenceWords, pixelDifference } from '../../../src/webview/review/difference';

describe('pixel difference', () => {
  it('is nothing for the same picture and for the noise of a lossy preview', () => {
    const a = Uint8ClampedArray.of(10, 20, 30, 255, 200, 100, 0, 255);
    const noisy = Uint8ClampedArray.of(18, 12, 33, 255, 195, 104, 8, 255);
    expect(pixelDifference(a, a).share).toBe(0);
    expect(pixelDifference(a, noisy).share).toBe(0);
    expect(differenceWords(0)).toBe('no visible difference');
  });

  it('counts pixels and draws only those', () => {
    const a = Uint8ClampedArray.of(0, 0, 0, 255, 50, 50, 50, 255);
    const b = Uint8ClampedArray.of(0, 0, 0, 255, 50, 200, 50, 255);
    const { share, overlay } = pixelDifference(a, b);
    expect(share).toBe(0.5);
    expect([...overlay.subarray(0, 4)]).toEqual([0, 0, 0, 0]);
    expect(overlay[7]).toBeGreaterThan(0);
    expect(differenceWords(share)).toBe('50.0% of the pixels differ');
  });

  it('sees a transparent pixel as white', () => {
    const clear = Uint8ClampedArray.of(0, 0, 0, 0);
    expect(pixelDifference(clear, Uint8ClampedArray.of(255, 255, 255, 255)).share).toBe(0);
    expect(pixelDifference(clear, Uint8ClampedArray.of(0, 0, 0, 255)).share).toBe(1);
  });
});
