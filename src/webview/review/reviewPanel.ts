import { isCancelled } from '../../rpc/errors';
import type { DatasetOverview, DuplicateReport, Progress } from '../../trainer/protocol';
import type { PanelCommand, PanelSubject } from '../protocol';
import {
  announce,
  Disposables,
  emptyState,
  errorState,
  h,
  loadingState,
  oncePerFrame,
  Popover,
  ProgressBar,
  replaceChildren,
  type ThumbnailCache,
  type Disposable,
  type Host,
  type PanelState,
  type ViewState,
} from '../shell';
import { Notice } from '../shell/notice';
import { CaseHeader, caseWords } from './caseHeader';
import { DecisionBar } from './decisionBar';
import { DetailStore } from './detailStore';
import { confirmExact, openKeyHelp } from './dialog';
import { reviewCalls, type ReviewCalls } from './hostCalls';
import type { ReviewAction } from './keymap';
import { PlanWatch } from './planWatch';
import type { QueueView } from './queue';
import { QueueFilters } from './queueFilters';
import { QueueList } from './queueList';
import { runAction } from './reviewActions';
import { bindReviewKeys } from './reviewKeys';
import { ReviewModel } from './reviewModel';
import { allReviewed, noDuplicates } from './reviewStates';
import { defaultSearch, Search, type SearchSettings } from './search';
import { loosened } from './searchWords';
import { ORIGINAL_SIZE, PREVIEW_SIZE, Stage } from './stage';
import { SummaryBar } from './summaryBar';
import { ThresholdPane } from './thresholdPane';

export type ReviewSubject = Extract<PanelSubject, { view: 'review' }>;

/** What of the review survives a reload. */
export interface ReviewState extends PanelState {
  readonly subject: ReviewSubject;
  readonly search: SearchSettings;
  /** Nobody has chosen what to compare: it is the default of images until the dataset is known. */
  readonly unsaid?: boolean;
  readonly view: QueueView;
  readonly caseId?: string;
}

const LIST_THUMBNAIL = 96;

/** The review of one dataset: what is asked of the host, and which part of the panel shows the answer. */
export class ReviewPanel implements Disposable {
  private readonly held = new Disposables();
  private readonly dataset;
  private readonly calls: ReviewCalls;
  private readonly details: DetailStore;
  private readonly model: ReviewModel;
  private readonly search: Search;
  private readonly thumbnails: ThumbnailCache;
  private readonly previews: ThumbnailCache;
  private readonly list: QueueList;
  private readonly filters: QueueFilters;
  private readonly stage: Stage;
  private readonly header = new CaseHeader();
  private readonly bar: DecisionBar;
  private readonly summary: SummaryBar;
  private readonly thresholds: ThresholdPane;
  private readonly notice = new Notice();
  private readonly progress: ProgressBar;
  private readonly plan: PlanWatch;
  private readonly work = h('section', { class: 'work', aria: { label: 'Group' } });
  private readonly instead = h('div', { class: 'instead', hidden: true });
  private readonly aside: HTMLElement;
  private readonly draw = oncePerFrame(() => this.drawNow());
  private overview: DatasetOverview | undefined;
  private report: DuplicateReport | undefined;
  private announced = '';
  private said = '';
  private planned = -1;

  constructor(
    private readonly root: HTMLElement,
    private readonly host: Host,
    private readonly state: ViewState<ReviewState>,
  ) {
    this.dataset = state.value.subject.dataset;
    const { dataset } = this;
    this.calls = reviewCalls(host, dataset);
    this.details = new DetailStore((items) => host.call('dataset.items', { dataset, items }));
    this.thumbnails = this.held.add(this.calls.pictures(LIST_THUMBNAIL, { capacity: 2000 }));
    this.previews = this.held.add(this.calls.pictures(PREVIEW_SIZE, { capacity: 96, batch: 6 }));
    const originals = this.held.add(this.calls.pictures(ORIGINAL_SIZE, { capacity: 8, batch: 1 }));
    this.model = this.createModel();
    this.model.view = state.value.view;
    this.search = this.createSearch();
    this.plan = this.held.add(
      new PlanWatch(
        () => host.call('apply.plan', { dataset }),
        () => this.showPlan(),
      ),
    );
    const act = (action: ReviewAction): void => this.act(action);
    const blink = (on: boolean): void => this.stage.blink(on);
    this.bar = new DecisionBar(act, blink, () => this.stage.focus());
    this.stage = this.held.add(
      new Stage({
        model: this.model,
        details: this.details,
        previews: this.previews,
        originals,
        open: (item) => void this.ask(host.call('panel.openItem', { item }), 'The file could not be opened.'),
        reveal: (item) => void this.ask(host.call('panel.revealItem', { item }), 'The file could not be shown.'),
        say: (text) => this.say(text),
      }),
    );
    this.list = new QueueList(this.model, this.thumbnails);
    this.filters = new QueueFilters(this.model, () => state.update({ view: this.model.view }));
    this.progress = new ProgressBar({ label: 'Finding duplicates', onCancel: () => this.search.cancel() });
    this.thresholds = new ThresholdPane({
      settings: state.value.search,
      thumbnails: this.thumbnails,
      onSearch: (settings) => this.find(settings),
      onShowItem: (item) => this.showItem(item),
    });
    this.summary = this.createSummary();
    this.aside = h('aside', { class: 'cases', aria: { label: 'Groups' } }, this.filters.element, this.list.element);
    this.held.add(bindReviewKeys(act, blink));
    this.build();
  }

