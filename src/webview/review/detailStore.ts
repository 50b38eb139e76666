import type { ItemDetail } from '../../trainer/protocol';

const CHUNK = 1000;

/** Facts of items, fetched once; a first look at what is on the screen, all others behind in chunks. */
export class DetailStore {
  private readonly known = new Map<number, ItemDetail>();
  private generation = 0;

  constructor(private readonly fetch: (items: readonly number[]) => Promise<readonly ItemDetail[]>) {}

  get(item: number): ItemDetail | undefined {
    return this.known.get(item);
  }

  bytes = (item: number): number => this.known.get(item)?.bytes ?? 0;

  /** The facts of all `items`, in their order. */
  async load(items: readonly number[]): Promise<ItemDetail[]> {
    const missing = items.filter((item) => !this.known.has(item));
    for (let at = 0; at < missing.length; at += CHUNK) {
      const generation = this.generation;
      const details = await this.fetch(missing.slice(at, at + CHUNK));
      if (generation !== this.generation) return this.load(items);
      for (const detail of details) this.known.set(detail.item, detail);
    }
    return items.flatMap((item) => this.known.get(item) ?? []);
  }

  /** Loads all `items` in the background; `onChunk` after each part, and once at the end. Stops when `clear` is called. */
  async loadAll(items: readonly number[], onChunk: () => void): Promise<void> {
    const generation = this.generation;
    for (let at = 0; at < items.length && generation === this.generation; at += CHUNK) {
      await this.load(items.slice(at, at + CHUNK));
      onChunk();
    }
  }

  /** Forgets everything: the dataset has changed, and with it the numbers of the items. */
  clear(): void {
    this.generation++;
    this.known.clear();
  }
}
