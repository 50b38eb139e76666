import { isCancelled } from '../../rpc/errors';
import type { DatasetRef, EmbeddingSummary, ItemDetail, Modality, NeighbourList } from '../../trainer/protocol';
import {
  button,
  errorState,
  fileName,
  formatBytes,
  h,
  icon,
  loadingState,
  replaceChildren,
  setDisabled,
  textMeasures,
  type Host,
  type ThumbnailCache,
} from '../shell';
import { canGo, currentItem, type History } from './history';
import type { ItemDetails } from './itemDetails';
import { NeighbourGrid } from './neighbourGrid';
import type { ExploreData } from './session';

const NEIGHBOURS = 24;
const LARGE = 512;

export interface ItemPaneListener {
  walk(item: number): void;
  open(item: number): void;
  reveal(item: number): void;
  step(step: -1 | 1): void;
  /** The true neighbours of the item, for the map. */
  neighbours(item: number, list: NeighbourList): void;
  close(): void;
}

/** The item that is looked at: large picture, facts, and the nearest neighbours in the embedding. */
export class ItemPane {
  readonly element: HTMLElement;
  private readonly back: HTMLElement;
  private readonly forward: HTMLElement;
  private readonly picture = h('div', { class: 'item-picture' });
  private readonly name = h('h2', { class: 'item-name ellipsis' });
  private readonly facts = h('dl', { class: 'item-facts' });
  private readonly gallery = h('div', { class: 'item-gallery' });
  private readonly grid: NeighbourGrid;
  private shown = '';
  private item = -1;
  private modality: Modality = 'image';
  private pictureUrl: string | undefined;

  constructor(
    private readonly host: Host,
    private readonly dataset: DatasetRef,
    thumbnails: ThumbnailCache,
    private readonly details: ItemDetails,
    private readonly listener: ItemPaneListener,
  ) {
    this.grid = new NeighbourGrid(thumbnails, {
      walk: (item) => listener.walk(item),
      open: (item) => listener.open(item),
    });
    this.back = button({
      label: 'Back',
      icon: 'arrow-left',
      kind: 'icon',
      tip: 'Back (Alt+[)',
      onClick: () => listener.step(-1),
    });
    this.forward = button({
      label: 'Forward',
      icon: 'arrow-right',
      kind: 'icon',
      tip: 'Forward (Alt+])',
      onClick: () => listener.step(1),
    });
    this.element = h(
      'div',
      { class: 'item' },
      this.header(),
      this.picture,
      this.facts,
      h('h3', {}, 'Nearest neighbours'),
      this.gallery,
    );
  }

  /**
   * Shows the history's item; `embedding` is missing until it is computed. `other`: of the model that it is compared with.
   */
  show(history: History, data: ExploreData, embedding: string | undefined, other?: EmbeddingSummary): void {
    const item = currentItem(history);
    setDisabled(this.back, !canGo(history, -1));
    setDisabled(this.forward, !canGo(history, 1));
    this.modality = data.overview.summary.modality;
    const key = `${item} ${embedding ?? ''} ${other?.id ?? ''} ${data.overview.summary.fingerprint}`;
    if (key === this.shown || item < 0) return;
    this.shown = key;
    if (item !== this.item) {
      this.item = item;
      this.element.parentElement?.scrollTo({ top: 0 });
      void this.showPicture(item);
      void this.details.get(item).then((detail) => this.item === item && this.showFacts(item, detail));
    }
    void this.showNeighbours(item, data, embedding, other);
  }

  private header(): HTMLElement {
    return h(
      'div',
      { class: 'item-header' },
      this.back,
      this.forward,
      this.name,
      button({
        label: 'Open the file',
        icon: 'go-to-file',
        kind: 'icon',
        tip: 'Open the file (Enter)',
        onClick: () => this.listener.open(this.item),
      }),
      button({
        label: 'Show in the Explorer',
        icon: 'folder-opened',
        kind: 'icon',
        tip: 'Show in the Explorer',
        onClick: () => this.listener.reveal(this.item),
      }),
      button({
        label: 'Close',
        icon: 'close',
        kind: 'icon',
        tip: 'Close (Escape)',
        onClick: () => this.listener.close(),
      }),
    );
  }

