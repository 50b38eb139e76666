import { isCancelled } from '../../rpc/errors';
import type { DatasetOverview, SuspectList } from '../../trainer/protocol';
import type { PanelCommand, PanelSubject } from '../protocol';
import { DetailStore } from '../review/detailStore';
import { openKeyHelp } from '../review/dialog';
import { PlanWatch } from '../review/planWatch';
import { planTitle } from '../review/summaryBar';
import {
  announce,
  bindKeys,
  button,
  Disposables,
  emptyState,
  errorState,
  formatCount,
  formatItems,
  h,
  loadingState,
  replaceChildren,
  setDisabled,
  ThumbnailCache,
  type Disposable,
  type Host,
  type PanelState,
  type ViewState,
} from '../shell';
import { Notice } from '../shell/notice';
import { openLabelDialog } from './labelDialog';
import { SuspectBar } from './suspectBar';
import { SUSPECT_KEYS, SUSPECT_KEY_HELP, type SuspectAction } from './suspectKeys';
import { SuspectQueue } from './suspectList';
import { SuspectView } from './suspectView';
import { doubtWords, stateWords, suspectWords } from './suspectWords';
import { SuspectsModel, type SuspectChoice } from './suspectsModel';

export type SuspectsSubject = Extract<PanelSubject, { view: 'suspects' }>;

/** What of the review survives a reload. */
export interface SuspectsState extends PanelState {
  readonly subject: SuspectsSubject;
  /** The item that was looked at. */
  readonly item?: number;
}

const LIST_THUMBNAIL = 96;
const PREVIEW_SIZE = 512;

/** The review of the labels that one run suspects. */
export class SuspectsPanel implements Disposable {
  private readonly held = new Disposables();
  private readonly subject: SuspectsSubject;
  private readonly details: DetailStore;
  private readonly thumbnails: ThumbnailCache;
  private readonly previews: ThumbnailCache;
  private readonly notice = new Notice();
  private readonly plan: PlanWatch;
  private readonly bar = new SuspectBar((action) => this.act(action));
  private readonly count = h('span', { class: 'summary-count' });
  private readonly apply: HTMLElement;
  private readonly restore: HTMLElement;
  private readonly body = h('div', { class: 'review-body' });
  private readonly work = h('section', { class: 'work', tabIndex: -1, aria: { label: 'Suspect' } });
  private overview: DatasetOverview | undefined;
  private shown:
    { readonly model: SuspectsModel; readonly queue: SuspectQueue; readonly view: SuspectView } | undefined;
  private announced = '';
  /** Decisions are sent one after the other, in the order in which they were made. */
  private tail: Promise<void> = Promise.resolve();

  constructor(
    private readonly root: HTMLElement,
    private readonly host: Host,
    private readonly state: ViewState<SuspectsState>,
  ) {
    this.subject = state.value.subject;
    const { dataset } = this.subject;
    const pictures = (size: number, capacity: number): ThumbnailCache =>
      this.held.add(
        new ThumbnailCache((items) => host.call('dataset.thumbnails', { dataset, items, size }), { capacity }),
      );
    this.thumbnails = pictures(LIST_THUMBNAIL, 2000);
    this.previews = pictures(PREVIEW_SIZE, 64);
    this.details = new DetailStore((items) => host.call('dataset.items', { dataset, items }));
    this.plan = this.held.add(
      new PlanWatch(
        () => host.call('apply.plan', { dataset }),
        () => this.showPlan(),
      ),
    );
    const apply = (): void => void this.tail.then(() => this.command('kindred.applyDecisions'));
    this.apply = button({ label: 'Apply decisions…', kind: 'primary', disabled: true, onClick: apply });
    this.restore = button({
      label: 'Restore…',
      tip: 'Take back what was applied',
      onClick: () => this.command('kindred.restore'),
    });
    const keys = Object.entries(SUSPECT_KEYS).map(([key, action]) => [
      key,
      (event: KeyboardEvent) => this.press(event, action),
    ]);
    this.bar.element.addEventListener('click', ({ detail }) => {
      if (detail > 0) this.work.focus();
    });
    this.held.add(bindKeys(window, Object.fromEntries(keys) as Record<string, (event: KeyboardEvent) => void>));
    this.build();
  }

