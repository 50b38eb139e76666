import { button, formatCount, h, setAria } from '../shell';
import type { ItemPane } from './itemPane';
import type { SelectionPane } from './selectionPane';

export type SideTab = 'item' | 'selection';

export interface SideListener {
  chooseTab(tab: SideTab): void;
  /** Train a model on this dataset. */
  train(): void;
}

/** The right side: the item that is looked at, or the lasso; a hint when there is neither. */
export class SidePane {
  readonly element: HTMLElement;
  private readonly tabs: Readonly<Record<SideTab, HTMLElement>>;
  private readonly bar: HTMLElement;
  private readonly hint: HTMLElement;
  private readonly trainHint: HTMLElement;
  private readonly itemPanel: HTMLElement;
  private readonly selectionPanel: HTMLElement;

  constructor(item: ItemPane, selection: SelectionPane, listener: SideListener) {
    const onTab = (tab: SideTab): void => listener.chooseTab(tab);
    this.tabs = { item: tabButton('item', 'Image', onTab), selection: tabButton('selection', 'Selection', onTab) };
    this.bar = h(
      'div',
      { class: 'tabs', role: 'tablist', aria: { label: 'Details' }, on: { keydown: (event) => this.step(event) } },
      this.tabs.item,
      this.tabs.selection,
    );
    this.itemPanel = tabPanel('item', item.element);
    this.selectionPanel = tabPanel('selection', selection.element);
    this.trainHint = h(
      'div',
      { class: 'hint-train', hidden: true },
      h(
        'p',
        {},
        'This map was made without training: it knows colours and edges only. A model trained on your images groups what belongs together.',
      ),
      button({ label: 'Train a model…', kind: 'primary', onClick: () => listener.train() }),
    );
    this.hint = h(
      'div',
      { class: 'hint' },
      h(
        'p',
        {},
        h('strong', {}, 'Click a point'),
        ' to see its image and the images that the model finds most similar.',
      ),
      h('p', {}, h('strong', {}, 'Shift + drag'), ' around points to look at them all together.'),
      this.trainHint,
    );
    this.element = h(
      'aside',
      { class: 'side', aria: { label: 'Details' } },
      this.bar,
      this.hint,
      this.itemPanel,
      this.selectionPanel,
    );
  }

  show(tab: SideTab, hasItem: boolean, selected: number, adviseTraining: boolean): void {
    const shown = tab === 'selection' && selected > 0 ? 'selection' : hasItem || selected === 0 ? 'item' : 'selection';
    this.bar.hidden = selected === 0;
    this.hint.hidden = hasItem || shown === 'selection';
    this.trainHint.hidden = !adviseTraining;
    this.itemPanel.hidden = shown !== 'item' || !hasItem;
    this.selectionPanel.hidden = shown !== 'selection';
    this.tabs.selection.textContent = `Selection (${formatCount(selected)})`;
    for (const name of ['item', 'selection'] as const) {
      setAria(this.tabs[name], { selected: String(name === shown) });
      this.tabs[name].tabIndex = name === shown ? 0 : -1;
    }
  }

  private step(event: KeyboardEvent): void {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    event.preventDefault();
    const next = this.tabs.item.getAttribute('aria-selected') === 'true' ? this.tabs.selection : this.tabs.item;
    next.focus();
    next.click();
  }
}

function tabButton(tab: SideTab, label: string, onTab: (tab: SideTab) => void): HTMLElement {
  return h(
    'button',
    {
      class: 'plain tab',
      id: `tab-${tab}`,
      role: 'tab',
      aria: { controls: `panel-${tab}` },
      on: { click: () => onTab(tab) },
    },
    label,
  );
}

function tabPanel(tab: SideTab, content: HTMLElement): HTMLElement {
  return h(
    'div',
    { class: `tab-panel tab-panel-${tab}`, id: `panel-${tab}`, role: 'tabpanel', aria: { labelledby: `tab-${tab}` } },
    content,
  );
}
