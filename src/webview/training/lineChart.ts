import { bisector, line, scaleLinear, type ScaleLinear } from 'd3';
import { formatCount, h, svg, type Disposable } from '../shell';
import type { Domain } from './domains';
import { markAt } from './marks';
import { nearestPoint, thinned, type ChartPoint } from './smoothing';

export interface Series {
  /** As in the legend and the read-out. */
  readonly name: string;
  readonly points: readonly ChartPoint[];
  /** `faint` lies behind; `measured` has a dot at each point. */
  readonly look: 'main' | 'faint' | 'measured';
  /** Which of the colours that stay apart for everyone, each with its own dashes and dots; the chart's own when not said. */
  readonly colour?: number;
}

export interface ChartLook {
  readonly steps: Domain;
  readonly values: Domain;
  readonly series: readonly Series[];
  /** A level to compare with, drawn across and labelled. */
  readonly level?: { readonly value: number; readonly label: string };
  /** A point that stands out, with its label. */
  readonly peak?: { readonly step: number; readonly value: number; readonly label: string };
}

export interface LineChartProps {
  readonly title: string;
  /** What it means, for someone who has never trained a model. */
  readonly help: string;
  readonly format: (value: number) => string;
  /** What the axis says; shorter than `format`. */
  readonly tick: (value: number) => string;
  /** The pointer is over this step, or over none. */
  readonly onHover: (step: number | undefined) => void;
}

const MARGIN = { top: 10, right: 14, bottom: 22, left: 44 } as const;

interface Scales {
  readonly x: ScaleLinear<number, number>;
  readonly y: ScaleLinear<number, number>;
}

/** A chart of values over steps that follows the theme and its own size; the crosshair is shared by whoever owns several. */
export class LineChart implements Disposable {
  readonly element: HTMLElement;
  private readonly canvas = h('div', { class: 'chart-canvas' });
  private readonly drawing = svg('svg', { class: 'chart-drawing', role: 'img' });
  private readonly cross = svg('g', { class: 'chart-cross', visibility: 'hidden' });
  private readonly readout = h('span', { class: 'chart-readout muted' });
  private readonly observer = new ResizeObserver(() => this.draw());
  private look: ChartLook | undefined;
  private scales: Scales | undefined;
  private hovered: number | undefined;

  constructor(private readonly props: LineChartProps) {
    this.canvas.append(this.drawing);
    this.canvas.addEventListener('pointermove', (event) => this.hover(event));
    this.canvas.addEventListener('pointerleave', () => props.onHover(undefined));
    this.element = h(
      'section',
      { class: 'chart', aria: { label: props.title } },
      h('div', { class: 'chart-head' }, h('h2', {}, props.title), h('span', { class: 'spacer' }), this.readout),
      this.canvas,
      h('p', { class: 'chart-help muted' }, props.help),
    );
    this.observer.observe(this.canvas);
  }

  show(look: ChartLook): void {
    this.look = look;
    this.draw();
  }

  /** Shows the values at a step; `undefined` shows the newest ones in the read-out and no crosshair. */
  point(step: number | undefined): void {
    this.hovered = step;
    this.drawCross();
  }

  dispose(): void {
    this.observer.disconnect();
  }

  private draw(): void {
    const { look } = this;
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (!look || width === 0 || height === 0) return;
    const x = scaleLinear([...look.steps], [MARGIN.left, width - MARGIN.right]);
    const y = scaleLinear([...look.values], [height - MARGIN.bottom, MARGIN.top]);
    this.scales = { x, y };
    this.drawing.setAttribute('viewBox', `0 0 ${width} ${height}`);
    this.drawing.setAttribute('aria-label', this.words());
    this.drawing.replaceChildren(
      ...this.axes({ x, y }, width, height),
      ...(look.level ? levelParts(look.level, { x, y }) : []),
      ...look.series.flatMap((series) => seriesParts(series, { x, y }, width)),
      ...(look.peak ? peakParts(look.peak, { x, y }, width) : []),
      this.cross,
    );
    this.drawCross();
  }

  private axes({ x, y }: Scales, width: number, height: number): SVGElement[] {
    const parts: SVGElement[] = [];
    for (const value of y.ticks(4)) {
      const at = y(value);
      parts.push(svg('line', { class: 'chart-grid', x1: MARGIN.left, x2: width - MARGIN.right, y1: at, y2: at }));
      parts.push(label('chart-tick', this.props.tick(value), MARGIN.left - 6, at + 3.5, 'end'));
    }
    const [, end] = x.domain();
    const ticks = x.ticks(Math.max(2, Math.floor(width / 110))).filter(Number.isInteger);
    for (const step of ticks) {
      const anchor = step === 0 ? 'start' : step === end ? 'end' : 'middle';
      parts.push(label('chart-tick', formatCount(step), x(step), height - 6, anchor));
    }
    const base = height - MARGIN.bottom;
    parts.push(svg('line', { class: 'chart-axis', x1: MARGIN.left, x2: width - MARGIN.right, y1: base, y2: base }));
    return parts;
  }

