import { h, icon, replaceChildren, thumbnailImage, VirtualGrid, type GridCell, type ThumbnailCache } from '../shell';
import { rowWords, STATE_ICONS, stateWords } from './suspectWords';
import type { SuspectsModel } from './suspectsModel';

const ROW_HEIGHT = 56;

/** The queue on the left; only the rows on the screen exist. */
export class SuspectQueue {
  readonly element: HTMLElement;
  private readonly grid: VirtualGrid;
  private readonly rows = new Map<number, () => void>();
  private revealed = -1;

  constructor(
    private readonly model: SuspectsModel,
    private readonly thumbnails: ThumbnailCache,
    onSelect: (index: number) => void,
  ) {
    this.grid = new VirtualGrid({
      label: 'Suspected labels',
      cellWidth: 10_000,
      cellHeight: () => ROW_HEIGHT,
      gap: 0,
      render: (index) => this.renderRow(index),
      cellLabel: (index) =>
        `${rowWords(model.suspects[index]).join(' ')}, ${stateWords(model, model.suspects[index].item)}`,
      onActivate: onSelect,
    });
    this.element = this.grid.element;
    this.element.classList.add('queue');
    this.grid.reset(model.suspects.length);
  }

  update(): void {
    for (const update of this.rows.values()) update();
    if (this.model.current === this.revealed) return;
    this.revealed = this.model.current;
    this.grid.reveal(this.revealed);
  }

  dispose(): void {
    this.grid.dispose();
  }

  private renderRow(index: number): GridCell {
    const suspect = this.model.suspects[index];
    const { item } = suspect;
    const [label, looks, angle] = rowWords(suspect);
    const picture = thumbnailImage(this.thumbnails, item, '', true);
    const state = h('span', { class: 'suspect-state' });
    // The spaces are not seen, but without them a screen reader runs the words together.
    const names = [h('span', { class: 'ellipsis' }, label), ' ', h('span', { class: 'ellipsis suspect-looks' }, looks)];
    const element = h(
      'div',
      { class: 'queue-row suspect-row' },
      picture.element,
      h('div', { class: 'suspect-names' }, ...names),
      ' ',
      h('span', { class: 'suspect-angle' }, angle),
      state,
    );
    const update = (): void => {
      element.classList.toggle('queue-current', index === this.model.current);
      replaceChildren(state, icon(STATE_ICONS[this.model.stateOf(item)]));
      state.title = stateWords(this.model, item);
    };
    update();
    this.rows.set(index, update);
    return {
      element,
      release: () => {
        this.rows.delete(index);
        picture.release();
      },
    };
  }
}
