import { h, setDisabled } from '../shell';
import { keyButton } from '../review/decisionBar';
import type { SuspectAction } from './suspectKeys';
import type { SuspectsModel } from './suspectsModel';

/** The buttons under the suspect, each with its key. */
export class SuspectBar {
  readonly element: HTMLElement;
  private readonly keepWords = document.createTextNode('');
  private readonly changeWords = document.createTextNode('');
  private readonly change: HTMLElement;
  private readonly undo: HTMLElement;
  private readonly said = h('span', { class: 'said ellipsis' });

  constructor(act: (action: SuspectAction) => void) {
    const keep = keyButton('', '1', 'The label is right (1)', () => act({ kind: 'keep' }));
    keep.prepend(this.keepWords);
    this.change = keyButton('', '2', 'It has the other label (2)', () => act({ kind: 'change' }), 'primary');
    this.change.prepend(this.changeWords);
    this.undo = keyButton('Undo', 'U', 'Take back the last decision (U or Ctrl+Z)', () => act({ kind: 'undo' }));
    this.element = h(
      'div',
      { class: 'decision-bar', role: 'toolbar', aria: { label: 'Decide' } },
      h(
        'div',
        { class: 'decision-buttons' },
        keep,
        this.change,
        keyButton('Other label…', 'L', 'Choose another label (L)', () => act({ kind: 'other' })),
        keyButton('Exclude', 'X', 'Remove the item from the dataset (X)', () => act({ kind: 'exclude' })),
        keyButton('Skip', 'S', 'Go on without deciding (S)', () => act({ kind: 'skip' })),
        this.undo,
      ),
      this.said,
    );
  }

  update(model: SuspectsModel): void {
    const { suspect } = model;
    if (suspect === undefined) return;
    this.keepWords.textContent = `Keep "${suspect.label}"`;
    this.changeWords.textContent = `Change to "${suspect.nearestLabel}"`;
    this.change.hidden = suspect.nearestLabel === suspect.label;
    setDisabled(this.undo, !model.canUndo);
  }

  say(text: string): void {
    this.said.textContent = text;
  }
}
