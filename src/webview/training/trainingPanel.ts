import type { TrainingProgress } from '../../trainer/protocol';
import type { PanelSubject, TrainingPage } from '../protocol';
import { h, icon, moveInGrid, replaceChildren, type Disposable, type Host } from '../shell';
import { ComparePage } from './comparePage';
import { FormPage } from './formPage';
import { RunPage } from './runPage';

export type TrainingSubject = Extract<PanelSubject, { view: 'training' }>;

/** What the panel keeps over hiding and reload, beside its subject. */
export interface TrainingMemory {
  readonly compared: readonly string[];
}

type Page = RunPage | ComparePage | FormPage;

const PAGES: readonly { readonly page: TrainingPage; readonly label: string; readonly icon: string }[] = [
  { page: 'run', label: 'Run', icon: 'graph-line' },
  { page: 'compare', label: 'Compare runs', icon: 'git-compare' },
  { page: 'new', label: 'New training', icon: 'add' },
];

/** Three pages under tabs: one run with its curve, the runs side by side, and the form of a new one. */
export class TrainingPanel implements Disposable {
  private readonly tabs = new Map<TrainingPage, HTMLElement>();
  private readonly body = h('div', { class: 'training-page', id: 'training-page', role: 'tabpanel' });
  /** To come back to from the form. */
  private lastRun: string;
  private shown: { readonly page: TrainingPage; readonly view: Page } | undefined;

  constructor(
    root: HTMLElement,
    private readonly host: Host,
    private subject: TrainingSubject,
    private memory: TrainingMemory,
    private readonly onMemory: (memory: TrainingMemory) => void,
  ) {
    this.lastRun = subject.run;
    for (const { page, label, icon: symbol } of PAGES) this.tabs.set(page, this.tab(page, label, symbol));
    const list = h(
      'div',
      {
        class: 'training-tabs',
        role: 'tablist',
        aria: { label: 'Training' },
        on: { keydown: (event) => this.press(event) },
      },
      ...this.tabs.values(),
    );
    replaceChildren(root, h('div', { class: 'training' }, list, this.body));
  }

  /** Reads what it shows anew. */
  async load(): Promise<void> {
    if (this.shown === undefined) this.show(this.subject.page ?? 'run', this.subject.run, false);
    else await this.shown.view.load();
  }

  /** A form that is being filled in stays as it is. */
  async refresh(): Promise<void> {
    if (this.shown?.page !== 'new') await this.load();
  }

  /** The run went on. */
  advance(progress: TrainingProgress): void {
    if (this.shown?.view instanceof RunPage) this.shown.view.advance(progress);
  }

  dispose(): void {
    this.shown?.view.dispose();
  }

  /** @param run the run of the page: whose curve it shows, or with whose settings the form begins */
  private show(page: TrainingPage, run: string, tell = true): void {
    this.shown?.view.dispose();
    this.subject = { ...this.subject, run, page };
    if (run !== '') this.lastRun = run;
    const view = this.make(page, run);
    this.shown = { page, view };
    replaceChildren(this.body, view.element);
    for (const [name, tab] of this.tabs) {
      tab.setAttribute('aria-selected', String(name === page));
      tab.tabIndex = name === page ? 0 : -1;
    }
    this.body.setAttribute('aria-labelledby', `training-tab-${page}`);
    void view.load();
    if (tell && (page !== 'run' || run !== '')) this.host.call('training.show', { run, page }).catch(() => undefined);
  }

  private make(page: TrainingPage, run: string): Page {
    const { host, subject } = this;
    const onNew = (): void => this.show('new', '');
    if (page === 'run') return new RunPage(host, subject, onNew);
    if (page === 'new') return new FormPage(host, subject, run);
    return new ComparePage(host, subject, {
      onOpen: (name) => this.show('run', name),
      onDuplicate: (name) => this.show('new', name),
      onNew,
      chosen: this.memory.compared,
      onChoose: (compared) => {
        this.memory = { compared };
        this.onMemory(this.memory);
      },
    });
  }

  private tab(page: TrainingPage, label: string, symbol: string): HTMLElement {
    return h(
      'button',
      {
        class: 'plain training-tab',
        id: `training-tab-${page}`,
        role: 'tab',
        tabIndex: -1,
        aria: { selected: 'false', controls: 'training-page' },
        // The form of a tab that is pressed begins anew; that of a run is reached from the run.
        on: { click: () => this.show(page, page === 'new' ? '' : this.lastRun) },
      },
      icon(symbol),
      ` ${label}`,
    );
  }

  private press(event: KeyboardEvent): void {
    const names = [...this.tabs.keys()];
    const now = names.indexOf(this.shown?.page ?? 'run');
    const next = moveInGrid(event.key, now, names.length, names.length);
    if (next === undefined || event.key === 'ArrowUp' || event.key === 'ArrowDown') return;
    event.preventDefault();
    const tab = this.tabs.get(names[next]);
    tab?.click();
    tab?.focus();
  }
}
