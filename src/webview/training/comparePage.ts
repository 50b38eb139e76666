import { isCancelled } from '../../rpc/errors';
import type { RunSummary, TrainingMetrics } from '../../trainer/protocol';
import {
  announce,
  button,
  Disposables,
  emptyState,
  errorState,
  h,
  loadingState,
  replaceChildren,
  type Disposable,
  type Host,
} from '../shell';
import { Notice } from '../shell/notice';
import { Curve } from './curve';
import { lossDomain, recallDomain, stepDomain } from './domains';
import { recallWords } from './headline';
import { pointsOf } from './insight';
import { LineChart, type Series } from './lineChart';
import { RUN_COLOURS, swatch } from './marks';
import { runTable } from './runTable';
import { settingsTable } from './settingsTable';
import { smoothed } from './smoothing';
import type { TrainingSubject } from './trainingPanel';

const SMOOTHING = 0.8;

export interface ComparePageProps {
  readonly onOpen: (run: string) => void;
  readonly onDuplicate: (run: string) => void;
  readonly onNew: () => void;
  /** Kept over a reload. */
  readonly chosen: readonly string[];
  readonly onChoose: (runs: readonly string[]) => void;
}

/** A run that is compared. Its colour is its own as long as it is chosen. */
export interface ComparedRun {
  readonly run: RunSummary;
  readonly colour: number;
  readonly curve: readonly TrainingMetrics[];
}

/** All runs in a table; those that are chosen in charts that lie over each other, and their settings side by side. */
export class ComparePage implements Disposable {
  readonly element = h('div', { class: 'compare-page' });
  private readonly held = new Disposables();
  private readonly notice = new Notice();
  private readonly table = h('div', { class: 'compare-runs' });
  private readonly legend = h('ul', { class: 'run-legend', aria: { label: 'Legend' } });
  private readonly settings = h('div', { class: 'compare-settings' });
  private readonly below: HTMLElement;
  private readonly recall: LineChart;
  private readonly loss: LineChart;
  private readonly curves = new Map<string, readonly TrainingMetrics[]>();
  private readonly colours = new Map<string, number>();
  private runs: readonly RunSummary[] = [];
  private onlyDifferent = true;

  constructor(
    private readonly host: Host,
    private readonly subject: TrainingSubject,
    private readonly props: ComparePageProps,
  ) {
    const onHover = (step: number | undefined): void => [this.recall, this.loss].forEach((chart) => chart.point(step));
    const chart = (title: string, help: string, format: (value: number) => string): LineChart =>
      this.held.add(new LineChart({ title, help, format, tick: format, onHover }));
    this.recall = chart(
      'Recall@1 on held-out items',
      'Fair only between runs that hold out the same items.',
      recallWords,
    );
    const loss = (value: number): string => String(Number(value.toPrecision(3)));
    this.loss = chart(
      'Loss, running mean',
      'Different losses have different scales: compare their course, not their height.',
      loss,
    );
    this.below = h(
      'div',
      {},
      this.legend,
      h('div', { class: 'charts' }, this.recall.element, this.loss.element),
      this.settings,
    );
    for (const name of props.chosen) this.choose(name, true);
  }

  async load(): Promise<void> {
    if (!this.element.contains(this.table)) replaceChildren(this.element, loadingState('Reading the runs'));
    try {
      const { runs } = await this.host.call('dataset.overview', { dataset: this.subject.dataset });
      this.runs = [...runs].reverse();
      for (const { name, state } of runs) if (state === 'running') this.curves.delete(name);
      this.forgetDeleted();
      if (this.colours.size === 0) for (const { name } of this.runs.slice(0, 2)) this.choose(name, true);
      await this.readCurves();
    } catch (error) {
      const again = { label: 'Try again', kind: 'primary', onClick: () => void this.load() } as const;
      replaceChildren(this.element, errorState(error, [again]));
      return;
    }
    this.draw();
  }

  dispose(): void {
    this.held.dispose();
    replaceChildren(this.element);
  }

