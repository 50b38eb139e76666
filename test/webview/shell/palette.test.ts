import { describe, expect, it } from 'vitest';
import { categoryColours, countCategories, PALETTE_SIZE } from '../../../src/webview/shell/palette';
import { parseColour, type Colour } from '../../../src/webview/shell/theme';

/** Contrast ratio of WCAG 2.1. */
function contrast(a: Colour, b: Colour): number {
  const luminance = ({ r, g, b: blue }: Colour): number => {
    const [R, G, B] = [r, g, blue].map((v) =>
      v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * R + 0.7152 * G + 0.0722 * B;
  };
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

const many = Array.from({ length: 1000 }, (_, code) => ({ code, name: `class-${code}`, count: 1000 - code }));

describe('countCategories', () => {
  it('ranks by size, then name in natural order, and leaves out items without a value', () => {
    const ranked = countCategories(['b10', 'b2', 'a', 'unused'], Int32Array.of(0, 1, 2, 2, -1));
    expect(ranked.map(({ name, count }) => `${name} ${count}`)).toEqual(['a 2', 'b2 1', 'b10 1', 'unused 0']);
  });
});

describe('categoryColours', () => {
  for (const [theme, background] of [
    ['dark', '#1f1f1f'],
    ['light', '#ffffff'],
  ] as const) {
    it(`gives each of 1,000 categories a colour that can be seen on ${theme}`, () => {
      const colours = categoryColours(many, theme === 'dark');
      expect(colours).toHaveLength(1000);
      for (const colour of colours) expect(contrast(colour, parseColour(background)!)).toBeGreaterThan(2.9);
    });
  }

  it('spreads hashed colours: a hundred similar names share few of them', () => {
    const texts = categoryColours(many, true)
      .slice(PALETTE_SIZE, PALETTE_SIZE + 100)
      .map(({ r, g, b }) => `${r >> 3} ${g >> 3} ${b >> 3}`);
    expect(new Set(texts).size).toBeGreaterThan(70);
  });

  it('keeps a hashed colour when other categories go', () => {
    const before = categoryColours(many, true)[500];
    const after = categoryColours(
      many.slice(0, 501).map((category) => ({ ...category })),
      true,
    )[500];
    expect(after).toEqual(before);
  });
});
