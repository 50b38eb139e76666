import type { RunSummary, TrainingMetrics } from '../../trainer/protocol';
import { Disposables, formatCount, formatShare, h, replaceChildren, type Disposable } from '../shell';
import type { Curve } from './curve';
import { type Domain, lossDomain, recallDomain, SHARE_DOMAIN, stepDomain } from './domains';
import { recallWords } from './headline';
import { collapseWarning, moreSeries, pointsOf, QUALITY, spreadOf } from './insight';
import { LineChart, type Series } from './lineChart';
import { partSeries } from './lossParts';
import { swatch } from './marks';
import { baselineName } from './runWords';
import { smoothed } from './smoothing';

/** Share of the mean that a new point leaves; at this, the mean runs about four points behind. */
const SMOOTHING = 0.8;

/** Each value faint, and their running mean strong. */
function noisy(name: string, curve: Curve, value: (metrics: TrainingMetrics) => number): [Series, Series] {
  const points = pointsOf(curve.points, value);
  return [
    { name, points, look: 'faint' },
    { name: 'mean', points: smoothed(points, SMOOTHING), look: 'main' },
  ];
}

const LOSS_HELP = 'What the training makes smaller. The faint line is each step, the strong one its running mean.';
const PARTS_HELP = 'What each part adds to the loss, its weight included: running means. They add up to the loss.';
const SHARE_HELP =
  'Share of the pairs or triplets that still teach something. Near zero, the batch is solved: harder examples or a larger margin would help.';
const RECALL_HELP =
  'How often the nearest neighbour of a held-out item is of its own class. The dashed line is what comparing raw pixels (of texts their words and n-grams), or the frozen features, gives: a model must beat it.';

const SPREAD_HELP =
  'How many directions the embeddings use: 1 when all alike, 0 when all items land on one point and nothing can be told apart.';
const RATE_HELP = 'How far each step goes: what the schedule says, times what you set.';
const SPEED_HELP = 'How fast it learns on this device. When it drops, something else keeps the machine busy.';

/** What is measured of one run, with one crosshair for all charts. */
export class Charts implements Disposable {
  readonly element: HTMLElement;
  private readonly held = new Disposables();
  private readonly recall: LineChart;
  private readonly loss: LineChart;
  private readonly parts: LineChart;
  private readonly partsLegend = h('ul', { class: 'run-legend', aria: { label: 'Parts of the loss' } });
  private readonly share: LineChart;
  private readonly spread: LineChart;
  private readonly collapse = h('p', { class: 'collapse-warning', role: 'alert', hidden: true });
  private readonly rate: LineChart;
  private readonly speed: LineChart;

  constructor() {
    const onHover = (step: number | undefined): void => {
      for (const chart of this.all()) chart.point(step);
    };
    const tick = (value: number): string => String(Number(value.toPrecision(3)));
    this.recall = this.held.add(
      new LineChart({
        title: 'Recall@1 on held-out items',
        help: RECALL_HELP,
        format: recallWords,
        tick: recallWords,
        onHover,
      }),
    );
    this.loss = this.held.add(
      new LineChart({ title: 'Loss', help: LOSS_HELP, format: (value) => value.toFixed(3), tick, onHover }),
    );
    this.parts = this.held.add(
      new LineChart({
        title: 'Parts of the loss',
        help: PARTS_HELP,
        format: (value) => value.toFixed(3),
        tick,
        onHover,
      }),
    );
    this.parts.element.append(this.partsLegend);
    const percent = (value: number): string => formatShare(value, 0);
    this.share = this.held.add(
      new LineChart({ title: 'Active share', help: SHARE_HELP, format: formatShare, tick: percent, onHover }),
    );
    const spread = (value: number): string => value.toFixed(2);
    this.spread = this.held.add(
      new LineChart({ title: 'Embedding spread', help: SPREAD_HELP, format: spread, tick: spread, onHover }),
    );
    const rate = (value: number): string => value.toPrecision(3);
    this.rate = this.held.add(
      new LineChart({
        title: 'Learning rate',
        help: RATE_HELP,
        format: rate,
        tick: (value) => value.toPrecision(1),
        onHover,
      }),
    );
    const count = (value: number): string => formatCount(Math.round(value));
    this.speed = this.held.add(
      new LineChart({ title: 'Items a second', help: SPEED_HELP, format: count, tick: count, onHover }),
    );
    this.recall.element.classList.add('chart-large');
    const charts = this.all().map(({ element }) => element);
    this.element = h('div', {}, this.collapse, h('div', { class: 'charts' }, ...charts));
  }

