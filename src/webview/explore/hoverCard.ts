import {
  FloatingCard,
  fileName,
  h,
  thumbnailImage,
  type Disposable,
  type ThumbnailCache,
  type ThumbnailImage,
} from '../shell';
import { categoryOf } from './colouring';
import type { ItemDetails } from './itemDetails';
import type { ExploreData } from './session';

/** What is under the pointer: picture, name, label and split. */
export class HoverCard implements Disposable {
  private readonly card = new FloatingCard();
  private image: ThumbnailImage | undefined;
  private item = -1;

  constructor(
    private readonly thumbnails: ThumbnailCache,
    private readonly details: ItemDetails,
  ) {}

  /** Item -1 hides the card. */
  show(item: number, x: number, y: number, data: ExploreData | undefined): void {
    this.item = item;
    this.image?.release();
    this.image = undefined;
    if (item < 0 || !data) {
      this.card.hide();
      return;
    }
    const name = h('div', { class: 'hover-name' }, '\u00a0');
    const folder = h('div', { class: 'hover-path muted ellipsis' }, '\u00a0');
    this.image = thumbnailImage(this.thumbnails, item, '');
    const words = h('div', { class: 'hover-words' }, name, ...facts(data, item), folder);
    this.card.show(
      [h('div', { class: 'hover' }, h('div', { class: 'hover-picture' }, this.image.element), words)],
      x,
      y,
    );
    void this.details.get(item).then((detail) => {
      if (this.item !== item || !detail) return;
      name.textContent = fileName(detail.path);
      folder.textContent = detail.path;
      folder.hidden = fileName(detail.path) === detail.path;
      this.card.move(x, y);
    });
  }

  dispose(): void {
    this.image?.release();
    this.card.dispose();
  }
}

function facts({ columns }: ExploreData, item: number): HTMLElement[] {
  const label = categoryOf(columns.label, item);
  const split = categoryOf(columns.split, item);
  return [
    h('div', { class: 'hover-label' }, label ?? 'No label'),
    ...(split === undefined ? [] : [h('div', { class: 'muted' }, split)]),
  ];
}