  private forgetDeleted(): void {
    for (const name of [...this.colours.keys()])
      if (!this.runs.some((run) => run.name === name)) this.colours.delete(name);
  }

  /** The lowest colour that is free; false when none is. */
  private choose(name: string, chosen: boolean): boolean {
    if (!chosen) return this.colours.delete(name);
    const used = new Set(this.colours.values());
    const free = Array.from({ length: RUN_COLOURS }, (_, i) => i).find((colour) => !used.has(colour));
    if (free === undefined) return false;
    this.colours.set(name, free);
    return true;
  }

  private async toggle(name: string, chosen: boolean): Promise<void> {
    if (!this.choose(name, chosen)) {
      this.notice.show('info', `At most ${RUN_COLOURS} runs can be compared at once: take one out first.`);
    }
    this.props.onChoose([...this.colours.keys()]);
    try {
      await this.readCurves();
    } catch (error) {
      if (!isCancelled(error)) this.notice.error(error, 'The curve could not be read.');
    }
    this.draw();
    announce(`${this.colours.size} runs are compared.`);
  }

  private async readCurves(): Promise<void> {
    const { dataset } = this.subject;
    for (const run of this.colours.keys()) {
      if (this.curves.has(run)) continue;
      const curve = new Curve();
      curve.load(await this.host.call('training.metrics', { dataset, run }));
      this.curves.set(run, curve.points);
    }
  }

  private compared(): ComparedRun[] {
    return this.runs.flatMap((run) => {
      const colour = this.colours.get(run.name);
      return colour === undefined ? [] : [{ run, colour, curve: this.curves.get(run.name) ?? [] }];
    });
  }

  private draw(): void {
    if (this.runs.length === 0) {
      this.showNone();
      return;
    }
    if (!this.element.contains(this.table)) replaceChildren(this.element, this.notice.element, this.table, this.below);
    const focused = document.activeElement?.id;
    replaceChildren(
      this.table,
      runTable(this.runs, {
        colourOf: (name) => this.colours.get(name),
        onChoose: (name, chosen) => void this.toggle(name, chosen),
        onOpen: this.props.onOpen,
        onDuplicate: this.props.onDuplicate,
        onDelete: (run) => void this.host.call('panel.command', { command: 'kindred.deleteRun', run }),
      }),
    );
    if (focused !== undefined && focused !== '') document.getElementById(focused)?.focus();
    this.drawCharts();
  }

  private drawCharts(): void {
    const compared = this.compared();
    this.below.hidden = compared.length === 0;
    replaceChildren(this.legend, ...compared.map(({ run, colour }) => h('li', {}, swatch(colour), run.name)));
    const last = Math.max(1, ...compared.map(({ curve }) => curve.at(-1)?.step ?? 0));
    const steps = stepDomain(last, undefined);
    const recalls = compared.map(({ run, colour, curve }): Series => ({
      name: run.name,
      points: pointsOf(curve, ({ recallAt1 }) => recallAt1),
      look: 'measured',
      colour,
    }));
    this.recall.show({
      steps,
      values: recallDomain(
        recalls.flatMap(({ points }) => points),
        undefined,
      ),
      series: recalls,
    });
    const losses = compared.map(({ run, colour, curve }): Series => ({
      name: run.name,
      points: smoothed(
        pointsOf(curve, ({ loss }) => loss),
        SMOOTHING,
      ),
      look: 'main',
      colour,
    }));
    this.loss.show({ steps, values: lossDomain(losses.flatMap(({ points }) => points)), series: losses });
    replaceChildren(
      this.settings,
      settingsTable(compared, this.onlyDifferent, (only) => {
        this.onlyDifferent = only;
        this.drawCharts();
        this.settings.querySelector<HTMLElement>('input')?.focus();
      }),
    );
  }

  private showNone(): void {
    const action = button({ label: 'New training', kind: 'primary', icon: 'add', onClick: this.props.onNew });
    const state = emptyState({
      title: 'Nothing has been trained yet',
      text: 'Train two models to compare them.',
      icon: 'git-compare',
    });
    state.append(action);
    replaceChildren(this.element, state);
  }
}
