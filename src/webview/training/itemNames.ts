import type { DatasetRef, ItemDetail } from '../../trainer/protocol';
import { fileName, type Host } from '../shell';

/** What items are called, asked once each. */
export class ItemNames {
  private readonly known = new Map<number, ItemDetail>();

  constructor(
    private readonly host: Host,
    private readonly dataset: DatasetRef,
  ) {}

  async ask(items: Iterable<number>): Promise<void> {
    const unknown = [...new Set(items)].filter((item) => !this.known.has(item));
    if (unknown.length === 0) return;
    const details = await this.host.call('dataset.items', { dataset: this.dataset, items: unknown });
    for (const detail of details) this.known.set(detail.item, detail);
  }

  /** "owl, noto.png". */
  of(item: number): string {
    const detail = this.known.get(item);
    if (detail === undefined) return `item ${item}`;
    const file = fileName(detail.path);
    return detail.label === undefined ? file : `${detail.label}, ${file}`;
  }
}