  /** Asks for everything anew; decisions and the place in the queue stay. */
  async load(): Promise<void> {
    this.showInstead(loadingState('Looking for duplicates'));
    try {
      const { dataset } = this;
      this.overview = await this.host.call('dataset.overview', { dataset });
      this.model.confirm(await this.host.call('decisions.state', { dataset }));
    } catch (error) {
      this.showInstead(errorState(error, [{ label: 'Try again', kind: 'primary', onClick: () => void this.load() }]));
      return;
    }
    this.suit(this.overview);
    this.plan.changed();
    await this.search.start(this.state.value.search);
  }

  /** Thresholds and tools for what the dataset has. */
  private suit(overview: DatasetOverview): void {
    const { modality } = overview.summary;
    const { subject, unsaid } = this.state.value;
    if (unsaid === true) {
      const search = defaultSearch(subject.model, modality);
      this.state.update({ search, unsaid: false });
      this.thresholds.setSettings(search);
    }
    this.thresholds.setModels(overview);
    this.stage.setModality(modality);
    this.bar.setModality(modality);
  }

  /** Something changed behind the panel's back. */
  refresh(what: 'decisions' | 'runs'): void {
    const answer = what === 'decisions' ? this.refreshDecisions() : this.refreshRuns();
    void this.ask(answer, 'The panel could not be refreshed.');
  }

  showItem(item: number): void {
    const index = this.model.cases.findIndex(({ items }) => items.includes(item));
    if (index < 0) return;
    this.model.select(index);
    this.model.focus(this.model.cases[index].items.indexOf(item));
  }

  dispose(): void {
    this.search.cancel();
    this.held.dispose();
    replaceChildren(this.root);
  }

  private build(): void {
    this.aside.append(this.progress.element);
    this.work.append(this.header.element, this.stage.element, this.bar.element);
    const popover = this.held.add(new Popover(this.summary.thresholds, 'Thresholds', [this.thresholds.element]));
    this.summary.thresholds.addEventListener('click', () => popover.toggle());
    replaceChildren(
      this.root,
      h(
        'div',
        { class: 'review' },
        this.summary.element,
        this.notice.element,
        h('div', { class: 'review-body' }, this.aside, this.work, this.instead),
      ),
    );
  }

  private createSummary(): SummaryBar {
    return new SummaryBar({
      onBulk: () => confirmExact(this.model.exactPlan, () => this.model.acceptExact()),
      onApply: () => this.apply(),
      onRestore: () => this.command('kindred.restore'),
      onHelp: () => openKeyHelp(),
    });
  }

  private createModel(): ReviewModel {
    return new ReviewModel(this.details, this.calls.decisions, {
      changed: () => this.draw(),
      said: (text) => this.say(text),
      failed: (error) => {
        this.bar.say('');
        this.notice.error(error, 'The decision was not kept.');
      },
    });
  }

  private createSearch(): Search {
    return new Search(this.calls.search, {
      progress: (progress) => this.showProgress(progress),
      found: (report) => this.found(report),
      failed: (error) => this.searchFailed(error),
      ended: () => this.progress.hide(),
    });
  }

  private find(settings: SearchSettings): void {
    this.state.update({ search: settings });
    this.thresholds.setSettings(settings);
    void this.search.start(settings);
  }

  private showProgress(progress: Progress): void {
    this.progress.show(progress);
    if (!this.report && this.progress.element.parentElement !== this.instead)
      this.instead.append(this.progress.element);
  }

  private found(report: DuplicateReport): void {
    this.report = report;
    this.aside.append(this.progress.element);
    this.thresholds.setReport(report);
    void this.refreshRuns().catch(() => undefined);
    this.model.show(report, this.model.currentCase?.id ?? this.state.value.caseId);
    this.said = `${report.groups.length} groups found.`;
    this.stage.focus();
    const items = [...new Set(report.groups.flatMap((group) => group.items))];
    this.details
      .loadAll(items, () => this.model.refresh())
      .catch((error: unknown) => {
        this.notice.error(error, 'Not all facts of the items could be read.');
      });
  }

