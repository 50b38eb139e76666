import { svg } from '../shell';

/** Colours of runs that lie in one chart; each has its own dashes (training.css) and mark, for those who see no colours. */
export const RUN_COLOURS = 6;

const R = 3;
/** Paths around the place that is moved to. */
const SHAPES = [
  `m${-R},0a${R},${R} 0 1,0 ${2 * R},0a${R},${R} 0 1,0 ${-2 * R},0z`,
  `m${-R},${-R}h${2 * R}v${2 * R}h${-2 * R}z`,
  `m0,${-R - 1}l${R + 1},${2 * R}h${-2 * R - 2}z`,
  `m0,${-R - 1}l${R + 1},${R + 1}l${-R - 1},${R + 1}l${-R - 1},${-R - 1}z`,
  `m0,${R + 1}l${R + 1},${-2 * R}h${-2 * R - 2}z`,
  `m${-R - 1},-1h${R}v${-R}h2v${R}h${R}v2h${-R}v${R}h-2v${-R}h${-R}z`,
];

/** The path of a colour's mark at a place of a drawing. */
export function markAt(colour: number, x: number, y: number): string {
  return `M${x},${y}${SHAPES[colour % SHAPES.length]}`;
}

/** A piece of a run's line, as the charts draw it. */
export function swatch(colour: number): SVGElement {
  const own = `run-colour run-colour-${colour}`;
  return svg(
    'svg',
    { class: 'run-swatch', viewBox: '0 0 30 12', width: 30, height: 12, 'aria-hidden': 'true' },
    svg('path', { class: `chart-line chart-measured ${own}`, d: 'M0,6H30' }),
    svg('path', { class: `chart-dot ${own}`, d: markAt(colour, 15, 6) }),
  );
}