  private hover(event: PointerEvent): void {
    const { scales, look } = this;
    if (!scales || !look) return;
    const step = scales.x.invert(event.clientX - this.canvas.getBoundingClientRect().left);
    const densest = look.series.reduce<readonly ChartPoint[]>(
      (a, { points }) => (points.length > a.length ? points : a),
      [],
    );
    this.props.onHover(nearestPoint(densest, step)?.step);
  }

  private drawCross(): void {
    const { look, scales, hovered } = this;
    if (!look || !scales) return;
    const found = look.series.flatMap(({ name, points, look: kind }) => {
      const point = hovered === undefined ? points.at(-1) : nearestPoint(points, hovered);
      return point === undefined ? [] : [{ name, kind, point }];
    });
    this.readout.textContent = found.length === 0 ? '' : this.readoutWords(found);
    this.cross.setAttribute('visibility', hovered === undefined || found.length === 0 ? 'hidden' : 'visible');
    if (hovered === undefined) return;
    const at = scales.x(hovered);
    const [bottom, top] = scales.y.range();
    this.cross.replaceChildren(
      svg('line', { class: 'chart-cross-line', x1: at, x2: at, y1: top, y2: bottom }),
      ...found
        .filter(({ kind }) => kind !== 'faint')
        .map(({ point }) =>
          svg('circle', { class: 'chart-cross-dot', cx: scales.x(point.step), cy: scales.y(point.value), r: 3.5 }),
        ),
    );
  }

  private readoutWords(found: readonly { readonly name: string; readonly point: ChartPoint }[]): string {
    const values = found.map(({ name, point }) => `${name} ${this.props.format(point.value)}`);
    const step = this.hovered ?? Math.max(...found.map(({ point }) => point.step));
    return `step ${formatCount(step)} · ${values.join(' · ')}`;
  }

  /** The chart in a sentence. */
  private words(): string {
    const { look, props } = this;
    const parts = (look?.series ?? []).flatMap(({ name, points }) => {
      const [first, last] = [points.at(0), points.at(-1)];
      if (!first || !last) return [];
      return [
        `${name} from ${props.format(first.value)} at step ${first.step} to ${props.format(last.value)} at step ${last.step}`,
      ];
    });
    if (look?.level) parts.push(`${look.level.label}: ${props.format(look.level.value)}`);
    return parts.length === 0 ? `${props.title}: nothing measured yet` : `${props.title}: ${parts.join('; ')}`;
  }
}

const byStep = bisector<ChartPoint, number>((point) => point.step);

function seriesParts({ points, look, colour }: Series, { x, y }: Scales, width: number): SVGElement[] {
  const shown = thinned(
    points.filter(({ value }) => Number.isFinite(value)),
    Math.max(50, Math.round(width)),
  );
  const [from, to] = x.domain();
  const inside = shown.slice(byStep.left(shown, from), byStep.right(shown, to));
  const path = line<ChartPoint>(
    ({ step }) => x(step),
    ({ value }) => y(value),
  )(inside);
  const own = colour === undefined ? '' : ` run-colour run-colour-${colour}`;
  const parts: SVGElement[] = [svg('path', { class: `chart-line chart-${look}${own}`, d: path ?? '' })];
  if (look === 'measured') {
    for (const { step, value } of inside)
      parts.push(
        colour === undefined
          ? svg('circle', { class: 'chart-dot', cx: x(step), cy: y(value), r: 2.5 })
          : svg('path', { class: `chart-dot${own}`, d: markAt(colour, x(step), y(value)) }),
      );
  }
  return parts;
}

function levelParts({ value, label: words }: NonNullable<ChartLook['level']>, { x, y }: Scales): SVGElement[] {
  const [left, right] = x.range();
  const at = y(value);
  return [
    svg('line', { class: 'chart-level', x1: left, x2: right, y1: at, y2: at }),
    label('chart-level-label', words, right - 2, at + 13, 'end'),
  ];
}

function peakParts(peak: NonNullable<ChartLook['peak']>, { x, y }: Scales, width: number): SVGElement[] {
  const [at, above] = [x(peak.step), y(peak.value)];
  const anchor = at > width * 0.75 ? 'end' : at < width * 0.25 ? 'start' : 'middle';
  return [
    svg('circle', { class: 'chart-peak', cx: at, cy: above, r: 5 }),
    label('chart-peak-label', peak.label, at, Math.max(10, above - 9), anchor),
  ];
}

function label(name: string, text: string, x: number, y: number, anchor: string): SVGTextElement {
  const element = svg('text', { class: name, x, y, 'text-anchor': anchor });
  element.textContent = text;
  return element;
}
