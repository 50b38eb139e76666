import { Disposables, type Disposable } from '../shell/disposable';
import type { Frame } from './frame';
import type { PointIndex } from './pointIndex';

/** The pointer finds points at least this far away, in pixels. */
const REACH = 9;

export interface PointingListener {
  hovered(item: number, clientX: number, clientY: number): void;
  clicked(item: number): void;
}

/** Finds the point under the pointer, at most once a frame. */
export class Pointing implements Disposable {
  private readonly held = new Disposables();
  private x = 0;
  private y = 0;
  private request = 0;
  private over = -1;

  constructor(
    private readonly surface: HTMLElement,
    private readonly frame: Frame,
    private readonly index: PointIndex,
    private readonly busy: () => boolean,
    private readonly listener: PointingListener,
  ) {
    this.held.listen(surface, 'pointermove', (event) => {
      this.x = event.clientX;
      this.y = event.clientY;
      if (this.request === 0) this.request = requestAnimationFrame(() => this.look(event.buttons !== 0));
    });
    this.held.listen(surface, 'pointerleave', () => this.forget());
    this.held.listen(surface, 'click', (event) => {
      if (!event.shiftKey && !this.busy()) this.listener.clicked(this.itemAt(event.clientX, event.clientY));
    });
  }

  /** The point that the pointer is over, or -1. */
  get hovered(): number {
    return this.over;
  }

  /** The points have moved away from under the pointer. */
  forget(): void {
    cancelAnimationFrame(this.request);
    this.request = 0;
    this.tell(-1);
  }

  /** The point nearest to a place in the window, or -1 when none is in reach. */
  itemAt(clientX: number, clientY: number): number {
    const box = this.surface.getBoundingClientRect();
    const { scale, offsetX, offsetY, radius } = this.frame;
    const x = (clientX - box.left - offsetX) / scale;
    const y = (clientY - box.top - offsetY) / scale;
    return this.index.nearest(x, y, Math.max(REACH, radius + 3) / scale, radius / scale);
  }

  dispose(): void {
    cancelAnimationFrame(this.request);
    this.held.dispose();
  }

  private look(pressed: boolean): void {
    this.request = 0;
    this.tell(pressed || this.busy() ? -1 : this.itemAt(this.x, this.y));
  }

  private tell(item: number): void {
    if (item === this.over) return;
    this.over = item;
    this.listener.hovered(item, this.x, this.y);
  }
}
