import { Disposables, type Disposable } from '../shell/disposable';
import { prefersReducedMotion } from '../shell/theme';
import type { Frame } from './frame';
import { after, between, HOME, turnBy, type Turn } from './turn';

/** Pixels up to which a press is a click and no turning, as for moving the map. */
const CLICK = 4;
const GLIDE_MS = 200;

/**
 * Turns a map in space: by dragging, as if one had taken hold of its front, and in steps for the keyboard. There is no way that is up, so
 * that every side can be seen from everywhere.
 */
export class Orbit implements Disposable {
  private readonly held = new Disposables();
  private current: Turn = HOME;
  private target: Turn = HOME;
  private pointer: number | undefined;
  private last = { x: 0, y: 0 };
  private way = 0;
  private request = 0;

  constructor(
    private readonly surface: HTMLElement,
    private readonly frame: Frame,
    /** Whether a press with the main button turns the map. */
    private readonly isTurning: (event: PointerEvent) => boolean,
    private readonly onGrasp: () => void,
    private readonly onTurn: (turn: Turn) => void,
  ) {
    this.held.listen(surface, 'pointerdown', (event) => this.take(event));
    this.held.listen(surface, 'pointermove', (event) => this.drag(event));
    this.held.listen(surface, 'pointerup', (event) => this.release(event));
    this.held.listen(surface, 'pointercancel', (event) => this.release(event));
    this.held.listen(surface, 'click', (event) => this.sortOut(event), { capture: true });
  }

  get turn(): Turn {
    return this.current;
  }

  /** Turns the front to the right and downwards, in radians. */
  by(right: number, down: number): void {
    this.show(after(turnBy(right, down), this.target));
  }

  /** Goes to a turn, gliding unless the person wants less motion. */
  show(turn: Turn, glide = true): void {
    cancelAnimationFrame(this.request);
    this.target = turn;
    if (!glide || prefersReducedMotion()) {
      this.become(turn);
      return;
    }
    const from = this.current;
    const started = performance.now();
    const step = (now: number): void => {
      const share = Math.min(1, Math.max(0, (now - started) / GLIDE_MS));
      this.become(share < 1 ? between(from, turn, share * (2 - share)) : turn);
      if (share < 1) this.request = requestAnimationFrame(step);
    };
    this.request = requestAnimationFrame(step);
  }

  dispose(): void {
    cancelAnimationFrame(this.request);
    this.held.dispose();
  }

  private become(turn: Turn): void {
    this.current = turn;
    this.onTurn(turn);
  }

  private take(event: PointerEvent): void {
    this.way = 0;
    // A second finger makes it a pinch.
    if (this.pointer !== undefined) this.pointer = undefined;
    else if (event.button === 0 && this.isTurning(event)) {
      this.pointer = event.pointerId;
      this.surface.setPointerCapture(event.pointerId);
      this.last = { x: event.clientX, y: event.clientY };
      this.onGrasp();
    }
  }

  private drag(event: PointerEvent): void {
    if (event.pointerId !== this.pointer) return;
    const [dx, dy] = [event.clientX - this.last.x, event.clientY - this.last.y];
    this.way += Math.hypot(dx, dy);
    if (this.way <= CLICK) return;
    this.last = { x: event.clientX, y: event.clientY };
    const perPixel = this.perPixel();
    this.show(after(turnBy(dx * perPixel, dy * perPixel), this.current), false);
  }

  /** Half a turn across the map; less where it is magnified, as the same turn then goes a longer way. */
  private perPixel(): number {
    const { width, height, scale, baseScale } = this.frame;
    return Math.PI / Math.min(width, height) / Math.sqrt(Math.max(1, scale / baseScale));
  }

  private release(event: PointerEvent): void {
    if (event.pointerId === this.pointer) this.pointer = undefined;
  }

  /** The click at the end of a drag is none. */
  private sortOut(event: MouseEvent): void {
    if (this.way > CLICK) event.stopImmediatePropagation();
    this.way = 0;
  }
}
