import type { DatasetRef, ItemDetail } from '../../trainer/protocol';
import type { Host } from '../shell';

const CAPACITY = 4000;

/** Details of items, remembered. Wishes of the same moment travel together. */
export class ItemDetails {
  private readonly known = new Map<number, Promise<ItemDetail | undefined>>();
  private wanted: { item: number; resolve: (detail: ItemDetail | undefined) => void }[] = [];

  constructor(
    private readonly host: Host,
    private readonly dataset: DatasetRef,
  ) {}

  /** `undefined` when the host cannot tell. */
  get(item: number): Promise<ItemDetail | undefined> {
    let detail = this.known.get(item);
    if (!detail) {
      detail = new Promise((resolve) => {
        if (this.wanted.length === 0) queueMicrotask(() => void this.ask());
        this.wanted.push({ item, resolve });
      });
      if (this.known.size >= CAPACITY) this.known.clear();
      this.known.set(item, detail);
    }
    return detail;
  }

  /** The dataset has changed. */
  clear(): void {
    this.known.clear();
  }

  private async ask(): Promise<void> {
    const asked = this.wanted;
    this.wanted = [];
    try {
      const items = asked.map(({ item }) => item);
      const details = await this.host.call('dataset.items', { dataset: this.dataset, items });
      asked.forEach(({ resolve }, i) => resolve(details[i]));
    } catch {
      asked.forEach(({ item, resolve }) => {
        this.known.delete(item);
        resolve(undefined);
      });
    }
  }
}
