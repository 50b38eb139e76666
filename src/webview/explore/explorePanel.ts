import './explore.css';
import { KindredError } from '../../rpc/errors';
import type { ModelId, NeighbourList, ProjectionSettings } from '../../trainer/protocol';
import {
  announce,
  bindKeys,
  Disposables,
  formatItems,
  h,
  observeTheme,
  replaceChildren,
  ThumbnailCache,
  type Disposable,
  type Host,
  type ViewState,
} from '../shell';
import { membersOf } from './clusterColumn';
import { ClusterPane } from './clusterPane';
import { categoryOf, colouringTitle } from './colouring';
import { ExploreMap } from './exploreMap';
import type { ExploreState, ExploreSubject } from './exploreState';
import { currentItem, EMPTY_HISTORY, go, leave, visit } from './history';
import { HoverCard } from './hoverCard';
import { ItemDetails } from './itemDetails';
import { ItemPane, type ItemPaneListener } from './itemPane';
import { Legend } from './legend';
import { CLUSTERS, MapAnalysis } from './mapAnalysis';
import { qualityNote } from './mapQuality';
import { MapStage } from './mapStage';
import { startSettings, type MapStart } from './mapStart';
import { hasTrainedModel } from './modelChoices';
import { NeighbourLinks } from './neighbourLinks';
import { projectionRemark } from './projectionWords';
import { fromRanges, toRanges } from './ranges';
import { Search } from './search';
import { SelectionPane } from './selectionPane';
import { ExploreSession, type ExploreData, type Phase } from './session';
import { SidePane, type SideTab } from './sidePane';
import { StatusBar } from './statusBar';
import { Toolbar, type ToolbarListener } from './toolbar';

const THUMBNAIL = 128;
const LEGEND_WIDTH = 216; // With its margins, when it is open.

/** The panel "Explore Embeddings": holds the state and tells every part what to show when it changes. */
export class ExplorePanel implements Disposable {
  private readonly held = new Disposables();
  private readonly session: ExploreSession;
  private readonly details: ItemDetails;
  private readonly thumbnails: ThumbnailCache;
  private readonly toolbar: Toolbar;
  private readonly legend: Legend;
  private readonly stage: MapStage;
  private readonly map: ExploreMap;
  private readonly itemPane: ItemPane;
  private readonly selectionPane: SelectionPane;
  private readonly clusterPane: ClusterPane;
  private readonly side: SidePane;
  private readonly analysis: MapAnalysis;
  private readonly links: NeighbourLinks;
  private readonly status: StatusBar;
  private readonly search: Search;
  private selected: readonly number[] = [];
  private chosenCluster: number | undefined;

