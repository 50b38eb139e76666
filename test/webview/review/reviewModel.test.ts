import { describe, expect, it } from 'vitest';
import { KindredError } from '../../../src/rpc/errors';
import type { Decision, DecisionState, DuplicateGroup, Verdict } from '../../../src/trainer/protocol';
import { DetailStore } from '../../../src/webview/review/detailStore';
import { ReviewModel } from '../../../src/webview/review/reviewModel';
import { detail, group, report } from './groups';

/** A journal in memory: what the trainer's answers are made of. */
class Journal {
  readonly batches: Verdict[][] = [];
  failNext: Error | undefined;

  state(): DecisionState {
    const marks = new Map<number, 'keep' | 'remove'>();
    const decisions: Decision[] = [];
    for (const verdict of this.batches.flat()) {
      decisions.push({ ...verdict, id: String(decisions.length), at: '' });
      if (verdict.kind === 'keep' || verdict.kind === 'remove')
        marks.set(parseInt(verdict.item.hash, 16), verdict.kind);
    }
    const of = (kind: string): number[] => [...marks].filter(([, mark]) => mark === kind).map(([item]) => item);
    return { decisions, keep: of('keep'), remove: of('remove'), canUndo: this.batches.length > 0 };
  }

  record(verdicts: readonly Verdict[]): Promise<DecisionState> {
    const error = this.failNext;
    this.failNext = undefined;
    if (error) return Promise.reject(error);
    this.batches.push([...verdicts]);
    return Promise.resolve(this.state());
  }

  undo(): Promise<DecisionState> {
    this.batches.pop();
    return Promise.resolve(this.state());
  }
}

const GROUPS = [
  group('a', [1, 2]),
  group('b', [3, 4, 5], { evidence: 'perceptual', distance: 2 }),
  group('c', [6, 7], {}, { labelConflict: true }),
];

async function review(groups: readonly DuplicateGroup[] = GROUPS): Promise<{
  model: ReviewModel;
  journal: Journal;
  said: string[];
  failures: unknown[];
}> {
  const journal = new Journal();
  const said: string[] = [];
  const failures: unknown[] = [];
  const details = new DetailStore((items) => Promise.resolve(items.map((item) => detail(item))));
  await details.load(groups.flatMap(({ items }) => items));
  const model = new ReviewModel(
    details,
    { record: (verdicts) => journal.record(verdicts), undo: () => journal.undo() },
    { changed: () => undefined, said: (text) => said.push(text), failed: (error) => failures.push(error) },
  );
  model.show(report(groups));
  return { model, journal, said, failures };
}

function kinds(verdicts: readonly Verdict[]): string[] {
  return verdicts.map((v) => (v.kind === 'not-duplicate' ? 'apart' : `${v.kind} ${parseInt(v.item.hash, 16)}`)).sort();
}

describe('reviewing', () => {
  it('takes the suggestion, goes on, and is done at the end', async () => {
    const { model, journal } = await review();
    expect(model.currentCase?.id).toBe('a');
    model.accept();
    expect(model.states[0]).toBe('decided');
    expect(model.currentCase?.id).toBe('b');
    model.keepOnly(1);
    model.keepAll();
    expect(model.done).toBe(true);
    await model.recorder.settled();
    expect(journal.batches.map(kinds)).toEqual([
      ['keep 1', 'remove 2'],
      ['keep 4', 'remove 3', 'remove 5'],
      ['keep 6', 'keep 7'],
    ]);
    expect(model.summary).toMatchObject({ reviewed: 3, removed: 3, nearReviewed: 1, nearConfirmed: 1 });
    expect(model.summary.removedBytes).toBe(1002 + 1003 + 1005);
  });

  it('records changed marks only when they are accepted, and takes them back', async () => {
    const { model, journal } = await review();
    model.select(1);
    model.toggle(1);
    expect(model.marks.touched).toBe(true);
    expect(model.marks.marks.get(4)).toBe('keep');
    expect(model.resetDraft()).toBe(true);
    expect(model.marks.marks.get(4)).toBe('remove');
    model.toggle(2);
    model.accept();
    await model.recorder.settled();
    expect(journal.batches.map(kinds)).toEqual([['keep 3', 'keep 5', 'remove 4']]);
  });

  it('asks twice before removing every member', async () => {
    const { model, journal, said } = await review();
    model.toggle(0);
    model.accept();
    expect(said.at(-1)).toContain('no copy would stay');
    expect(model.states[0]).toBe('undecided');
    model.accept();
    await model.recorder.settled();
    expect(journal.batches.map(kinds)).toEqual([['remove 1', 'remove 2']]);
  });

  it('takes back removals when the items are not duplicates after all', async () => {
    const { model, journal } = await review();
    model.accept();
    model.select(0);
    model.notDuplicates();
    expect(model.states[0]).toBe('not-duplicate');
    await model.recorder.settled();
    expect(journal.batches.map(kinds).at(-1)).toEqual(['apart', 'keep 2']);
    expect(model.states[0]).toBe('not-duplicate');
  });

  it('shows what was before when the trainer refuses, and goes back to it', async () => {
    const { model, journal, failures } = await review();
    journal.failNext = new KindredError('disk-full', 'The disk is full.');
    model.accept();
    expect(model.currentCase?.id).toBe('b');
    model.accept();
    await model.recorder.settled();
    await Promise.resolve();
    expect(failures).toHaveLength(1);
    expect(model.states).toEqual(['undecided', 'decided', 'undecided']);
    expect(model.currentCase?.id).toBe('a');
    expect(journal.batches.map(kinds)).toEqual([['keep 3', 'remove 4', 'remove 5']]);
  });

  it('undoes the newest decision and goes to where it was made', async () => {
    const { model, journal } = await review();
    model.accept();
    model.accept();
    await model.undo();
    expect(model.currentCase?.id).toBe('b');
    expect(model.states).toEqual(['decided', 'undecided', 'undecided']);
    await model.undo();
    expect(model.currentCase?.id).toBe('a');
    expect(journal.batches).toEqual([]);
    expect(model.ledger.canUndo).toBe(false);
  });

  it('accepts all exact groups but those with different labels, as one decision', async () => {
    const { model, journal } = await review();
    expect(model.exactPlan).toMatchObject({ cases: 1, keep: 1, remove: 1, bytes: 1002, conflicts: 1 });
    model.acceptExact();
    await model.recorder.settled();
    expect(journal.batches).toHaveLength(1);
    expect(model.states).toEqual(['decided', 'undecided', 'undecided']);
    expect(model.currentCase?.id).toBe('b');
  });

  it('keeps verdicts over a new find: an item that was kept stays the one to keep', async () => {
    const { model } = await review();
    model.keepOnly(1);
    await model.recorder.settled();
    model.show(report([group('a2', [1, 2, 9])]));
    expect(model.states).toEqual(['undecided']);
    expect([...model.marks.marks]).toEqual([
      [1, 'remove'],
      [2, 'keep'],
      [9, 'remove'],
    ]);
  });

  it('stays at its case over a new find', async () => {
    const { model } = await review();
    model.select(2);
    model.show(report([GROUPS[2], GROUPS[0]]));
    expect(model.currentCase?.id).toBe('c');
  });

  it('does not end up anywhere when nothing is found', async () => {
    const { model } = await review([]);
    expect(model.currentCase).toBeUndefined();
    model.accept();
    model.step(1);
    expect(model.done).toBe(false);
  });
});