  async load(): Promise<void> {
    replaceChildren(this.body, loadingState('Reading the suspected labels'));
    const { dataset, run } = this.subject;
    try {
      this.overview = await this.host.call('dataset.overview', { dataset });
      const list = await this.host.call('training.suspects', { dataset, run });
      const decisions = await this.host.call('decisions.state', { dataset });
      this.found(list, decisions);
    } catch (error) {
      const again = { label: 'Try again', kind: 'primary' as const, onClick: () => void this.load() };
      replaceChildren(this.body, errorState(error, [again]));
    }
  }

  /** Something changed behind the panel's back. */
  async refresh(): Promise<void> {
    const { dataset } = this.subject;
    await this.ask(async () => {
      this.overview = await this.host.call('dataset.overview', { dataset });
      this.shown?.model.confirm(await this.host.call('decisions.state', { dataset }));
    }, 'The panel could not be refreshed.');
    this.plan.changed();
    this.draw();
  }

  showItem(item: number): void {
    this.shown?.model.selectItem(item);
    this.draw();
  }

  dispose(): void {
    this.shown?.queue.dispose();
    this.shown?.view.release();
    this.held.dispose();
    replaceChildren(this.root);
  }

  private build(): void {
    const help = (): void => this.act({ kind: 'help' });
    replaceChildren(
      this.root,
      h(
        'div',
        { class: 'review' },
        h(
          'header',
          { class: 'summary' },
          this.count,
          h('span', { class: 'muted' }, `suspected by ${this.subject.run}`),
          h('span', { class: 'spacer' }),
          this.restore,
          this.apply,
          button({ label: 'Keys (?)', icon: 'question', kind: 'icon', onClick: help }),
        ),
        this.notice.element,
        this.body,
      ),
    );
  }

  private found(list: SuspectList, decisions: Parameters<SuspectsModel['confirm']>[0]): void {
    const model = new SuspectsModel(list);
    model.confirm(decisions);
    const { item } = this.state.value;
    if (item === undefined) model.current = -1;
    else model.selectItem(item);
    if (item === undefined && !model.nextUndecided()) model.select(0);
    this.shown?.queue.dispose();
    this.shown?.view.release();
    this.shown = {
      model,
      queue: new SuspectQueue(model, this.thumbnails, (index) => this.choose(index)),
      view: new SuspectView({ model, previews: this.previews, thumbnails: this.thumbnails }),
    };
    const doubt = doubtWords(list);
    if (doubt !== undefined) this.notice.show('info', doubt);
    this.plan.changed();
    if (list.suspects.length === 0) {
      const text = `The run looked at ${formatItems(list.items, 'label')}, and suspects none that is still there.`;
      replaceChildren(this.body, emptyState({ title: 'No suspected labels', text, icon: 'pass' }));
    } else {
      replaceChildren(
        this.body,
        h('aside', { class: 'cases', aria: { label: 'Suspects' } }, this.shown.queue.element),
        this.work,
      );
      replaceChildren(this.work, this.shown.view.element, this.bar.element);
      this.work.focus();
    }
    this.draw();
  }

  /** A control that has the focus keeps Enter for itself, and a dialog all keys. */
  private press(event: KeyboardEvent, action: SuspectAction): void {
    const onControl = event
      .composedPath()
      .some((target) => target instanceof Element && target.tagName.endsWith('BUTTON'));
    if (onControl && action.kind === 'accept') return;
    if (!event.repeat || action.kind === 'step') this.act(action);
  }

  private act(action: SuspectAction): void {
    const { model } = this.shown ?? {};
    const suspect = model?.suspect;
    if (action.kind === 'help') openKeyHelp(SUSPECT_KEY_HELP);
    else if (action.kind === 'undo') this.undo();
    else if (model === undefined || suspect === undefined) return;
    else if (action.kind === 'open') this.open(suspect.item);
    else if (action.kind === 'accept') this.decide(model.suggestion);
    else if (action.kind === 'keep') this.decide({ kind: 'label-right' });
    else if (action.kind === 'exclude') this.decide({ kind: 'remove' });
    else if (action.kind === 'change') {
      if (suspect.nearestLabel !== suspect.label) this.decide({ kind: 'relabel', label: suspect.nearestLabel });
    } else if (action.kind === 'other') this.chooseLabel();
    else if (action.kind === 'step') this.go(() => model.select(model.current + action.offset));
    else if (action.kind === 'first') this.go(() => model.select(0));
    else if (action.kind === 'last') this.go(() => model.select(model.suspects.length - 1));
    else this.go(() => void model.nextUndecided());
  }