  constructor(
    root: HTMLElement,
    private readonly host: Host,
    private readonly state: ViewState<ExploreState>,
  ) {
    const { dataset } = state.value.subject;
    this.session = new ExploreSession(host, dataset, {
      loaded: (data) => this.showData(data),
      phaseChanged: (phase) => this.showPhase(phase),
      moved: (positions) => this.map.setPositions(positions),
      embedded: () => this.showSide(),
    });
    this.analysis = this.makeAnalysis();
    this.links = new NeighbourLinks(host, dataset, () => this.showAll());
    this.details = new ItemDetails(host, dataset);
    this.thumbnails = this.held.add(
      new ThumbnailCache((items) => host.call('dataset.thumbnails', { dataset, items, size: THUMBNAIL })),
    );
    this.search = new Search(host, dataset, (error) => this.showFound(error));
    this.toolbar = this.held.add(new Toolbar(state.value, this.toolbarListener()));
    this.legend = new Legend({
      isolate: (isolated) => this.change({ isolated }),
      toggle: (legendOpen) => this.change({ legendOpen }),
    });
    this.stage = new MapStage(this.legend.element, () => void this.again());
    this.map = this.held.add(this.makeMap());
    this.itemPane = new ItemPane(host, dataset, this.thumbnails, this.details, this.itemListener());
    this.selectionPane = new SelectionPane(this.thumbnails, {
      look: (item) => this.look(item),
      open: (item) => this.open(item),
      clear: () => this.select([]),
    });
    this.clusterPane = new ClusterPane(this.thumbnails, { select: (cluster) => this.selectCluster(cluster) });
    this.side = new SidePane(this.itemPane, this.selectionPane, this.clusterPane, {
      chooseTab: (tab) => this.change({ tab }),
      train: () => void this.host.call('panel.command', { command: 'kindred.train' }),
    });
    this.status = new StatusBar({
      stop: () => {
        this.session.stop();
        this.analysis.stop();
      },
      again: () => void this.run(),
      selectFound: () => this.selectFound(),
      clearSelection: () => this.select([]),
    });
    const main = h('div', { class: 'explore-main' }, this.stage.element, this.side.element);
    replaceChildren(root, h('div', { class: 'explore' }, this.toolbar.element, main, this.status.element));
    this.toolbar.showState(state.value);
    this.held.add(
      observeTheme((theme) => {
        this.map.setTheme(theme);
        this.showLegend();
      }),
    );
    this.held.add(this.bindPanelKeys());
  }

  /** Reads the dataset and makes the map. */
  async start(): Promise<void> {
    if (!(await this.session.load())) return;
    if (this.state.value.search !== '') this.search.find(this.state.value.search);
    await this.run();
  }

  /** Looks at an item, as if the person had clicked it. */
  look(item: number): void {
    this.change({ history: visit(this.state.value.history, item), tab: 'item' });
    this.map.reveal(item);
    const { data } = this.session;
    if (data) announce(`Item ${item + 1}, ${categoryOf(data.columns.label, item) ?? 'no label'}`);
  }

  /** The host shows another model. */
  showSubject(subject: ExploreSubject): void {
    if (subject.model !== this.state.value.subject.model) this.chooseModel(subject.model);
  }

  /** Something has changed on the host's side. */
  async refresh(what: 'dataset' | 'decisions' | 'runs'): Promise<void> {
    if (what === 'runs') await this.session.refreshOverview();
    if (what !== 'dataset') return;
    this.details.clear();
    this.thumbnails.clear();
    this.session.embedding = undefined;
    this.analysis.forget();
    await this.start();
  }

  dispose(): void {
    this.session.stop();
    this.analysis.stop();
    this.held.dispose();
    this.state.dispose();
  }

  private run(): Promise<void> {
    const { subject, projection } = this.state.value;
    return this.session.run(subject.model, projection);
  }

  private again(): Promise<void> {
    return this.session.data ? this.run() : this.start();
  }

  private chooseModel(model: ModelId): void {
    this.links.active = undefined;
    this.session.embedding = undefined;
    this.change({ subject: { ...this.state.value.subject, model } });
    if (this.session.data) this.showChoices(this.session.data);
    void this.run();
  }

  private project(settings: ProjectionSettings, begin: MapStart): void {
    this.change({ projection: startSettings(settings, begin, this.session.projection) });
    void this.run();
  }

  private select(items: Iterable<number>, tab?: SideTab, cluster?: number): void {
    const selection = toRanges(items);
    this.selected = fromRanges(selection);
    this.chosenCluster = cluster;
    this.change({ selection, tab: tab ?? (selection.length > 0 ? 'selection' : 'item') });
    announce(`${formatItems(this.selected.length, 'item')} selected`);
  }

  /** A second click takes it back. */
  private selectCluster(cluster: number): void {
    const { clusters } = this.analysis;
    if (!clusters) return;
    const chosen = this.chosenCluster === cluster ? undefined : cluster;
    this.select(chosen === undefined ? [] : membersOf(clusters, chosen), 'clusters', chosen);
  }

