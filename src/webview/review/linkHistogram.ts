import { max, scaleLinear, scaleSqrt } from 'd3';
import { formatItems, svg, h } from '../shell';
import type { HistogramBin } from './thresholds';

const WIDTH = 300;
const HEIGHT = 64;
const FOOT = 14;

export interface HistogramLook {
  readonly bins: readonly HistogramBin[];
  /** Where the slider's range ends. */
  readonly range: number;
  readonly cut: number;
  /** Distances beyond this were not looked for. */
  readonly searched: number;
  readonly format: (distance: number) => string;
}

/** How many pairs there are at each distance, with the cut: pairs on its left are let in. Counts on a square-root scale. */
export function linkHistogram(label: string, look: HistogramLook): SVGSVGElement {
  const discrete = look.bins.some(({ from, to }) => from === to);
  const x = scaleLinear([discrete ? -0.5 : 0, look.range + (discrete ? 0.5 : 0)], [0, WIDTH]);
  const y = scaleSqrt([0, Math.max(1, max(look.bins, (bin) => bin.count) ?? 1)], [0, HEIGHT - FOOT - 2]);
  const chart = svg('svg', {
    class: 'histogram',
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    role: 'img',
    'aria-label': histogramWords(label, look),
  });
  const base = HEIGHT - FOOT;
  const edge = (distance: number): number => x(discrete ? distance + 0.5 : distance);
  const unknown = edge(look.searched);
  if (unknown < WIDTH) {
    chart.append(svg('rect', { class: 'histogram-unknown', x: unknown, y: 0, width: WIDTH - unknown, height: base }));
    if (WIDTH - unknown > 90) {
      const text = svg('text', {
        class: 'histogram-note',
        x: (unknown + WIDTH) / 2,
        y: base / 2 + 3,
        'text-anchor': 'middle',
      });
      text.textContent = 'not searched yet';
      chart.append(text);
    }
  }
  for (const bin of look.bins.filter(({ count }) => count > 0)) chart.append(bar(bin, look, discrete, x, y, base));
  const cut = Math.min(WIDTH - 1, Math.max(1, edge(look.cut)));
  chart.append(
    svg('line', { class: 'histogram-axis', x1: 0, x2: WIDTH, y1: base, y2: base }),
    svg('line', { class: 'histogram-cut', x1: cut, x2: cut, y1: 0, y2: base }),
    ...axisTexts(look, base),
  );
  return chart;
}

function bar(
  bin: HistogramBin,
  look: HistogramLook,
  discrete: boolean,
  x: (distance: number) => number,
  y: (count: number) => number,
  base: number,
): SVGElement {
  const left = x(discrete ? bin.from - 0.5 : bin.from) + 0.75;
  const right = x(discrete ? bin.from + 0.5 : bin.to) - 0.75;
  const height = Math.max(1.5, y(bin.count));
  const inside = bin.from <= look.cut;
  const rect = svg('rect', {
    class: inside ? 'histogram-bar' : 'histogram-bar histogram-out',
    x: left,
    y: base - height,
    width: Math.max(0.5, right - left),
    height,
  });
  const title = svg('title');
  title.textContent = `${look.format(bin.from)}: ${formatItems(bin.count, 'pair')}`;
  rect.append(title);
  return rect;
}

function axisTexts(look: HistogramLook, base: number): SVGElement[] {
  const first = svg('text', { class: 'histogram-note', x: 0, y: base + 11 });
  first.textContent = look.format(0);
  const last = svg('text', { class: 'histogram-note', x: WIDTH, y: base + 11, 'text-anchor': 'end' });
  last.textContent = look.format(look.range);
  return [first, last];
}

function histogramWords(label: string, look: HistogramLook): string {
  const inside = look.bins.filter((bin) => bin.from <= look.cut).reduce((sum, bin) => sum + bin.count, 0);
  return `${label}: ${formatItems(inside, 'pair')} within ${look.format(look.cut)}`;
}

/** The same in rows, for those who do not see the picture; empty bins are left out. */
export function histogramTable(label: string, look: HistogramLook): HTMLElement {
  const rows = look.bins
    .filter((bin) => bin.count > 0)
    .map((bin) => h('tr', {}, h('td', {}, look.format(bin.from)), h('td', {}, String(bin.count))));
  return h(
    'table',
    { class: 'visually-hidden' },
    h('caption', {}, label),
    h('tr', {}, h('th', {}, 'Distance'), h('th', {}, 'Pairs')),
    ...rows,
  );
}
