import type { Decision, DecisionState, ItemRef } from '../../trainer/protocol';
import type { Verdicts } from './caseState';
import type { Mark } from './reviewCase';

/** A decision of the person that the trainer has not confirmed yet. */
export interface PendingChange {
  readonly marks: ReadonlyMap<number, Mark>;
  /** Items that are no duplicates of each other. */
  readonly apart: readonly number[];
}

/**
 * What has been decided: the journal as the trainer last gave it, and on top of it the changes that are still on their way, newest
 * last. Dropping a pending change shows again what was there before.
 */
export class Ledger implements Verdicts {
  /** Counts up with every change. */
  version = 0;
  private keep: ReadonlySet<number> = new Set();
  private remove: ReadonlySet<number> = new Set();
  private apart = new ApartIndex([]);
  private readonly pending: PendingChange[] = [];
  private undoable = false;

  /** `refOf` gives undefined for an item whose facts are not loaded yet. */
  constructor(private readonly refOf: (item: number) => ItemRef | undefined) {}

  get canUndo(): boolean {
    return this.undoable || this.pending.length > 0;
  }

  confirm(state: DecisionState): void {
    this.version++;
    this.keep = new Set(state.keep);
    this.remove = new Set(state.remove);
    this.apart = new ApartIndex(state.decisions);
    this.undoable = state.canUndo;
  }

  add(change: PendingChange): void {
    this.version++;
    this.pending.push(change);
  }

  drop(change: PendingChange): void {
    this.version++;
    const at = this.pending.indexOf(change);
    if (at >= 0) this.pending.splice(at, 1);
  }

  markOf(item: number): Mark | undefined {
    for (let i = this.pending.length - 1; i >= 0; i--) {
      const mark = this.pending[i].marks.get(item);
      if (mark !== undefined) return mark;
    }
    if (this.remove.has(item)) return 'remove';
    return this.keep.has(item) ? 'keep' : undefined;
  }

  areApart(items: readonly number[]): boolean {
    for (const change of this.pending) {
      if (change.apart.length > 0 && items.every((item) => change.apart.includes(item))) return true;
    }
    if (this.apart.empty) return false;
    const refs: ItemRef[] = [];
    for (const item of items) {
      const ref = this.refOf(item);
      if (ref === undefined) return false;
      refs.push(ref);
    }
    return this.apart.covers(refs);
  }
}

/** Finds the not-duplicate decision that names all of some items. */
class ApartIndex {
  private readonly decisionsOf = new Map<string, number[]>();

  constructor(decisions: readonly Decision[]) {
    decisions.forEach((decision, ordinal) => {
      if (decision.kind !== 'not-duplicate') return;
      for (const ref of decision.items) {
        // What was the only item of its content may have been renamed since; a copy among others is known by its path too.
        const key = ref.others === undefined ? ref.hash : keyOf(ref);
        const known = this.decisionsOf.get(key);
        if (known === undefined) this.decisionsOf.set(key, [ordinal]);
        else known.push(ordinal);
      }
    });
  }

  get empty(): boolean {
    return this.decisionsOf.size === 0;
  }

  covers(refs: readonly ItemRef[]): boolean {
    let common: readonly number[] | undefined;
    for (const ref of refs) {
      const of = this.decisionsOf.get(keyOf(ref)) ?? this.decisionsOf.get(ref.hash);
      if (of === undefined) return false;
      common = common === undefined ? of : common.filter((ordinal) => of.includes(ordinal));
      if (common.length === 0) return false;
    }
    return common !== undefined;
  }
}

function keyOf(ref: ItemRef): string {
  return `${ref.hash} ${ref.path}`;
}
