import { isCancelled } from '../../rpc/errors';
import type { RunSummary, TrainingAction, TrainingProgress } from '../../trainer/protocol';
import type { PanelCommand } from '../protocol';
import {
  announce,
  Disposables,
  emptyState,
  errorState,
  h,
  loadingState,
  oncePerFrame,
  ProgressBar,
  replaceChildren,
  type Disposable,
  type Host,
} from '../shell';
import { Notice } from '../shell/notice';
import { Charts } from './charts';
import { Curve } from './curve';
import { figures, gainWords, recallWords } from './headline';
import { MetricsTable } from './metricsTable';
import { ProbesView } from './probesView';
import { RunFacts } from './runFacts';
import { RunHeader, type RunHeaderProps } from './runHeader';
import { baselineName } from './runWords';
import { isLive, phaseOf, PHASE_WORDS, type RunPhase } from './runPhase';
import type { TrainingSubject } from './trainingPanel';

/** One run: its curve as it is drawn, its numbers, and what can be done next. */
export class RunPage implements Disposable {
  readonly element = h('div', { class: 'run-page' });
  private readonly held = new Disposables();
  private readonly curve = new Curve();
  private readonly charts = this.held.add(new Charts());
  private readonly table = new MetricsTable();
  private readonly facts = new RunFacts();
  private readonly notice = new Notice();
  private readonly progress = new ProgressBar({ label: 'Training' });
  private readonly header: RunHeader;
  private readonly probes: ProbesView;
  private readonly draw = oncePerFrame(() => this.drawNow());
  private run: RunSummary | undefined;
  private live: TrainingProgress | undefined;
  private stopping = false;
  private asking = false;
  private announcedPhase: RunPhase | undefined;
  private announcedBest = 0;

  constructor(
    private readonly host: Host,
    private readonly subject: TrainingSubject,
    private readonly onNew: () => void,
  ) {
    this.header = this.held.add(new RunHeader(this.actions()));
    this.probes = this.held.add(new ProbesView(host, subject));
  }

  private actions(): RunHeaderProps {
    return {
      onPause: () => void this.control({ kind: 'pause' }),
      onContinue: () => void this.control({ kind: 'resume' }),
      onRate: (factor) => void this.control({ kind: 'rate', factor }),
      onStop: () => void this.stop(),
      onResume: () => void this.command('kindred.train'),
      onExplore: () => void this.command('kindred.explore'),
      onReview: () => void this.command('kindred.reviewDuplicates'),
    };
  }

  /** Reads the run and its curve anew. */
  async load(): Promise<void> {
    const { dataset, run: name } = this.subject;
    if (name === '') {
      this.showNone();
      return;
    }
    if (!this.isBuilt()) replaceChildren(this.element, loadingState('Reading the run'));
    try {
      await this.readRun();
      if (this.run) this.curve.load(await this.host.call('training.metrics', { dataset, run: name }));
    } catch (error) {
      replaceChildren(
        this.element,
        errorState(error, [{ label: 'Try again', kind: 'primary', onClick: () => void this.load() }]),
      );
      return;
    }
    if (!this.isBuilt()) this.build();
    this.draw();
    if (this.run) void this.probes.load();
  }

  private showNone(): void {
    const text = 'A training shows here how well the model does on items that it has never seen.';
    const action = { label: 'New training', kind: 'primary', icon: 'add', onClick: this.onNew } as const;
    replaceChildren(
      this.element,
      emptyState({ title: 'No run is chosen', text, icon: 'graph-line', actions: [action] }),
    );
  }

  /** The run went on. */
  advance(progress: TrainingProgress): void {
    if (progress.run !== this.subject.run) return;
    this.live = progress;
    if (progress.metrics) this.curve.add(progress.metrics);
    const measured = progress.metrics?.recallAt1 !== undefined;
    if (measured) void this.probes.load();
    const unknown = this.run?.state !== 'running' || this.run.steps === 0;
    if (unknown || (measured && this.run?.baselineRecallAt1 === undefined)) void this.readAgain();
    this.draw();
  }

  dispose(): void {
    this.held.dispose();
    replaceChildren(this.element);
  }

  private isBuilt(): boolean {
    return this.element.contains(this.header.element);
  }

  private build(): void {
    replaceChildren(
      this.element,
      this.header.element,
      this.progress.element,
      this.notice.element,
      h(
        'div',
        { class: 'training-body' },
        h('div', { class: 'training-main' }, this.charts.element, this.probes.element, this.table.element),
        this.facts.element,
      ),
    );
  }

  private async control(action: TrainingAction): Promise<void> {
    this.header.setBusy(true);
    const { dataset, run } = this.subject;
    try {
      await this.host.call('training.control', { dataset, run, action });
      if (action.kind === 'pause' || action.kind === 'resume')
        this.live = this.live && { ...this.live, paused: action.kind === 'pause' };
      await this.readRun();
      if (action.kind === 'rate') announce(`The learning rate is now ${action.factor} times the schedule.`);
    } catch (error) {
      if (!isCancelled(error)) this.notice.error(error, 'That could not be done.');
    } finally {
      this.header.setBusy(false);
      this.draw();
    }
  }

  private async readRun(): Promise<void> {
    const { dataset, run: name } = this.subject;
    const { runs } = await this.host.call('dataset.overview', { dataset });
    this.run = runs.find((run) => run.name === name);
    if (this.run?.state !== 'running') this.stopping = false;
    if (!this.run) this.live = undefined;
  }

  /** One at a time: progress comes faster than answers. */
  private async readAgain(): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    try {
      await this.readRun();
      this.draw();
    } catch {
      // The next progress asks again.
    } finally {
      window.setTimeout(() => (this.asking = false), 1000);
    }
  }

  private async stop(): Promise<void> {
    this.stopping = true;
    this.draw();
    try {
      await this.host.call('training.stop', null);
      await this.load();
    } catch (error) {
      this.stopping = false;
      this.notice.error(error, 'The run could not be stopped.');
      this.draw();
    }
  }

  private async command(command: PanelCommand): Promise<void> {
    try {
      await this.host.call('panel.command', { command });
    } catch (error) {
      if (!isCancelled(error)) this.notice.error(error, 'That did not work.');
    }
  }

  private drawNow(): void {
    const { run, live, curve } = this;
    const paused = live === undefined ? run?.paused === true : live.paused === true;
    const phase = phaseOf(run, curve.points.length, this.stopping, paused);
    const best = curve.best() ?? run?.best;
    this.header.update(this.subject.run, phase, run, figures({ run, progress: live, last: curve.last, best }));
    this.facts.update(run);
    const planned = run?.steps ?? (live?.unit === 'steps' ? live.total : 0);
    this.charts.show(curve, run, planned);
    this.table.show(curve.points);
    if (live && isLive(phase) && phase !== 'stopping') this.progress.show(live);
    else this.progress.hide();
    this.announce(phase, best?.recallAt1);
  }

  /** Says a change of phase and each new best; not every step. */
  private announce(phase: RunPhase, best: number | undefined): void {
    const { run } = this;
    const baseline = run?.baselineRecallAt1;
    if (phase !== this.announcedPhase) announce(`Training ${PHASE_WORDS[phase].toLowerCase()}.`);
    else if (best !== undefined && best > this.announcedBest + 0.01) {
      const gain =
        run === undefined || baseline === undefined ? '' : `, ${gainWords(best, baseline, baselineName(run))}`;
      announce(`Recall at 1 is now ${recallWords(best)}${gain}.`);
    } else return;
    this.announcedPhase = phase;
    this.announcedBest = best ?? 0;
  }
}
