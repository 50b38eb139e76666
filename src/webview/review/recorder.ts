import type { DecisionState, ItemDetail, ItemRef, Verdict } from '../../trainer/protocol';
import type { Ledger, PendingChange } from './ledger';

/** The trainer's side of decisions, as far as the recorder needs it. */
export interface DecisionCalls {
  details(items: readonly number[]): Promise<readonly ItemDetail[]>;
  record(verdicts: readonly Verdict[]): Promise<DecisionState>;
  undo(): Promise<DecisionState>;
}

/**
 * Shows a decision at once and sends it behind, one after the other in the order in which they were made. When the trainer
 * refuses one, it is taken back from the screen and `onError` is told; later ones are still sent.
 */
export class Recorder {
  private tail: Promise<void> = Promise.resolve();

  constructor(
    private readonly ledger: Ledger,
    private readonly calls: DecisionCalls,
    private readonly onChange: () => void,
  ) {}

  /** Resolves when the decision is on the disk; rejects, with the screen as before, when it is not. */
  record(change: PendingChange): Promise<void> {
    this.ledger.add(change);
    this.onChange();
    return this.inTurn(async () => {
      try {
        const state = await this.calls.record(await this.verdictsOf(change));
        this.ledger.drop(change);
        this.ledger.confirm(state);
      } catch (error) {
        this.ledger.drop(change);
        throw error;
      } finally {
        this.onChange();
      }
    });
  }

  /** Takes back the newest decision, of this or of an earlier session. */
  undo(): Promise<void> {
    return this.inTurn(async () => {
      this.ledger.confirm(await this.calls.undo());
      this.onChange();
    });
  }

  /** Waits until all that was decided so far has been sent. */
  settled(): Promise<void> {
    return this.tail;
  }

  private inTurn(step: () => Promise<void>): Promise<void> {
    const done = this.tail.then(step);
    this.tail = done.catch(() => undefined);
    return done;
  }

  private async verdictsOf(change: PendingChange): Promise<Verdict[]> {
    const items = new Set([...change.marks.keys(), ...change.apart]);
    const refs = new Map((await this.calls.details([...items])).map((detail) => [detail.item, refOf(detail)]));
    const verdicts: Verdict[] = [...change.marks].map(([item, kind]) => ({ kind, item: refs.get(item)! }));
    if (change.apart.length > 0) {
      verdicts.push({ kind: 'not-duplicate', items: change.apart.map((item) => refs.get(item)!) });
    }
    return verdicts;
  }
}

export function refOf(detail: ItemDetail): ItemRef {
  return { hash: detail.hash, path: detail.path };
}
