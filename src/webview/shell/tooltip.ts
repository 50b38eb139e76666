import { h } from './dom';
import type { Disposable } from './disposable';

const GAP = 14;

/** A card that floats beside the pointer and never leaves the window. It takes no pointer events. */
export class FloatingCard implements Disposable {
  readonly element = h('div', { class: 'floating-card', hidden: true, role: 'tooltip' });

  constructor(parent: HTMLElement = document.body) {
    parent.append(this.element);
  }

  get shown(): boolean {
    return !this.element.hidden;
  }

  /** Shows `content` beside (x, y), in pixels of the window. */
  show(content: readonly Node[], x: number, y: number): void {
    this.element.replaceChildren(...content);
    this.element.hidden = false;
    this.move(x, y);
  }

  move(x: number, y: number): void {
    const { offsetWidth: width, offsetHeight: height } = this.element;
    const left = x + GAP + width > window.innerWidth ? x - GAP - width : x + GAP;
    const top = y + GAP + height > window.innerHeight ? y - GAP - height : y + GAP;
    this.element.style.transform = `translate(${Math.max(4, left)}px, ${Math.max(4, top)}px)`;
  }

  hide(): void {
    this.element.hidden = true;
  }

  dispose(): void {
    this.element.remove();
  }
}
