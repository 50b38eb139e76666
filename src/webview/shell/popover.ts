import { h } from './dom';
import type { Disposable } from './disposable';

/** A small dialog under its button: Escape or a click elsewhere closes it and gives the focus back. */
export class Popover implements Disposable {
  readonly element: HTMLElement;
  private readonly outside = (event: Event): void => {
    const path = event.composedPath();
    if (!path.includes(this.element) && !path.includes(this.anchor)) this.close(false);
  };

  constructor(
    private readonly anchor: HTMLElement,
    label: string,
    content: readonly Node[],
  ) {
    this.element = h(
      'div',
      {
        class: 'popover',
        role: 'dialog',
        hidden: true,
        tabIndex: -1,
        aria: { label },
        on: {
          keydown: (event) => {
            if (event.key !== 'Escape') return;
            event.stopPropagation();
            this.close();
          },
        },
      },
      ...content,
    );
    anchor.setAttribute('aria-haspopup', 'dialog');
    anchor.setAttribute('aria-expanded', 'false');
    document.body.append(this.element);
  }

  get isOpen(): boolean {
    return !this.element.hidden;
  }

  toggle(): void {
    if (this.isOpen) this.close();
    else this.open();
  }

  open(): void {
    this.element.hidden = false;
    this.anchor.setAttribute('aria-expanded', 'true');
    this.place();
    this.element.focus();
    window.addEventListener('pointerdown', this.outside, true);
  }

  close(returnFocus = true): void {
    if (!this.isOpen) return;
    this.element.hidden = true;
    this.anchor.setAttribute('aria-expanded', 'false');
    window.removeEventListener('pointerdown', this.outside, true);
    if (returnFocus) this.anchor.focus();
  }

  dispose(): void {
    window.removeEventListener('pointerdown', this.outside, true);
    this.element.remove();
  }

  private place(): void {
    const anchor = this.anchor.getBoundingClientRect();
    const left = Math.min(anchor.left, window.innerWidth - this.element.offsetWidth - 8);
    const below = anchor.bottom + 4;
    const fits = below + this.element.offsetHeight <= window.innerHeight - 8;
    const top = fits ? below : Math.max(8, anchor.top - 4 - this.element.offsetHeight);
    this.element.style.left = `${Math.max(8, left)}px`;
    this.element.style.top = `${top}px`;
  }
}
