import type { Disposable } from '../shell/disposable';
import { Disposables } from '../shell/disposable';

/** Pixels that the pointer must move before another corner is kept. */
const SPACING = 3;

export interface LassoListener {
  /** The path so far, x and y in turn, in pixels of the surface; empty when it is over. */
  drawing(path: readonly number[]): void;
  /** A path with at least three corners; `add` when Ctrl or Command was held at its end. */
  finished(path: readonly number[], add: boolean): void;
}

/** A freehand line drawn with the pointer over `surface`; Escape gives it up. */
export class Lasso implements Disposable {
  private readonly held = new Disposables();
  private path: number[] = [];
  private pointer: number | undefined;

  constructor(
    private readonly surface: HTMLElement,
    isLasso: (event: MouseEvent) => boolean,
    private readonly listener: LassoListener,
  ) {
    this.held.listen(surface, 'pointerdown', (event) => {
      if (event.button !== 0 || !isLasso(event)) return;
      this.pointer = event.pointerId;
      surface.setPointerCapture(event.pointerId);
      this.path = [event.offsetX, event.offsetY];
    });
    this.held.listen(surface, 'pointermove', (event) => this.extend(event));
    this.held.listen(surface, 'pointerup', (event) => this.finish(event));
    this.held.listen(surface, 'pointercancel', () => this.giveUp());
  }

  get active(): boolean {
    return this.pointer !== undefined;
  }

  giveUp(): void {
    this.pointer = undefined;
    this.path = [];
    this.listener.drawing(this.path);
  }

  dispose(): void {
    this.held.dispose();
  }

  private extend(event: PointerEvent): void {
    if (event.pointerId !== this.pointer) return;
    const box = this.surface.getBoundingClientRect();
    const x = event.clientX - box.left;
    const y = event.clientY - box.top;
    const { path } = this;
    if (Math.hypot(x - path[path.length - 2], y - path[path.length - 1]) < SPACING) return;
    path.push(x, y);
    this.listener.drawing(path);
  }

  private finish(event: PointerEvent): void {
    if (event.pointerId !== this.pointer) return;
    const { path } = this;
    this.giveUp();
    if (path.length >= 6) this.listener.finished(path, event.ctrlKey || event.metaKey);
  }
}
