import type { RunSummary } from '../../trainer/protocol';
import { Disposables, formatShare, h, type Disposable } from '../shell';
import type { Curve } from './curve';
import { lossDomain, recallDomain, SHARE_DOMAIN, stepDomain } from './domains';
import { recallWords } from './headline';
import { LineChart } from './lineChart';
import { smoothed } from './smoothing';

/** Share of the mean that a new point leaves; at this, the mean runs about four points behind. */
const SMOOTHING = 0.8;

const LOSS_HELP = 'What the training makes smaller. The faint line is each step, the strong one its running mean.';
const SHARE_HELP =
  'Share of the pairs or triplets that still teach something. Near zero, the batch is solved: harder examples or a larger margin would help.';
const RECALL_HELP =
  'How often the nearest neighbour of a held-out image is of its own class. The dashed line is what comparing raw pixels gives: a model must beat it.';

/** Recall, loss and active share of one run, with one crosshair for all three. */
export class Charts implements Disposable {
  readonly element: HTMLElement;
  private readonly held = new Disposables();
  private readonly recall: LineChart;
  private readonly loss: LineChart;
  private readonly share: LineChart;

  constructor() {
    const onHover = (step: number | undefined): void => {
      for (const chart of [this.recall, this.loss, this.share]) chart.point(step);
    };
    const tick = (value: number): string => String(Number(value.toPrecision(3)));
    this.recall = this.held.add(
      new LineChart({
        title: 'Recall@1 on held-out images',
        help: RECALL_HELP,
        format: recallWords,
        tick: recallWords,
        onHover,
      }),
    );
    this.loss = this.held.add(
      new LineChart({ title: 'Loss', help: LOSS_HELP, format: (value) => value.toFixed(3), tick, onHover }),
    );
    const percent = (value: number): string => formatShare(value, 0);
    this.share = this.held.add(
      new LineChart({ title: 'Active share', help: SHARE_HELP, format: formatShare, tick: percent, onHover }),
    );
    this.recall.element.classList.add('chart-large');
    this.element = h('div', { class: 'charts' }, this.recall.element, this.loss.element, this.share.element);
  }

  /** `planned`: how many steps the run will have, as far as that is known. */
  show(curve: Curve, run: RunSummary | undefined, planned: number): void {
    const steps = stepDomain(planned, curve.last?.step);
    const recalls = curve.recalls().map(({ step, recallAt1 }) => ({ step, value: recallAt1 }));
    const baseline = run?.baselineRecallAt1;
    const best = curve.best();
    this.recall.show({
      steps,
      values: recallDomain(recalls, baseline),
      series: [{ name: 'Recall@1', points: recalls, look: 'measured' }],
      ...(baseline === undefined ? {} : { level: { value: baseline, label: `raw pixels ${recallWords(baseline)}` } }),
      ...(best === undefined
        ? {}
        : { peak: { step: best.step, value: best.recallAt1, label: `best ${recallWords(best.recallAt1)}` } }),
    });
    const losses = curve.points
      .map(({ step, loss }) => ({ step, value: loss }))
      .filter(({ value }) => Number.isFinite(value));
    this.loss.show({
      steps,
      values: lossDomain(losses),
      series: [
        { name: 'loss', points: losses, look: 'faint' },
        { name: 'mean', points: smoothed(losses, SMOOTHING), look: 'main' },
      ],
    });
    const shares = curve.points.map(({ step, activeShare }) => ({ step, value: activeShare }));
    this.share.show({
      steps,
      values: SHARE_DOMAIN,
      series: [
        { name: 'active', points: shares, look: 'faint' },
        { name: 'mean', points: smoothed(shares, SMOOTHING), look: 'main' },
      ],
    });
  }

  dispose(): void {
    this.held.dispose();
  }
}
