import type { DecisionState, DuplicateReport } from '../../trainer/protocol';
import { stateOf, type CaseState } from './caseState';
import type { DetailStore } from './detailStore';
import { apartChange, initialMarks, keepAll, keepOnly, markChange, removesAll, toggled } from './draft';
import { Ledger, type PendingChange } from './ledger';
import { DEFAULT_VIEW, listedCases, nextUndecided, stepInQueue, type QueueView } from './queue';
import { Recorder, refOf, type DecisionCalls } from './recorder';
import { casesOf, type Marks, type ReviewCase } from './reviewCase';
import { bytesFreed, planExactSuggestions, reviewedWords, statesOf, summarise } from './summary';
import type { BulkPlan, ReviewSummary } from './summary';

/** What a model tells whoever shows it. */
export interface ReviewListener {
  /** The list, a state, a mark or the current case has changed. */
  changed(): void;
  /** Something to say to a screen reader, and beside the decision buttons. */
  said(text: string): void;
  /** A decision could not be kept; the screen shows again what was before. */
  failed(error: unknown): void;
}

interface Outlook {
  readonly of: readonly CaseState[];
  readonly summary: ReviewSummary;
  readonly exactPlan: BulkPlan;
}

/** The queue of cases, where the person is in it, and what they decide: all of the review but its looks. */
export class ReviewModel {
  cases: readonly ReviewCase[] = [];
  states: readonly CaseState[] = [];
  listed: readonly number[] = [];
  view: QueueView = DEFAULT_VIEW;
  /** Place of the current case in `cases`; undefined when there is none, or all are done. */
  current: number | undefined;
  /** Place of the focused member in the current case. */
  focused = 0;
  /** Everything is decided, and the person has not gone back to look at a case. */
  done = false;
  readonly ledger: Ledger;
  readonly recorder: Recorder;
  private readonly drafts = new Map<string, Marks>();
  private removingAll: string | undefined;
  private lastOutlook: Outlook | undefined;

  constructor(
    private readonly details: DetailStore,
    calls: Omit<DecisionCalls, 'details'>,
    private readonly listener: ReviewListener,
  ) {
    this.ledger = new Ledger((item) => {
      const detail = details.get(item);
      return detail && refOf(detail);
    });
    const withDetails: DecisionCalls = { ...calls, details: (items) => details.load(items) };
    this.recorder = new Recorder(this.ledger, withDetails, () => this.refresh());
  }

  get currentCase(): ReviewCase | undefined {
    return this.current === undefined ? undefined : this.cases[this.current];
  }

  get currentState(): CaseState | undefined {
    return this.current === undefined ? undefined : this.states[this.current];
  }

  get focusedItem(): number | undefined {
    return this.currentCase?.items[this.focused];
  }

  /** What Enter would record, and whether the person has changed it. */
  get marks(): { readonly marks: Marks; readonly touched: boolean } {
    const reviewCase = this.currentCase;
    if (!reviewCase) return { marks: new Map(), touched: false };
    const draft = this.drafts.get(reviewCase.id);
    return { marks: draft ?? initialMarks(reviewCase, this.ledger), touched: draft !== undefined };
  }

  get summary(): ReviewSummary {
    return this.outlook.summary;
  }

  /** What taking the suggestions of all undecided exact cases would do. */
  get exactPlan(): BulkPlan {
    return this.outlook.exactPlan;
  }

  /** Shows the groups of a new find; stays at the case of the same id, or else at the first undecided one. */
  show(report: DuplicateReport, caseId = this.currentCase?.id): void {
    this.cases = casesOf(report);
    this.drafts.clear();
    this.current = undefined;
    this.done = false;
    this.refreshStates();
    const at = this.cases.findIndex((reviewCase) => reviewCase.id === caseId);
    if (at >= 0) this.moveTo(at);
    else this.moveOn(-1);
  }

  confirm(state: DecisionState): void {
    this.ledger.confirm(state);
    this.refresh();
  }

  /** Looks again at what the facts of the items, the decisions and the filters say. */
  refresh(): void {
    this.refreshStates();
    this.listener.changed();
  }

  setView(view: QueueView): void {
    this.view = view;
    this.relist(undefined);
    if (this.current !== undefined && !this.listed.includes(this.current)) this.current = this.listed[0];
    this.focused = 0;
    this.listener.changed();
  }

  select(index: number): void {
    if (index in this.cases) this.moveTo(index);
  }

  step(offset: number): void {
    const next = stepInQueue(this.listed, this.current ?? -1, offset);
    if (next !== undefined && next !== this.current) this.moveTo(next);
  }

  skip(): void {
    const next = nextUndecided(this.listed, this.states, this.current ?? -1);
    if (next === undefined) this.listener.said('No other undecided group in this list.');
    else this.moveTo(next);
  }

  focus(member: number): void {
    const count = this.currentCase?.items.length ?? 0;
    if (count === 0) return;
    this.focused = Math.min(count - 1, Math.max(0, member));
    this.listener.changed();
  }

  keepOnly(member: number): void {
    const reviewCase = this.currentCase;
    const keeper = reviewCase?.items[member];
    if (reviewCase === undefined || keeper === undefined) return;
    this.decide(
      reviewCase,
      markChange(keepOnly(reviewCase, keeper)),
      `Kept ${member + 1}, removed ${othersWords(reviewCase)}.`,
    );
  }

  keepAll(): void {
    const reviewCase = this.currentCase;
    if (reviewCase) this.decide(reviewCase, markChange(keepAll(reviewCase)), `Kept all ${reviewCase.items.length}.`);
  }