  private async showPicture(item: number): Promise<void> {
    const bytes: unknown = await this.host
      .call('dataset.thumbnails', { dataset: this.dataset, items: [item], size: LARGE })
      .then((pictures) => pictures[0])
      .catch(() => undefined);
    if (this.item !== item) return;
    if (this.pictureUrl !== undefined) URL.revokeObjectURL(this.pictureUrl);
    this.pictureUrl = undefined;
    if (bytes instanceof Uint8Array) {
      const url = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type: 'image/webp' }));
      this.pictureUrl = url;
      const alt = this.name.textContent === '' ? 'The item' : this.name.textContent;
      replaceChildren(this.picture, h('img', { attributes: { src: url, alt } }));
    } else if (typeof bytes === 'string') {
      const label = { tabIndex: 0, role: 'region', aria: { label: 'Text of the item' } } as const;
      replaceChildren(this.picture, h('div', { class: 'item-text', ...label }, bytes));
    } else {
      const text = `No ${this.modality === 'text' ? 'text' : 'picture'}: the file is gone or cannot be read.`;
      replaceChildren(
        this.picture,
        h('div', { class: 'item-no-picture muted' }, icon(this.modality === 'text' ? 'file-text' : 'file-media'), text),
      );
    }
  }

  private showFacts(item: number, detail: ItemDetail | undefined): void {
    this.name.textContent = detail ? fileName(detail.path) : `Item ${item}`;
    this.name.title = detail?.path ?? '';
    this.picture.querySelector('img')?.setAttribute('alt', this.name.textContent);
    if (!detail) {
      replaceChildren(this.facts);
      return;
    }
    const rows: [string, string][] = [
      ['Label', detail.label ?? '—'],
      ...(detail.split === undefined ? [] : [['Split', detail.split] as [string, string]]),
      ['Size', `${this.measures(detail)}, ${formatBytes(detail.bytes)}`],
      ['Path', detail.path],
      ...Object.entries(detail.metadata),
    ];
    replaceChildren(this.facts, ...rows.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]));
  }

  private measures({ width, height }: ItemDetail): string {
    return this.modality === 'text' ? textMeasures(width, height) : `${width} × ${height}`;
  }

  private async showNeighbours(
    item: number,
    data: ExploreData,
    embedding: string | undefined,
    other: EmbeddingSummary | undefined,
  ): Promise<void> {
    if (embedding === undefined) {
      replaceChildren(
        this.gallery,
        h('p', { class: 'muted' }, `They appear as soon as the model has read all ${this.modality}s.`),
      );
      return;
    }
    const key = this.shown;
    const waiting = window.setTimeout(() => replaceChildren(this.gallery, loadingState('Searching…')), 250);
    try {
      const [list, theirs] = await Promise.all([
        this.neighbours(item, embedding),
        other && this.neighbours(item, other.id),
      ]);
      window.clearTimeout(waiting);
      if (this.shown !== key) return;
      replaceChildren(this.gallery, this.grid.element);
      this.grid.show(item, list, data, other && theirs && { model: other.model, items: new Set(theirs.items) });
      this.listener.neighbours(item, list);
    } catch (error) {
      window.clearTimeout(waiting);
      if (this.shown !== key || isCancelled(error)) return;
      const again = (): void => void this.showNeighbours(item, data, embedding, other);
      replaceChildren(this.gallery, errorState(error, [{ label: 'Try again', onClick: again }]));
    }
  }

  private neighbours(item: number, embedding: string): Promise<NeighbourList> {
    return this.host.call('neighbours.of', { dataset: this.dataset, embedding, item, k: NEIGHBOURS });
  }
}
