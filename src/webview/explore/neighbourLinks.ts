import type { DatasetRef } from '../../trainer/protocol';
import type { Host } from '../shell';

/** Neighbours that are shown of what is only pointed at. */
const NEIGHBOURS = 10;
/** The pointer must rest so long, so that moving it over the map asks for nothing. */
const REST_MS = 120;

interface Links {
  readonly item: number;
  readonly items: Int32Array;
}

/** True neighbours of the item under the pointer, once it rests there; otherwise of the item that is looked at. */
export class NeighbourLinks {
  /** Of an item that was looked at. */
  active: Links | undefined;
  private hovered: Links | undefined;
  private timer: number | undefined;
  private item = -1;

  constructor(
    private readonly host: Host,
    private readonly dataset: DatasetRef,
    private readonly changed: () => void,
  ) {}

  /** What is to be drawn while the person looks at `item`. */
  shown(item: number): Links | undefined {
    return this.hovered ?? (this.active?.item === item ? this.active : undefined);
  }

  /** @param embedding undefined when there shall be none */
  point(item: number, embedding: string | undefined): void {
    window.clearTimeout(this.timer);
    this.item = embedding === undefined ? -1 : item;
    if (this.hovered && this.hovered.item !== this.item) {
      this.hovered = undefined;
      this.changed();
    }
    if (this.item < 0 || this.hovered || embedding === undefined) return;
    this.timer = window.setTimeout(() => void this.find(item, embedding), REST_MS);
  }

  private async find(item: number, embedding: string): Promise<void> {
    // The lines are a hint: where they cannot be had, the item's own pane says why.
    const list = await this.host
      .call('neighbours.of', { dataset: this.dataset, embedding, item, k: NEIGHBOURS })
      .catch(() => undefined);
    if (this.item !== item || !list) return;
    this.hovered = { item, items: list.items };
    this.changed();
  }
}
