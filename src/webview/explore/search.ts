import type { DatasetRef } from '../../trainer/protocol';
import type { Host } from '../shell';

const PAUSE_MS = 180;

/** Finds items by path, label, split, metadata or text, a moment after the last key. Only the newest search counts. */
export class Search {
  /** Ascending; `undefined` when nothing is searched. */
  found: Int32Array | undefined;
  private timer: number | undefined;
  private newest = 0;

  constructor(
    private readonly host: Host,
    private readonly dataset: DatasetRef,
    /** `found` has changed, or the search has failed. */
    private readonly onFound: (error: unknown) => void,
  ) {}

  /** Starts a search; an empty text ends it. */
  find(text: string): void {
    window.clearTimeout(this.timer);
    const wanted = text.trim();
    const turn = ++this.newest;
    if (wanted === '') {
      this.found = undefined;
      this.onFound(undefined);
    } else this.timer = window.setTimeout(() => void this.ask(wanted, turn), PAUSE_MS);
  }

  private async ask(text: string, turn: number): Promise<void> {
    try {
      const found = await this.host.call('dataset.search', { dataset: this.dataset, text, inTexts: true });
      if (turn !== this.newest) return;
      this.found = found;
      this.onFound(undefined);
    } catch (error) {
      if (turn === this.newest) this.onFound(error);
    }
  }
}
