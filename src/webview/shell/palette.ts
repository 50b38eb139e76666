import { parseColour, type Colour } from './theme';

/**
 * Ten hues that stay apart for people who see colours differently (after Okabe and Ito's set, with lightness spread so that
 * neighbours in the list differ in brightness too), tuned for a dark and for a light background.
 */
const DARK = [
  '#56b4e9',
  '#f0a830',
  '#3fc59b',
  '#e8736a',
  '#b79cf2',
  '#e6dd5a',
  '#e58ac0',
  '#8bd450',
  '#c8a27c',
  '#7fd6d8',
];
const LIGHT = [
  '#0b6cb0',
  '#c26a00',
  '#00805a',
  '#c2302a',
  '#7446c8',
  '#8a7a00',
  '#b8408a',
  '#4c8a12',
  '#85582c',
  '#0f8288',
];

export interface CategoryCount {
  readonly code: number;
  readonly name: string;
  readonly count: number;
}

/** How many categories get a colour of the palette; the rest share hues made from their names. */
export const PALETTE_SIZE = DARK.length;

/** The categories of a column by size, largest first, ties by name. Items with code -1 are left out. */
export function countCategories(categories: readonly string[], codes: Int32Array): CategoryCount[] {
  const counts = new Int32Array(categories.length);
  for (const code of codes) if (code >= 0) counts[code]++;
  return categories
    .map((name, code) => ({ code, name, count: counts[code] }))
    .sort((a, b) => b.count - a.count || a.name.localeCompare(b.name, 'en', { numeric: true }));
}

/**
 * A colour for every category, by code. The largest ten get the palette; all others a quieter hue hashed from the name, so
 * that a category keeps its colour when others come and go, however many there are.
 */
export function categoryColours(ranked: readonly CategoryCount[], dark: boolean): Colour[] {
  const palette = dark ? DARK : LIGHT;
  const colours = new Array<Colour>(ranked.length);
  ranked.forEach(({ code, name }, rank) => {
    colours[code] = rank < palette.length ? parseColour(palette[rank])! : hashedColour(name, dark);
  });
  return colours;
}

/** For items without a value. */
export function missingColour(dark: boolean): Colour {
  return dark ? { r: 128, g: 130, b: 136, a: 1 } : { r: 140, g: 142, b: 148, a: 1 };
}

function hashedColour(name: string, dark: boolean): Colour {
  const hash = hashOf(name);
  const hue = ((hash & 0xffff) / 0x10000) * 2 * Math.PI;
  const step = ((hash >>> 16) & 3) / 3 - 0.5;
  return oklch((dark ? 0.75 : 0.55) + 0.12 * step, 0.095, hue);
}

/** FNV-1a, mixed at the end: names that differ in one letter get hues far apart. */
function hashOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** OKLCH to sRGB (Ottosson 2020, "A perceptual color space for image processing"), clipped to the gamut. */
function oklch(lightness: number, chroma: number, hue: number): Colour {
  const a = chroma * Math.cos(hue);
  const b = chroma * Math.sin(hue);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return {
    r: gamma(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    g: gamma(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    b: gamma(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
    a: 1,
  };
}

function gamma(linear: number): number {
  const clipped = Math.min(1, Math.max(0, linear));
  return Math.round(255 * (clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * clipped ** (1 / 2.4) - 0.055));
}