  notDuplicates(): void {
    const reviewCase = this.currentCase;
    if (reviewCase) this.decide(reviewCase, apartChange(reviewCase, this.ledger), 'Not duplicates.');
  }

  /** Records the marks as they are shown. Removing every member has to be asked for twice. */
  accept(): void {
    const reviewCase = this.currentCase;
    if (!reviewCase) return;
    const { marks } = this.marks;
    if (removesAll(marks) && this.removingAll !== reviewCase.id) {
      this.removingAll = reviewCase.id;
      this.listener.said('All members are marked for removal: no copy would stay. Accept again to remove them all.');
      return;
    }
    const removed = [...marks.values()].filter((mark) => mark === 'remove').length;
    this.decide(reviewCase, markChange(marks), `Kept ${marks.size - removed}, removed ${removed}.`);
  }

  /** Changes the mark of one member; nothing is recorded until `accept`. */
  toggle(member: number): void {
    const reviewCase = this.currentCase;
    const item = reviewCase?.items[member];
    if (reviewCase === undefined || item === undefined) return;
    this.removingAll = undefined;
    const marks = toggled(this.marks.marks, item);
    this.drafts.set(reviewCase.id, marks);
    this.focused = member;
    this.listener.said(`Member ${member + 1}: ${marks.get(item) ?? ''}. Not recorded until you accept.`);
    this.listener.changed();
  }

  /** @returns whether there were changed marks to take back */
  resetDraft(): boolean {
    const reviewCase = this.currentCase;
    if (!reviewCase || !this.drafts.delete(reviewCase.id)) return false;
    this.removingAll = undefined;
    this.listener.changed();
    return true;
  }

  acceptExact(): void {
    const plan = this.exactPlan;
    if (plan.cases === 0) return;
    const change: PendingChange = { marks: plan.marks, apart: [] };
    this.send(change, this.current);
    this.listener.said(`Took the suggestion for ${plan.cases} exact groups: ${plan.remove} items marked for removal.`);
    this.moveOn(this.current ?? -1);
  }

  /** Takes the newest decision back and goes to where it shows. */
  async undo(): Promise<void> {
    if (!this.ledger.canUndo) {
      this.listener.said('Nothing to undo.');
      return;
    }
    await this.recorder.settled();
    const before = this.signatures();
    try {
      await this.recorder.undo();
    } catch (error) {
      this.listener.failed(error);
      return;
    }
    const after = this.signatures();
    const changed = after.flatMap((signature, index) => (signature === before[index] ? [] : [index]));
    const words = changed.length > 1 ? `Undone in ${changed.length} groups.` : 'Undone.';
    if (changed.length > 0) this.moveTo(changed[0]);
    this.listener.said(
      changed.length === 0 ? 'Undone: a decision about items that are in none of these groups.' : words,
    );
  }

  /** Place of the current case in the list, from 0. */
  get position(): number {
    return this.current === undefined ? -1 : this.listed.indexOf(this.current);
  }

  private decide(reviewCase: ReviewCase, change: PendingChange, words: string): void {
    const from = this.current;
    this.drafts.delete(reviewCase.id);
    this.removingAll = undefined;
    this.send(change, from);
    this.listener.said(words);
    this.moveOn(from ?? -1);
  }

  private send(change: PendingChange, from: number | undefined): void {
    const id = from === undefined ? undefined : this.cases[from]?.id;
    this.recorder.record(change).catch((error: unknown) => {
      const at = this.cases.findIndex((reviewCase) => reviewCase.id === id);
      if (at >= 0) this.moveTo(at);
      this.listener.failed(error);
    });
  }

  private moveOn(from: number): void {
    const next = nextUndecided(this.listed, this.states, from);
    if (next !== undefined) this.moveTo(next);
    else if (this.cases.length > 0 && !this.states.includes('undecided')) {
      this.done = true;
      this.listener.said(`${reviewedWords(this.cases.length)}.`);
      this.listener.changed();
    } else {
      this.moveTo(this.current ?? this.listed.at(0) ?? 0);
      if (from >= 0) this.listener.said('All groups of this list are decided; other kinds or states are not.');
    }
  }

  private moveTo(index: number): void {
    if (index !== this.current) this.focused = 0;
    this.current = this.cases.length === 0 ? undefined : index;
    this.done = false;
    this.removingAll = undefined;
    this.relist(this.current);
    this.listener.changed();
  }

  private refreshStates(): void {
    this.states = statesOf(this.cases, this.ledger);
    if (this.done && this.states.includes('undecided')) this.done = false;
    this.relist(this.current);
  }

  private relist(keep: number | undefined): void {
    const free = (reviewCase: ReviewCase): number => bytesFreed(reviewCase, this.details.bytes);
    this.listed = listedCases(this.cases, this.states, this.view, free, keep);
  }

  /** Made anew only when a state, a decision or a fact has changed. */
  private get outlook(): Outlook {
    if (this.lastOutlook?.of !== this.states) {
      this.lastOutlook = {
        of: this.states,
        summary: summarise(this.cases, this.states, this.ledger, this.details.bytes),
        exactPlan: planExactSuggestions(this.cases, this.states, this.details.bytes),
      };
    }
    return this.lastOutlook;
  }

  private signatures(): string[] {
    return this.cases.map((reviewCase) => {
      const marks = reviewCase.items.map((item) => this.ledger.markOf(item)?.[0] ?? '-').join('');
      return `${stateOf(reviewCase, this.ledger)} ${marks}`;
    });
  }
}

function othersWords(reviewCase: ReviewCase): string {
  return reviewCase.items.length === 2 ? 'the other' : `the other ${reviewCase.items.length - 1}`;
}
