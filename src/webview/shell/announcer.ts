import { h } from './dom';

let region: HTMLElement | undefined;

/** Says `text` to a screen reader, politely. */
export function announce(text: string): void {
  if (!region) {
    region = h('div', { class: 'visually-hidden', role: 'status', aria: { live: 'polite' } });
    document.body.append(region);
  }
  region.textContent = text;
}
