import type { Modality, ModelId, NeighbourList } from '../../trainer/protocol';
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
import { modelName } from './modelChoices';
import type { ExploreData } from './session';

export interface NeighbourListener {
  /** Click or Space: look at that item. */
  walk(item: number): void;
  /** Enter: open its file. */
  open(item: number): void;
}

/** What another model takes for the nearest of the same item, as many of them. */
export interface OtherNeighbours {
  readonly model: ModelId;
  readonly items: ReadonlySet<number>;
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
  private others: OtherNeighbours | undefined;

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

  show(item: number, list: NeighbourList, data: ExploreData, others?: OtherNeighbours): void {
    this.item = item;
    this.others = others;
    this.list = list;
    this.data = data;
    this.modality = data.overview.summary.modality;
    this.grid.reshape(cardShape(this.modality, WORDS));
    this.remark.textContent = this.summary();
    this.grid.reset(list.items.length);
  }

  private summary(): string {
    const count = this.list.items.length;
    const same = this.list.items.filter((other) => !this.differs(other)).length;
    const labels =
      this.ownLabel() === undefined
        ? `${formatItems(count, this.modality)}, nearest first.`
        : `${same} of the nearest ${count} have the same label.`;
    if (!this.others) return labels;
    const shared = this.list.items.filter((other) => !this.isOnlyHere(other)).length;
    return `${labels} ${shared} are among the nearest ${count} of ${this.otherName()} too.`;
  }

  /** Another model is compared, and has others instead. */
  private isOnlyHere(other: number): boolean {
    return this.others?.items.has(other) === false;
  }

  private otherName(): string {
    return this.others ? modelName(this.others.model, this.modality) : '';
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
    const onlyHere = this.isOnlyHere(other);
    const marks = [...(differs ? ['card-differs'] : []), ...(onlyHere ? ['card-only-here'] : [])];
    const element = h(
      'div',
      { class: cardClass(this.modality, marks.join(' ')), attributes: { title: this.tip(index) } },
      h('div', { class: 'card-picture' }, image.element, onlyHere && icon('diff-added')),
      said(`${index + 1}: `),
      h('div', { class: 'card-line ellipsis' }, differs && icon('warning'), this.labelOf(other) ?? 'No label'),
      said(differs ? ', another label, distance ' : ', distance '),
      h('div', { class: 'card-line muted' }, formatDistance(this.list.distances[index])),
      onlyHere && said(`, not among the nearest of ${this.otherName()}`),
    );
    return { element, release: () => image.release() };
  }

  private tip(index: number): string {
    const other = this.list.items[index];
    const label = this.labelOf(other) ?? 'no label';
    const differs = this.differs(other) ? ', another label' : '';
    const onlyHere = this.isOnlyHere(other) ? `, not among the nearest of ${this.otherName()}` : '';
    return `${index + 1}: ${label}${differs}${onlyHere}, distance ${formatDistance(this.list.distances[index])}`;
  }
}

/** For screen readers only. */
function said(text: string): HTMLElement {
  return h('span', { class: 'visually-hidden' }, text);
}
