import { scaleLog } from 'd3';

export interface Growth {
  readonly items: number;
  /** Seconds. */
  readonly neighbours: number;
  readonly recall: number;
  /** Seconds. */
  readonly umap: number;
  /** The most that was resident, in MB. */
  readonly memory: number;
}

const [WIDTH, HEIGHT] = [640, 320];
const MARGIN = { left: 64, right: 110, top: 16, bottom: 44 };
const LINES = [
  { name: 'neighbours', colour: '#1f77b4', value: ({ neighbours }: Growth) => neighbours },
  { name: 'UMAP', colour: '#d95f02', value: ({ umap }: Growth) => umap },
] as const;

/** Seconds by items, both axes logarithmic, as an SVG picture that can be read on light and on dark. */
export function growthPlot(rows: readonly Growth[]): string {
  const x = scaleLog([rows[0].items, rows[rows.length - 1].items], [MARGIN.left, WIDTH - MARGIN.right]);
  const times = rows.flatMap((row) => LINES.map(({ value }) => value(row)));
  const y = scaleLog([Math.min(...times) / 1.5, Math.max(...times) * 1.5], [HEIGHT - MARGIN.bottom, MARGIN.top]);
  const tick = (px: number, py: number, text: string, anchor: string): string =>
    `<text x="${px}" y="${py}" text-anchor="${anchor}" fill="#777">${text}</text>`;
  const decades = [0.1, 1, 10, 100, 1000].filter((value) => value >= y.domain()[0] && value <= y.domain()[1]);
  const parts = [
    ...rows.map(({ items }) => tick(x(items), HEIGHT - MARGIN.bottom + 20, items.toLocaleString('en'), 'middle')),
    tick((x.range()[0] + x.range()[1]) / 2, HEIGHT - 6, 'items, 64 numbers each', 'middle'),
    ...decades.map(
      (value) =>
        `<line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${y(value)}" y2="${y(value)}" stroke="#888" stroke-opacity="0.3"/>` +
        tick(MARGIN.left - 8, y(value) + 4, `${value} s`, 'end'),
    ),
    ...LINES.map(({ name, colour, value }) => {
      const points = rows.map((row) => [x(row.items), y(value(row))] as const);
      const last = points[points.length - 1];
      const dots = points.map(([px, py]) => `<circle cx="${px}" cy="${py}" r="4" fill="${colour}"/>`).join('');
      const dy = name === 'UMAP' ? 14 : -4;
      return (
        `<polyline points="${points.map((point) => point.join(',')).join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>${dots}` +
        `<text x="${last[0] + 10}" y="${last[1] + dy}" fill="${colour}">${name}</text>`
      );
    }),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" font-family="sans-serif" font-size="13" role="img" aria-label="Seconds for neighbours and UMAP by the number of items">\n${parts.join('\n')}\n</svg>\n`;
}
