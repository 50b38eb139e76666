import type { RunSummary } from '../../trainer/protocol';
import { button, h, icon, replaceChildren, setDisabled } from '../shell';
import { RateControl } from './rateControl';
import { isLive, PHASE_WORDS, phaseAdvice, type RunPhase } from './runPhase';
import type { Figure } from './headline';

export interface RunHeaderProps {
  readonly onPause: () => void;
  readonly onContinue: () => void;
  readonly onRate: (factor: number) => void;
  readonly onStop: () => void;
  readonly onResume: () => void;
  readonly onExplore: () => void;
  readonly onReview: () => void;
}

const PHASE_ICONS: Readonly<Record<RunPhase, string>> = {
  preparing: 'loading',
  running: 'pulse',
  paused: 'debug-pause',
  stopping: 'loading',
  finished: 'pass-filled',
  stopped: 'debug-pause',
  interrupted: 'debug-disconnect',
  failed: 'error',
  gone: 'circle-slash',
};

/** The run's name, where it is, its large numbers, and what can be done now. */
export class RunHeader {
  readonly element: HTMLElement;
  private readonly name = h('h1', { class: 'run-name ellipsis' });
  private readonly phase = h('span', { class: 'run-phase', role: 'status' });
  private readonly advice = h('p', { class: 'run-advice muted' });
  private readonly numbers = h('dl', { class: 'figures' });
  private readonly pause: HTMLElement;
  private readonly goOn: HTMLElement;
  private readonly rate: RateControl;
  private readonly stop: HTMLElement;
  private readonly resume: HTMLElement;
  private readonly next: readonly HTMLElement[];
  private shownPhase: RunPhase | undefined;

  constructor(props: RunHeaderProps) {
    this.pause = button({
      label: 'Pause',
      icon: 'debug-pause',
      tip: 'Write a checkpoint and wait; the network stays ready',
      onClick: props.onPause,
    });
    this.goOn = button({ label: 'Continue', icon: 'debug-continue', kind: 'primary', onClick: props.onContinue });
    this.rate = new RateControl(props.onRate);
    this.stop = button({
      label: 'Stop',
      icon: 'debug-stop',
      tip: 'Stop here; what was learned is kept, and the run can go on later',
      onClick: props.onStop,
    });
    this.resume = button({ label: 'Go on training', icon: 'play', onClick: props.onResume });
    this.next = [
      button({ label: 'Explore embeddings', kind: 'primary', icon: 'map', onClick: props.onExplore }),
      button({ label: 'Review duplicates', icon: 'files', onClick: props.onReview }),
    ];
    this.element = h(
      'header',
      { class: 'run-head' },
      h(
        'div',
        { class: 'run-title' },
        this.name,
        this.phase,
        h('span', { class: 'spacer' }),
        this.pause,
        this.goOn,
        this.rate.element,
        this.stop,
        this.resume,
        ...this.next,
      ),
      this.advice,
      this.numbers,
    );
  }

  update(name: string, phase: RunPhase, run: RunSummary | undefined, figures: readonly Figure[]): void {
    this.name.textContent = name;
    if (phase !== this.shownPhase) {
      this.shownPhase = phase;
      this.phase.dataset['phase'] = phase;
      const symbol = icon(PHASE_ICONS[phase]);
      if (PHASE_ICONS[phase] === 'loading') symbol.classList.add('codicon-modifier-spin');
      replaceChildren(this.phase, symbol, PHASE_WORDS[phase]);
    }
    const advice = phaseAdvice(phase, run);
    this.advice.hidden = advice === undefined;
    this.advice.textContent = advice ?? '';
    this.advice.classList.toggle('run-failure', phase === 'failed');
    const live = isLive(phase);
    this.stop.hidden = !live;
    setDisabled(this.stop, phase === 'stopping');
    this.pause.hidden = phase !== 'running';
    this.goOn.hidden = phase !== 'paused';
    this.rate.update(phase === 'running' || phase === 'paused', run?.rateChanges?.at(-1)?.factor ?? 1);
    this.resume.hidden = phase !== 'stopped' && phase !== 'interrupted' && phase !== 'failed';
    const usable = !live && run?.best !== undefined;
    for (const action of this.next) action.hidden = !usable;
    replaceChildren(this.numbers, ...figures.map(figureElement));
  }

  /** While what was asked is under way, nothing else is asked. */
  setBusy(busy: boolean): void {
    for (const element of [this.pause, this.goOn, this.rate.button]) setDisabled(element, busy);
  }

  dispose(): void {
    this.rate.dispose();
  }
}

function figureElement({ name, value, note, tone }: Figure): HTMLElement {
  return h(
    'div',
    { class: 'figure' },
    h('dt', {}, name),
    h(
      'dd',
      {},
      h('span', { class: 'figure-value' }, value),
      note !== undefined && h('span', { class: `figure-note ${tone ?? ''}` }, note),
    ),
  );
}
