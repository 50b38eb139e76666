import { button, formatItems, h, thumbnailImage, VirtualGrid, type GridCell, type ThumbnailCache } from '../shell';
import { cardClass, cardShape } from './cardShape';
import { categoryOf } from './colouring';
import type { ExploreData } from './session';

export interface SelectionListener {
  look(item: number): void;
  open(item: number): void;
  clear(): void;
}

const MOST_LABELS = 4;
/** Height of the label under a picture, in pixels. */
const WORDS = 18;

/** The items of the lasso as pictures, however many. */
export class SelectionPane {
  readonly element: HTMLElement;
  private readonly title = h('h2', { class: 'ellipsis' });
  private readonly summary = h('p', { class: 'muted selection-summary' });
  private readonly grid: VirtualGrid;
  private items: readonly number[] = [];
  private data: ExploreData | undefined;

  constructor(
    private readonly thumbnails: ThumbnailCache,
    listener: SelectionListener,
  ) {
    this.grid = new VirtualGrid({
      label: 'Selected items',
      ...cardShape('image', WORDS),
      render: (index) => this.cell(index),
      cellLabel: (index) => this.label(index),
      onActivate: (index) => listener.look(this.items[index]),
      onOpen: (index) => listener.open(this.items[index]),
    });
    this.element = h(
      'div',
      { class: 'selection' },
      h(
        'div',
        { class: 'item-header' },
        this.title,
        h('span', { class: 'spacer' }),
        button({
          label: 'Clear the selection',
          icon: 'clear-all',
          kind: 'icon',
          tip: 'Clear the selection (Escape)',
          onClick: () => listener.clear(),
        }),
      ),
      this.summary,
      this.grid.element,
    );
  }

  show(items: readonly number[], data: ExploreData): void {
    if (items === this.items && data === this.data) return;
    this.items = items;
    this.data = data;
    this.title.textContent = formatItems(items.length, data.overview.summary.modality);
    this.summary.textContent = labelSummary(items, data);
    this.grid.reshape(cardShape(data.overview.summary.modality, WORDS));
    this.grid.reset(items.length);
  }

  private cell(index: number): GridCell {
    const image = thumbnailImage(this.thumbnails, this.items[index], '');
    const element = h(
      'div',
      { class: cardClass(this.data?.overview.summary.modality ?? 'image'), attributes: { title: this.label(index) } },
      h('div', { class: 'card-picture' }, image.element),
      h('div', { class: 'card-line ellipsis' }, this.label(index)),
    );
    return { element, release: () => image.release() };
  }

  private label(index: number): string {
    return (this.data && categoryOf(this.data.columns.label, this.items[index])) ?? 'No label';
  }
}

/** "3 labels: dog 12, cat 5, fox 1". */
function labelSummary(items: readonly number[], { columns }: ExploreData): string {
  const counts = new Map<string, number>();
  for (const item of items) {
    const label = categoryOf(columns.label, item) ?? 'no label';
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  const ranked = [...counts].sort((a, b) => b[1] - a[1]);
  const named = ranked.slice(0, MOST_LABELS).map(([label, count]) => `${label} ${count}`);
  const rest = ranked.length - named.length;
  return `${formatItems(ranked.length, 'label')}: ${named.join(', ')}${rest > 0 ? `, and ${rest} more` : ''}`;
}
