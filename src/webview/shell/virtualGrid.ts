import { h } from './dom';
import type { Disposable } from './disposable';
import { moveInGrid } from './keyboard';

/** What a cell shows; `release` is called when it leaves the screen. */
export interface GridCell {
  readonly element: HTMLElement;
  release?(): void;
}

export interface CellShape {
  /** Smallest width of a cell in pixels; the columns share what is over. */
  readonly cellWidth: number;
  /** Height of a cell in pixels, for the width that it got. */
  readonly cellHeight: (width: number) => number;
}

export interface VirtualGridProps extends CellShape {
  /** Accessible name of the whole grid. */
  readonly label: string;
  readonly gap?: number;
  /** Makes the content of a cell. */
  readonly render: (index: number) => GridCell;
  /** Accessible name of a cell, when its content does not say it. It must contain the text that can be seen. */
  readonly cellLabel?: (index: number) => string;
  /** A click or Space; Enter too when there is no `onOpen`. */
  readonly onActivate?: (index: number) => void;
  /** Enter or a double click. */
  readonly onOpen?: (index: number) => void;
  /** As high as its content, for a few cells in something else that scrolls. */
  readonly grow?: boolean;
}

interface ShownCell {
  readonly holder: HTMLElement;
  readonly cell: GridCell;
}

/** A scrolling grid that only holds the cells on the screen, for any number of cells; arrow keys move through it. */
export class VirtualGrid implements Disposable {
  readonly element: HTMLElement;
  private readonly canvas = h('div', { class: 'grid-canvas', role: 'presentation' });
  private readonly shown = new Map<number, ShownCell>();
  private readonly observer = new ResizeObserver(() => this.layout());
  private readonly gap: number;
  private shape: CellShape;
  private count = 0;
  private columns = 1;
  private width = 0;
  private height = 0;
  private current = 0;

  constructor(private readonly props: VirtualGridProps) {
    this.gap = props.gap ?? 6;
    this.shape = props;
    this.element = h(
      'div',
      {
        class: 'grid',
        role: 'listbox',
        tabIndex: 0,
        aria: { label: props.label },
        on: {
          scroll: () => this.draw(),
          keydown: (event) => this.press(event),
          focus: () => this.draw(),
        },
      },
      this.canvas,
    );
    this.observer.observe(this.element);
  }

  /** Cells of another shape, from the next `reset` on. */
  reshape(shape: CellShape): void {
    this.shape = shape;
  }

  /** Shows `count` cells anew, from the first one on unless `keepScroll`. */
  reset(count: number, keepScroll = false): void {
    this.count = count;
    this.releaseAll();
    this.current = Math.min(this.current, Math.max(0, count - 1));
    if (!keepScroll) {
      this.current = 0;
      this.element.scrollTop = 0;
    }
    this.layout();
  }

  /** Scrolls so that a cell can be seen, and makes it the current one. */
  reveal(index: number): void {
    this.current = index;
    const top = Math.floor(index / this.columns) * (this.height + this.gap);
    const { scrollTop, clientHeight } = this.element;
    if (top < scrollTop) this.element.scrollTop = top;
    else if (top + this.height > scrollTop + clientHeight) this.element.scrollTop = top + this.height - clientHeight;
    this.draw();
  }

  get scrollTop(): number {
    return this.element.scrollTop;
  }

  dispose(): void {
    this.observer.disconnect();
    this.releaseAll();
  }

  private layout(): void {
    const available = this.element.clientWidth;
    if (available === 0) return;
    const columns = Math.max(1, Math.floor((available + this.gap) / (this.shape.cellWidth + this.gap)));
    const width = Math.floor((available - this.gap * (columns - 1)) / columns);
    if (columns !== this.columns || width !== this.width) this.releaseAll();
    this.columns = columns;
    this.width = width;
    this.height = this.shape.cellHeight(width);
    const rows = Math.ceil(this.count / columns);
    const height = `${Math.max(0, rows * (this.height + this.gap) - this.gap)}px`;
    this.canvas.style.height = height;
    if (this.props.grow === true) this.element.style.height = height;
    this.draw();
  }

  private draw(): void {
    if (this.width === 0) return;
    const row = this.height + this.gap;
    const first = Math.max(0, (Math.floor(this.element.scrollTop / row) - 1) * this.columns);
    const last = Math.min(
      this.count,
      (Math.ceil((this.element.scrollTop + this.element.clientHeight) / row) + 1) * this.columns,
    );
    for (const [index, cell] of this.shown) if (index < first || index >= last) this.release(index, cell);
    for (let index = first; index < last; index++) if (!this.shown.has(index)) this.add(index);
    for (const [index, { holder }] of this.shown) holder.setAttribute('aria-selected', String(index === this.current));
    const active = this.shown.get(this.current);
    if (active) this.element.setAttribute('aria-activedescendant', active.holder.id);
    else this.element.removeAttribute('aria-activedescendant');
  }

  private add(index: number): void {
    const cell = this.props.render(index);
    const holder = h(
      'div',
      {
        class: 'grid-cell',
        role: 'option',
        id: `cell-${this.props.label.replace(/\W+/g, '-')}-${index}`,
        aria: { label: this.props.cellLabel?.(index), posinset: String(index + 1), setsize: String(this.count) },
        on: { click: () => this.activate(index), dblclick: () => this.props.onOpen?.(index) },
      },
      cell.element,
    );
    const column = index % this.columns;
    holder.style.width = `${this.width}px`;
    holder.style.height = `${this.height}px`;
    const top = Math.floor(index / this.columns) * (this.height + this.gap);
    holder.style.transform = `translate(${column * (this.width + this.gap)}px, ${top}px)`;
    this.canvas.append(holder);
    this.shown.set(index, { holder, cell });
  }

  private press(event: KeyboardEvent): void {
    const next = moveInGrid(event.key, this.current, this.count, this.columns);
    if (next !== undefined) this.reveal(next);
    else if (event.key === 'Enter' && this.props.onOpen) this.props.onOpen(this.current);
    else if (event.key === 'Enter' || event.key === ' ') this.activate(this.current);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private activate(index: number): void {
    if (index >= this.count) return;
    this.current = index;
    this.draw();
    this.props.onActivate?.(index);
  }

  private release(index: number, { holder, cell }: ShownCell): void {
    cell.release?.();
    holder.remove();
    this.shown.delete(index);
  }

  private releaseAll(): void {
    for (const [index, cell] of this.shown) this.release(index, cell);
  }
}
