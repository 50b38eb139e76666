import type { Modality } from '../../trainer/protocol';
import { button, formatCount, h, setAria } from '../shell';
import type { ClusterPane } from './clusterPane';
import type { ItemPane } from './itemPane';
import type { SelectionPane } from './selectionPane';

export type SideTab = 'item' | 'selection' | 'clusters';

/** What there is to show beside the map. */
export interface SideContent {
  readonly tab: SideTab;
  readonly hasItem: boolean;
  readonly selected: number;
  readonly hasClusters: boolean;
  /** What the dataset has, where a training is advised. */
  readonly adviseTraining: Modality | undefined;
}

/** What the descriptors know. */
const KNOWN = { image: 'colours and edges', text: 'words and parts of words' } as const;

function trainingAdvice(modality: Modality): string {
  return `This map was made without training: it knows ${KNOWN[modality]} only. A model trained on your ${modality}s groups what belongs together.`;
}

const SIDE_TABS = ['item', 'selection', 'clusters'] as const satisfies readonly SideTab[];

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
  private readonly trainWords = h('p', {});
  private readonly itemPanel: HTMLElement;
  private readonly selectionPanel: HTMLElement;
  private readonly clusterPanel: HTMLElement;

  constructor(item: ItemPane, selection: SelectionPane, clusters: ClusterPane, listener: SideListener) {
    const onTab = (tab: SideTab): void => listener.chooseTab(tab);
    this.tabs = {
      item: tabButton('item', 'Item', onTab),
      selection: tabButton('selection', 'Selection', onTab),
      clusters: tabButton('clusters', 'Clusters', onTab),
    };
    this.bar = h(
      'div',
      { class: 'tabs', role: 'tablist', aria: { label: 'Details' }, on: { keydown: (event) => this.step(event) } },
      this.tabs.item,
      this.tabs.selection,
      this.tabs.clusters,
    );
    this.itemPanel = tabPanel('item', item.element);
    this.selectionPanel = tabPanel('selection', selection.element);
    this.clusterPanel = tabPanel('clusters', clusters.element);
    this.trainHint = h(
      'div',
      { class: 'hint-train', hidden: true },
      this.trainWords,
      button({ label: 'Train a model…', kind: 'primary', onClick: () => listener.train() }),
    );
    this.hint = h(
      'div',
      { class: 'hint' },
      h('p', {}, h('strong', {}, 'Click a point'), ' to see its item and those that the model finds most similar.'),
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
      this.clusterPanel,
    );
  }

  show({ tab, hasItem, selected, hasClusters, adviseTraining }: SideContent): void {
    const has: Readonly<Record<SideTab, boolean>> = { item: hasItem, selection: selected > 0, clusters: hasClusters };
    const shown = has[tab] ? tab : (SIDE_TABS.find((name) => has[name]) ?? 'item');
    this.bar.hidden = selected === 0 && !hasClusters;
    this.hint.hidden = hasItem || shown !== 'item';
    this.trainHint.hidden = adviseTraining === undefined;
    if (adviseTraining !== undefined) this.trainWords.textContent = trainingAdvice(adviseTraining);
    this.itemPanel.hidden = shown !== 'item' || !hasItem;
    this.selectionPanel.hidden = shown !== 'selection';
    this.clusterPanel.hidden = shown !== 'clusters';
    this.tabs.selection.textContent = `Selection (${formatCount(selected)})`;
    this.tabs.selection.hidden = selected === 0;
    this.tabs.clusters.hidden = !hasClusters;
    for (const name of SIDE_TABS) {
      setAria(this.tabs[name], { selected: String(name === shown) });
      this.tabs[name].tabIndex = name === shown ? 0 : -1;
    }
  }

  private step(event: KeyboardEvent): void {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    event.preventDefault();
    const tabs = SIDE_TABS.map((name) => this.tabs[name]).filter(({ hidden }) => !hidden);
    const at = tabs.findIndex((tab) => tab.getAttribute('aria-selected') === 'true');
    const next = tabs[(at + (event.key === 'ArrowRight' ? 1 : tabs.length - 1)) % tabs.length];
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