  private lassoed(items: Int32Array, add: boolean): void {
    if (!add) this.select(items);
    else this.select(new Set([...this.selected, ...items].sort((a, b) => a - b)));
  }

  private selectFound(): void {
    if (this.search.found && this.search.found.length > 0) this.select(this.search.found);
  }

  private open(item: number): void {
    if (item >= 0) this.ask(this.host.call('panel.openItem', { item }));
  }

  /** Says so in the status bar when the host could not do it. */
  private ask(call: Promise<unknown>): void {
    call.catch((error: unknown) => this.complain(error));
  }

  private complain(error: unknown, again?: () => void): void {
    const action = again && { label: 'Try again', onClick: again };
    this.status.say('error', error instanceof KindredError ? error.advice : String(error), action);
  }

  /** Changes the state and shows what follows from it. */
  private change(change: Partial<ExploreState>): void {
    this.state.update(change);
    this.toolbar.showState(this.state.value);
    this.showAll();
  }

  private showAll(): void {
    const { data } = this.session;
    if (!data) return;
    const { colourBy, projection, lines } = this.state.value;
    const embedding = this.session.phase.kind === 'ready' ? this.session.embedding?.id : undefined;
    this.analysis.want(colourBy, embedding, this.session.projection?.settings ?? projection);
    this.map.setContent({
      columns: data.columns,
      quality: this.analysis.quality,
      clusters: this.analysis.clusters,
      insetLeft: this.state.value.legendOpen && window.innerWidth >= 900 ? LEGEND_WIDTH : 0,
      found: this.search.found,
      selected: this.selected,
      links: lines ? this.links.shown(currentItem(this.state.value.history)) : undefined,
    });
    this.showLegend();
    this.showSide();
    this.status.showCounts({
      summary: data.overview.summary,
      found: this.search.found?.length,
      selected: this.selected.length,
      isolated: this.state.value.isolated.length,
      remark: projectionRemark(this.session.projection ?? {}),
    });
  }

  /** Item numbers of an older content of the dataset mean nothing now. */
  private showData(data: ExploreData): void {
    const { state } = this;
    const { fingerprint } = data.overview.summary;
    const stale = state.value.fingerprint !== '' && state.value.fingerprint !== fingerprint;
    if (stale) this.links.active = undefined;
    state.update({ fingerprint, ...(stale ? { history: EMPTY_HISTORY, selection: [] } : {}) });
    this.selected = fromRanges(state.value.selection);
    this.showChoices(data);
    this.showAll();
  }

  private showChoices({ overview, columns }: ExploreData): void {
    const { subject, colourBy } = this.state.value;
    this.toolbar.showChoices(overview, subject.model, columns, colourBy);
  }

  private showLegend(): void {
    const { isolated, legendOpen, colourBy } = this.state.value;
    const { colouring } = this.map;
    if (!colouring) return;
    const note = qualityNote(this.analysis.quality, colourBy);
    this.legend.show(colouring, colouringTitle(colourBy, colouring), isolated, legendOpen, note);
  }

  private showPhase(phase: Phase): void {
    const nothing = phase.kind === 'empty' || (phase.kind === 'failed' && phase.at === 'dataset');
    this.side.element.hidden = nothing;
    this.stage.show(phase, this.map.shown, this.session.data?.overview);
    this.status.showPhase(phase, this.map.shown);
    if (phase.kind === 'ready') this.showAll();
  }

  private showSide(): void {
    const { data, embedding } = this.session;
    if (!data) return;
    const { history, tab, subject } = this.state.value;
    const untrained = !subject.model.startsWith('run:') && !hasTrainedModel(data.overview);
    const clusters = this.state.value.colourBy === CLUSTERS ? this.analysis.clusters : undefined;
    this.side.show({
      tab,
      hasItem: currentItem(history) >= 0,
      selected: this.selected.length,
      hasClusters: clusters !== undefined,
      adviseTraining: untrained ? data.overview.summary.modality : undefined,
    });
    if (clusters) this.clusterPane.show(clusters, this.map.colouring?.colours ?? [], this.chosenCluster);
    this.itemPane.show(history, data, embedding?.id);
    this.selectionPane.show(this.selected, data);
  }