  private searchFailed(error: unknown): void {
    const again = { label: 'Try again', onClick: () => void this.search.start(this.state.value.search) };
    if (this.report) {
      if (!isCancelled(error))
        this.notice.error(error, 'The search failed; the groups of the last one are shown.', [again]);
      else this.notice.show('info', 'The search was stopped; the groups of the last one are shown.', [again]);
    } else if (isCancelled(error)) {
      this.showInstead(
        emptyState({ title: 'The search was stopped', icon: 'debug-stop', actions: [{ ...again, kind: 'primary' }] }),
      );
    } else this.showInstead(errorState(error, [{ ...again, kind: 'primary' }]));
  }

  private async refreshDecisions(): Promise<void> {
    const { dataset } = this;
    this.model.confirm(await this.host.call('decisions.state', { dataset }));
    await this.refreshRuns();
    this.plan.changed();
  }

  private async refreshRuns(): Promise<void> {
    this.overview = await this.host.call('dataset.overview', { dataset: this.dataset });
    this.thresholds.setModels(this.overview);
    this.showPlan();
  }

  private act(action: ReviewAction): void {
    if (!this.report) return;
    runAction(action, this.model, this.stage, {
      open: (item) => void this.ask(this.host.call('panel.openItem', { item }), 'The file could not be opened.'),
    });
    if (action.kind === 'focus') this.stage.focus();
    if (action.kind === 'difference') this.draw();
  }

  private apply(): void {
    void this.model.recorder.settled().then(() => this.command('kindred.applyDecisions'));
  }

  private command(command: PanelCommand): void {
    void this.ask(this.host.call('panel.command', { command }), 'That did not work.');
  }

  private async ask(answer: Promise<unknown>, otherwise: string): Promise<void> {
    try {
      await answer;
    } catch (error) {
      if (!isCancelled(error)) this.notice.error(error, otherwise);
    }
  }

  private say(text: string): void {
    this.said = text;
    this.bar.say(text);
    announce(text);
  }

  private showPlan(): void {
    const restorable = this.overview?.batches.some(({ state }) => state !== 'restored') ?? false;
    this.summary.updatePlan(this.plan.current, restorable);
    // What is shown when all is reviewed says why nothing can be applied.
    if (this.model.done && this.plan.current?.blocked !== undefined) this.draw();
  }

  private drawNow(): void {
    const { model, report } = this;
    if (!report || !this.overview) return;
    const summary = model.summary;
    this.summary.update(summary, model.exactPlan.cases);
    this.filters.update();
    this.list.update();
    this.header.update(model);
    this.bar.update(model, this.stage.differenceShown);
    if (report.groups.length === 0) {
      const command = (): void => this.command('kindred.explore');
      this.showInstead(
        noDuplicates(this.overview.summary, this.state.value.search, (settings) => this.find(settings), command),
      );
    } else if (model.done) this.showInstead(this.doneState(summary, report));
    else this.showCase();
    if (this.planned !== model.ledger.version) this.plan.changed();
    this.planned = model.ledger.version;
  }

  private showCase(): void {
    const { model } = this;
    const hadFocus = this.work.contains(document.activeElement) || document.activeElement === document.body;
    this.work.hidden = false;
    this.instead.hidden = true;
    replaceChildren(this.instead);
    this.aside.hidden = false;
    const changed = model.currentCase?.id !== this.announced;
    this.stage.update();
    if (!changed) return;
    this.announced = model.currentCase?.id ?? '';
    this.state.update({ caseId: this.announced });
    // What was just done and where that led go out together, or the second would cut the first short.
    announce(`${this.said} ${caseWords(model)}`.trim());
    this.said = '';
    if (hadFocus) this.stage.focus();
    this.prefetch();
  }

  /** Fetches the pictures of the next cases, so that they are there when the person is. */
  private prefetch(): void {
    const { listed, cases, position } = this.model;
    for (const index of listed.slice(position + 1, position + 4)) {
      for (const item of cases[index].items.slice(0, 4)) this.previews.request(item, () => undefined);
    }
  }

  private doneState(summary: ReviewModel['summary'], report: DuplicateReport): HTMLElement {
    const looser = loosened(this.state.value.search);
    const actions = {
      apply: () => this.apply(),
      again: () => this.model.select(this.model.listed[0] ?? 0),
      loosen: looser && (() => this.find(looser)),
    };
    return allReviewed(summary, report, actions, this.plan.current?.blocked);
  }

  private showInstead(content: HTMLElement): void {
    this.announced = '';
    this.work.hidden = true;
    this.instead.hidden = false;
    this.aside.hidden = !this.report || this.report.groups.length === 0;
    replaceChildren(this.instead, content);
  }
}
