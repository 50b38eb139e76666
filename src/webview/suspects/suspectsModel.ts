import type { DecisionState, ItemRef, Suspect, SuspectList, Verdict } from '../../trainer/protocol';

export type SuspectState = 'undecided' | 'label-right' | 'relabel' | 'remove';

/** What a person can say of a suspected label. */
export type SuspectChoice =
  { readonly kind: 'label-right' | 'remove' } | { readonly kind: 'relabel'; readonly label: string };

/** The queue of suspected labels: what was said of each, and which one is looked at. */
export class SuspectsModel {
  current = 0;
  private decisions: DecisionState = { decisions: [], keep: [], remove: [], canUndo: false };
  private removed: ReadonlySet<number> = new Set();
  private right: ReadonlySet<number> = new Set();
  private relabelled: ReadonlyMap<number, string> = new Map();

  constructor(readonly list: SuspectList) {}

  get suspects(): readonly Suspect[] {
    return this.list.suspects;
  }

  get suspect(): Suspect | undefined {
    return this.suspects.at(this.current);
  }

  get reviewed(): number {
    return this.suspects.filter(({ item }) => this.stateOf(item) !== 'undecided').length;
  }

  get canUndo(): boolean {
    return this.decisions.canUndo;
  }

  confirm(state: DecisionState): void {
    this.decisions = state;
    this.removed = new Set(state.remove);
    this.right = new Set(state.labelRight);
    this.relabelled = new Map((state.relabel ?? []).map(({ item, label }) => [item, label]));
  }

  /** A removal counts first: it is what an apply would do. */
  stateOf(item: number): SuspectState {
    if (this.removed.has(item)) return 'remove';
    if (this.relabelled.has(item)) return 'relabel';
    return this.right.has(item) ? 'label-right' : 'undecided';
  }

  /** The label that the item is to get, when that was decided. */
  newLabelOf(item: number): string | undefined {
    return this.relabelled.get(item);
  }

  /** What the run itself would say: the label that the item looks like, or its own when it looks like no other. */
  get suggestion(): SuspectChoice {
    const { label, nearestLabel } = this.suspect ?? { label: '', nearestLabel: '' };
    return nearestLabel === label ? { kind: 'label-right' } : { kind: 'relabel', label: nearestLabel };
  }

  /** As the journal takes it. To give an excluded item a label, right or new, takes it back among the others. */
  verdictsOf({ item, label }: Suspect, ref: ItemRef, choice: SuspectChoice): Verdict[] {
    if (choice.kind === 'remove') return [{ kind: 'remove', item: ref }];
    const verdict: Verdict =
      choice.kind === 'relabel' && choice.label !== label
        ? { kind: 'relabel', item: ref, label: choice.label }
        : { kind: 'label-right', item: ref, label };
    return this.removed.has(item) ? [{ kind: 'keep', item: ref }, verdict] : [verdict];
  }

  select(index: number): void {
    this.current = Math.max(0, Math.min(this.suspects.length - 1, index));
  }

  selectItem(item: number): void {
    const index = this.suspects.findIndex((suspect) => suspect.item === item);
    if (index >= 0) this.current = index;
  }

  /** On to the next one of which nothing was said, round the end; stays when there is none. */
  nextUndecided(): boolean {
    const { length } = this.suspects;
    for (let offset = 1; offset <= length; offset++) {
      const index = (this.current + offset) % length;
      if (this.stateOf(this.suspects[index].item) !== 'undecided') continue;
      this.current = index;
      return true;
    }
    return false;
  }
}
