import type { Modality, NeighbourList } from '../../trainer/protocol';
import {
  formatDistance,
  formatItems,
  h,
  icon,
  thumbnailImage,
  VirtualGrid,
  type GridCell,
  type ThumbnailCache,
} from '../shell';
import { cardClass, cardShape } from './cardShape';
import { categoryOf } from './colouring';
import type { ExploreData } from './session';

export interface NeighbourListener {
  /** Click or Space: look at that item. */
  walk(item: number): void;
  /** Enter: open its file. */
  open(item: number): void;
}

/** Height of label and distance under a picture, in pixels. */
const WORDS = 32;

/** The items most similar to one, nearest first, with distances; another label than the item's own stands out. */
export class NeighbourGrid {
  readonly element: HTMLElement;
  private readonly remark = h('p', { class: 'muted' });
  private readonly grid: VirtualGrid;
  private list: NeighbourList = { items: new Int32Array(0), distances: new Float32Array(0) };
  private item = -1;
  private modality: Modality = 'image';
  private data: ExploreData | undefined;

  constructor(
    private readonly thumbnails: ThumbnailCache,
    listener: NeighbourListener,
  ) {
    this.grid = new VirtualGrid({
      label: 'Nearest neighbours',
      ...cardShape('image', WORDS),
      gap: 6,
      grow: true,
      render: (index) => this.cell(index),
      onActivate: (index) => listener.walk(this.list.items[index]),
      onOpen: (index) => listener.open(this.list.items[index]),
    });
    this.element = h('div', { class: 'neighbours' }, this.remark, this.grid.element);
  }

  show(item: number, list: NeighbourList, data: ExploreData): void {
    this.item = item;
    this.list = list;
    this.data = data;
    this.modality = data.overview.summary.modality;
    this.grid.reshape(cardShape(this.modality, WORDS));
    this.remark.textContent = this.summary();
    this.grid.reset(list.items.length);
  }

  private summary(): string {
    const count = this.list.items.length;
    if (this.ownLabel() === undefined) return `${formatItems(count, this.modality)}, nearest first.`;
    const same = this.list.items.filter((other) => !this.differs(other)).length;
    return `${same} of the nearest ${count} have the same label.`;
  }

  private ownLabel(): string | undefined {
    return this.data && categoryOf(this.data.columns.label, this.item);
  }

  private labelOf(other: number): string | undefined {
    return this.data && categoryOf(this.data.columns.label, other);
  }

  private differs(other: number): boolean {
    const own = this.ownLabel();
    const theirs = this.labelOf(other);
    return own !== undefined && theirs !== undefined && own !== theirs;
  }

  private cell(index: number): GridCell {
    const other = this.list.items[index];
    const image = thumbnailImage(this.thumbnails, other, '');
    const differs = this.differs(other);
    const element = h(
      'div',
      { class: cardClass(this.modality, differs ? 'card-differs' : ''), attributes: { title: this.tip(index) } },
      h('div', { class: 'card-picture' }, image.element),
      said(`${index + 1}: `),
      h('div', { class: 'card-line ellipsis' }, differs && icon('warning'), this.labelOf(other) ?? 'No label'),
      said(differs ? ', another label, distance ' : ', distance '),
      h('div', { class: 'card-line muted' }, formatDistance(this.list.distances[index])),
    );
    return { element, release: () => image.release() };
  }

  private tip(index: number): string {
    const other = this.list.items[index];
    const label = this.labelOf(other) ?? 'no label';
    const differs = this.differs(other) ? ', another label' : '';
    return `${index + 1}: ${label}${differs}, distance ${formatDistance(this.list.distances[index])}`;
  }
}

/** For screen readers only. */
function said(text: string): HTMLElement {
  return h('span', { class: 'visually-hidden' }, text);
}