  private showFound(error: unknown): void {
    if (error !== undefined) this.complain(error);
    this.showAll();
  }

  private showNeighbours(item: number, { items }: NeighbourList): void {
    this.links.active = { item, items };
    this.showAll();
  }

  /** Escape takes back the latest thing: the lasso tool, the selection, the item, the isolated labels. */
  private clear(): void {
    const { tool, tab, history, isolated } = this.state.value;
    if (tool === 'lasso') this.change({ tool: 'pan' });
    else if (this.selected.length > 0 && (tab === 'selection' || currentItem(history) < 0)) this.select([]);
    else if (currentItem(history) >= 0) this.change({ history: leave(history) });
    else if (isolated.length > 0) this.change({ isolated: [] });
    else this.clearSearch();
  }

  private clearSearch(): void {
    this.state.update({ search: '' });
    this.toolbar.clearSearch();
    this.search.find('');
  }

  private makeAnalysis(): MapAnalysis {
    return new MapAnalysis(this.host, this.state.value.subject.dataset, {
      working: (progress) => this.status.showWork(progress),
      found: () => this.showAll(),
      failed: (error) => this.complain(error, () => this.analysis.again()),
    });
  }

  private makeMap(): ExploreMap {
    const card = this.held.add(new HoverCard(this.thumbnails, this.details));
    return new ExploreMap(this.stage.map, this.state, this.thumbnails, {
      onHover: (item, x, y) => {
        card.show(item, x, y, this.session.data);
        this.links.point(item, this.state.value.lines ? this.session.embedding?.id : undefined);
      },
      onActivate: (item) => (item < 0 ? this.change({ history: leave(this.state.value.history) }) : this.look(item)),
      onLasso: (items, add) => this.lassoed(items, add),
    });
  }

  private toolbarListener(): ToolbarListener {
    return {
      chooseModel: (model) => this.chooseModel(model),
      chooseColour: (colourBy) =>
        this.change({ colourBy, isolated: [], ...(colourBy === CLUSTERS ? { tab: 'clusters' } : {}) }),
      project: (settings, begin) => this.project(settings, begin),
      search: (search) => {
        this.state.update({ search });
        this.search.find(search);
      },
      selectFound: () => this.selectFound(),
      toggleLasso: () => this.change({ tool: this.state.value.tool === 'lasso' ? 'pan' : 'lasso' }),
      toggleLines: () => this.change({ lines: !this.state.value.lines }),
      togglePictures: () => this.change({ pictures: !this.state.value.pictures }),
      magnify: (factor) => this.map.magnify(factor),
      reset: () => this.map.reset(),
    };
  }

  private itemListener(): ItemPaneListener {
    return {
      walk: (item) => this.look(item),
      open: (item) => this.open(item),
      reveal: (item) => this.ask(this.host.call('panel.revealItem', { item })),
      step: (step) => this.step(step),
      neighbours: (item, list) => this.showNeighbours(item, list),
      close: () => this.change({ history: leave(this.state.value.history) }),
    };
  }

  private step(step: -1 | 1): void {
    const history = go(this.state.value.history, step);
    this.change({ history, tab: 'item' });
    if (currentItem(history) >= 0) this.map.reveal(currentItem(history));
  }

  private bindPanelKeys(): Disposable {
    return bindKeys(window, {
      Escape: () => this.clear(),
      Enter: () => this.open(currentItem(this.state.value.history)),
      'Alt+[': () => this.step(-1),
      'Alt+]': () => this.step(1),
      n: () => this.change({ lines: !this.state.value.lines }),
      'Ctrl+f': () => this.toolbar.focusSearch(),
    });
  }
}
