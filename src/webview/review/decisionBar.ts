import type { Modality } from '../../trainer/protocol';
import { button, h, icon, replaceChildren, setDisabled, setPressed } from '../shell';
import type { ReviewAction } from './keymap';
import type { ReviewModel } from './reviewModel';
import { removesAll } from './draft';

/** The buttons under the members, each with its key; they do what the keys do. */
export class DecisionBar {
  readonly element: HTMLElement;
  private readonly accept: HTMLElement;
  /** A bare text: the component library squeezes a span in a button to the size of an icon. */
  private readonly acceptWords = document.createTextNode('');
  private readonly undo: HTMLElement;
  private readonly difference: HTMLElement;
  private readonly blink: HTMLElement;
  private readonly zooms: readonly HTMLElement[];
  private readonly said = h('span', { class: 'said ellipsis' });

  constructor(act: (action: ReviewAction) => void, blink: (on: boolean) => void, refocus: () => void) {
    this.accept = keyButton(
      '',
      'Enter',
      'Record what is marked and go on (Enter or R)',
      () => act({ kind: 'accept' }),
      'primary',
    );
    this.accept.prepend(this.acceptWords);
    this.undo = keyButton('Undo', 'U', 'Take back the last decision (U or Ctrl+Z)', () => act({ kind: 'undo' }));
    this.difference = button({
      label: 'Differences',
      icon: 'diff',
      tip: 'Show what differs from member 1 (D)',
      onClick: () => act({ kind: 'difference' }),
    });
    setPressed(this.difference, false);
    this.blink = this.blinkButton(blink);
    this.zooms = [
      zoomButton('zoom-out', 'Zoom out (−)', () => act({ kind: 'zoom', direction: -1 })),
      zoomButton('screen-full', 'Fit (0, or double click)', () => act({ kind: 'zoom', direction: 0 })),
      zoomButton('zoom-in', 'Zoom in (+, or the wheel)', () => act({ kind: 'zoom', direction: 1 })),
    ];
    this.element = h(
      'div',
      { class: 'decision-bar', role: 'toolbar', aria: { label: 'Decide' } },
      h(
        'div',
        { class: 'decision-buttons' },
        this.accept,
        keyButton('Keep all', 'A', 'Keep all members (A)', () => act({ kind: 'keep-all' })),
        keyButton('Not duplicates', 'N', 'Remember that these are not duplicates (N)', () => act({ kind: 'apart' })),
        keyButton('Skip', 'S', 'Go on without deciding (S)', () => act({ kind: 'next-undecided' })),
        this.undo,
        h('span', { class: 'spacer' }),
        this.blink,
        this.difference,
        ...this.zooms,
      ),
      this.said,
    );
    // After a click the keyboard goes on with the members, so that Enter means "accept" and not the button again.
    this.element.addEventListener('click', (event) => {
      if (event.detail > 0) refocus();
    });
  }

  update(model: ReviewModel, differenceShown: boolean): void {
    const { marks, touched } = model.marks;
    const removed = [...marks.values()].filter((mark) => mark === 'remove').length;
    const kept = marks.size - removed;
    const words = removesAll(marks) ? 'Remove all' : removed === 0 ? 'Keep all' : `Keep ${kept}, remove ${removed}`;
    this.acceptWords.textContent = words;
    this.accept.classList.toggle('accept-changed', touched);
    setDisabled(this.undo, !model.ledger.canUndo);
    setPressed(this.difference, differenceShown);
  }

  /** Texts are neither magnified nor laid one over another. */
  setModality(modality: Modality): void {
    for (const tool of [this.blink, ...this.zooms]) tool.hidden = modality === 'text';
  }

  say(text: string): void {
    this.said.textContent = text;
  }

  private blinkButton(blink: (on: boolean) => void): HTMLElement {
    const element = button({
      label: 'Blink',
      icon: 'arrow-swap',
      tip: 'Hold to show member 1 in the place of the focused member (hold Space)',
      onClick: () => undefined,
    });
    element.addEventListener('pointerdown', () => blink(true));
    for (const end of ['pointerup', 'pointerleave', 'pointercancel'] as const) {
      element.addEventListener(end, () => blink(false));
    }
    return element;
  }
}

/** A button that says which key does the same. */
export function keyButton(
  label: string,
  key: string,
  tip: string,
  onClick: () => void,
  kind: 'primary' | 'secondary' = 'secondary',
): HTMLElement {
  const element = button({ label, tip, kind, onClick });
  element.append(h('kbd', { class: 'key-hint', aria: { hidden: 'true' } }, key));
  return element;
}

function zoomButton(symbol: string, tip: string, onClick: () => void): HTMLElement {
  const element = button({ label: tip, icon: symbol, kind: 'icon', onClick });
  replaceChildren(element, icon(symbol));
  return element;
}
