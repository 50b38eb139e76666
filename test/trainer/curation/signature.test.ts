import { describe, expect, it } from 'vitest';
import { Signatures } from '../../../src/trainer/curation/signature';

const SIZE = 64;
type Paint = (x: number, y: number) => readonly [number, number, number];

function picture(paint: Paint): Uint8Array {
  const pixels = new Uint8Array(SIZE * SIZE * 3);
  for (let y = 0; y < SIZE; y++) for (let x = 0; x < SIZE; x++) pixels.set(paint(x, y), (y * SIZE + x) * 3);
  return pixels;
}

function agree(one: Paint, two: Paint): boolean {
  const signatures = new Signatures(2);
  signatures.set(0, picture(one), SIZE);
  signatures.set(1, picture(two), SIZE);
  expect(signatures.agree(1, 0)).toBe(signatures.agree(0, 1));
  return signatures.agree(0, 1);
}

const flat =
  (r: number, g: number, b: number): Paint =>
  () => [r, g, b];
const disc =
  (r: number, g: number, b: number): Paint =>
  (x, y) =>
    Math.hypot(x - 32, y - 32) < 20 ? [r, g, b] : [255, 255, 255];

describe('agreement of pixels', () => {
  it('tells flat pictures of different colours apart, and joins those of one colour', () => {
    expect(agree(flat(255, 0, 0), flat(0, 0, 255))).toBe(false);
    expect(agree(flat(120, 120, 120), flat(130, 130, 130))).toBe(false);
    expect(agree(flat(120, 120, 120), flat(121, 119, 122))).toBe(true);
  });

  it('tells one shape in two colours of like brightness apart', () => {
    expect(agree(disc(200, 30, 30), disc(30, 102, 30))).toBe(false);
  });

  it('tells flags with the same bars in other colours apart', () => {
    const bars =
      (left: readonly [number, number, number], right: readonly [number, number, number]): Paint =>
      (x) =>
        x < 21 ? left : x < 43 ? [255, 255, 255] : right;
    expect(agree(bars([0, 38, 84], [206, 17, 38]), bars([22, 155, 98], [255, 136, 62]))).toBe(false);
  });

  it('lets a picture with contrast be somewhat darker', () => {
    const darker: Paint = (x, y) => disc(200, 30, 30)(x, y).map((v) => v * 0.9) as [number, number, number];
    expect(agree(disc(200, 30, 30), darker)).toBe(true);
  });
});