  /** After a click the keyboard goes on with the suspect, so that Enter means "accept" and not the row again. */
  private choose(index: number): void {
    this.go(() => this.shown?.model.select(index));
    this.work.focus();
  }

  private go(move: () => void): void {
    move();
    this.draw();
  }

  private chooseLabel(): void {
    const labels = this.overview?.summary.labels.map(({ name }) => name) ?? [];
    openLabelDialog(labels, (label) => this.decide({ kind: 'relabel', label }));
  }

  private open(item: number): void {
    void this.ask(() => this.host.call('panel.openItem', { item }), 'The file could not be opened.');
  }

  private decide(choice: SuspectChoice): void {
    const { dataset } = this.subject;
    const model = this.shown?.model;
    const suspect = model?.suspect;
    if (model === undefined || suspect === undefined) return;
    this.inTurn(async () => {
      const [{ hash, path }] = await this.details.load([suspect.item]);
      const verdicts = model.verdictsOf(suspect, { hash, path }, choice);
      model.confirm(await this.host.call('decisions.record', { dataset, verdicts }));
      const done = `${suspect.path}: ${stateWords(model, suspect.item)}.`;
      const more = model.suspect !== suspect || model.nextUndecided();
      this.say(more ? done : `${done} All are reviewed.`);
    }, 'The decision was not kept.');
  }

  private undo(): void {
    const { dataset } = this.subject;
    const model = this.shown?.model;
    if (model === undefined) return;
    if (!model.canUndo) {
      this.say('There is nothing to undo.');
      return;
    }
    this.inTurn(async () => {
      const before = new Map(model.suspects.map(({ item }) => [item, stateWords(model, item)]));
      model.confirm(await this.host.call('decisions.undo', { dataset }));
      const changed = model.suspects.find(({ item }) => stateWords(model, item) !== before.get(item));
      if (changed) model.selectItem(changed.item);
      this.say(changed ? `Undone: ${changed.path}.` : 'Undone: a decision about another item.');
    }, 'The decision was not taken back.');
  }

  private inTurn(step: () => Promise<void>, otherwise: string): void {
    this.tail = this.tail.then(async () => {
      await this.ask(step, otherwise);
      this.plan.changed();
      this.draw();
    });
  }

  private command(command: PanelCommand): void {
    void this.ask(() => this.host.call('panel.command', { command }), 'That did not work.');
  }

  private async ask(step: () => Promise<unknown>, otherwise: string): Promise<void> {
    try {
      await step();
    } catch (error) {
      if (!isCancelled(error)) this.notice.error(error, otherwise);
    }
  }

  private say(text: string): void {
    this.bar.say(text);
    announce(text);
  }

  private showPlan(): void {
    const plan = this.plan.current;
    const changes = (plan?.items.length ?? 0) + (plan?.relabel?.length ?? 0);
    setDisabled(this.apply, changes === 0 || plan?.blocked !== undefined);
    replaceChildren(this.apply, changes === 0 ? 'Apply decisions…' : `Apply ${formatItems(changes, 'decision')}…`);
    this.apply.title = plan === undefined || changes === 0 ? 'Nothing is to be changed yet.' : planTitle(plan);
    this.restore.hidden = !(this.overview?.batches.some(({ state }) => state !== 'restored') ?? false);
  }

  private draw(): void {
    const { shown } = this;
    if (shown === undefined) return;
    const { model, queue, view } = shown;
    this.count.textContent = `${formatCount(model.reviewed)} of ${formatCount(model.suspects.length)} reviewed`;
    this.showPlan();
    if (model.suspect === undefined) return;
    queue.update();
    view.update();
    this.bar.update(model);
    const words = suspectWords(model, model.current);
    if (words !== this.announced) announce(words);
    this.announced = words;
    this.state.update({ item: model.suspect.item });
  }
}