  /** In their order. */
  private all(): readonly LineChart[] {
    return [this.recall, this.loss, this.parts, this.share, this.spread, this.rate, this.speed];
  }

  /** `planned`: how many steps the run will have, as far as that is known. */
  show(curve: Curve, run: RunSummary | undefined, planned: number): void {
    const steps = stepDomain(planned, curve.last?.step);
    const recalls = curve.recalls().map(({ step, recallAt1 }) => ({ step, value: recallAt1 }));
    const baseline = run?.baselineRecallAt1;
    const best = curve.best();
    const more = moreSeries(curve.points, QUALITY);
    this.recall.show({
      steps,
      values: recallDomain([...recalls, ...more.flatMap(({ points }) => points)], baseline),
      series: [{ name: 'Recall@1', points: recalls, look: 'measured' }, ...more],
      ...(run === undefined || baseline === undefined
        ? {}
        : { level: { value: baseline, label: `${baselineName(run)} ${recallWords(baseline)}` } }),
      ...(best === undefined
        ? {}
        : { peak: { step: best.step, value: best.recallAt1, label: `best ${recallWords(best.recallAt1)}` } }),
    });
    const losses = noisy('loss', curve, ({ loss }) => loss);
    this.loss.show({ steps, values: lossDomain(losses[0].points), series: losses });
    this.showParts(curve, run, steps);
    this.share.show({ steps, values: SHARE_DOMAIN, series: noisy('active', curve, ({ activeShare }) => activeShare) });
    const spreads = pointsOf(curve.points, spreadOf);
    this.spread.element.hidden = spreads.length === 0;
    this.spread.show({ steps, values: SHARE_DOMAIN, series: [{ name: 'spread', points: spreads, look: 'measured' }] });
    const warning = collapseWarning(curve.points, run?.settings.supervision);
    this.collapse.hidden = warning === undefined;
    if (this.collapse.textContent !== (warning ?? '')) this.collapse.textContent = warning ?? '';
    const rates = pointsOf(curve.points, ({ learningRate }) => learningRate);
    this.rate.element.hidden = rates.length === 0;
    this.rate.show({
      steps,
      values: lossDomain(rates),
      series: [{ name: 'learning rate', points: rates, look: 'main' }],
    });
    const speeds = noisy('items', curve, ({ imagesPerSecond }) => imagesPerSecond);
    this.speed.show({ steps, values: [0, lossDomain(speeds[0].points)[1]], series: speeds });
  }

  /** Only of a sum of losses. */
  private showParts({ points }: Curve, run: RunSummary | undefined, steps: Domain): void {
    const series = run === undefined ? [] : partSeries(points, run.settings.loss, SMOOTHING);
    this.parts.element.hidden = series.length === 0;
    this.parts.show({ steps, values: lossDomain(series.flatMap((part) => part.points)), series });
    const names = series.map(({ name }) => name).join();
    if (this.partsLegend.dataset['names'] === names) return;
    this.partsLegend.dataset['names'] = names;
    replaceChildren(this.partsLegend, ...series.map(({ name, colour = 0 }) => h('li', {}, swatch(colour), name)));
  }

  dispose(): void {
    this.held.dispose();
  }
}
