import { KindredError } from '../../rpc/errors';
import type { Progress } from '../../trainer/protocol';
import { Disposables, h, observeTheme, replaceChildren, type Colour, type Disposable } from '../shell';
import { ClusterPane, type ClusterContent } from './clusterPane';
import { colouringTitle } from './colouring';
import { ComparisonBar, likenessRemark } from './comparisonBar';
import type { Exploration } from './exploration';
import type { ExploreActions, ExploreSurface } from './exploreActions';
import { ExploreMap } from './exploreMap';
import type { ExploreState } from './exploreState';
import { currentItem } from './history';
import { HoverCard } from './hoverCard';
import { ItemPane } from './itemPane';
import { Legend } from './legend';
import { CLUSTERS } from './mapAnalysis';
import { qualityNote } from './mapQuality';
import { MapStage } from './mapStage';
import { hasTrainedModel } from './modelChoices';
import { projectionRemark } from './projectionWords';
import { SelectionPane } from './selectionPane';
import type { Phase } from './session';
import { SidePane } from './sidePane';
import { StatusBar } from './statusBar';
import { Toolbar } from './toolbar';

const NO_COLOURS: readonly Colour[] = [];
const LEGEND_WIDTH = 216; // With its margins, when it is open.

/** Everything of the panel that is in sight: tells every part what to show, and its actions what the person did. */
export class ExploreView implements ExploreSurface, Disposable {
  private readonly held = new Disposables();
  private readonly toolbar: Toolbar;
  private readonly legend: Legend;
  private readonly comparison: ComparisonBar;
  private readonly stage: MapStage;
  private readonly map: ExploreMap;
  private readonly itemPane: ItemPane;
  private readonly selectionPane: SelectionPane;
  private readonly clusterPane: ClusterPane;
  private readonly side: SidePane;
  private readonly status: StatusBar;

  constructor(
    root: HTMLElement,
    private readonly exploration: Exploration,
    private readonly actions: ExploreActions,
  ) {
    const { state, thumbnails } = exploration;
    this.toolbar = this.held.add(new Toolbar(state.value, actions));
    this.legend = new Legend({
      isolate: (isolated) => actions.change({ isolated }),
      toggle: (legendOpen) => actions.change({ legendOpen }),
    });
    this.comparison = new ComparisonBar({ flip: () => actions.flip(), end: () => actions.endComparison() });
    this.stage = new MapStage([this.legend.element, this.comparison.element], () => void exploration.again());
    this.map = this.held.add(this.makeMap());
    this.itemPane = this.makeItemPane();
    this.selectionPane = new SelectionPane(thumbnails, {
      look: (item) => actions.look(item),
      open: (item) => actions.open(item),
      clear: () => actions.select([]),
    });
    this.clusterPane = new ClusterPane(thumbnails, {
      select: (cluster) => actions.selectCluster(cluster),
      choose: (choice) => actions.chooseClusters(choice),
      again: () => exploration.analysis.again(),
    });
    this.side = new SidePane(this.itemPane, this.selectionPane, this.clusterPane, {
      chooseTab: (tab) => actions.change({ tab }),
      train: () => actions.train(),
    });
    this.status = new StatusBar({
      stop: () => exploration.stop(),
      again: () => void exploration.run(exploration.session.anew),
      anew: () => void exploration.run(true),
      selectFound: () => actions.selectFound(),
      clearSelection: () => actions.select([]),
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
  }

  show(): void {
    this.toolbar.showState(this.state);
    const { session, analysis, search, selected, links } = this.exploration;
    const { data } = session;
    if (!data) return;
    const { history, isolated, legendOpen, lines, comparison, subject } = this.state;
    this.exploration.analyse();
    this.map.setContent({
      columns: data.columns,
      quality: analysis.quality,
      clusters: analysis.clusters,
      insetLeft: legendOpen && window.innerWidth >= 900 ? LEGEND_WIDTH : 0,
      found: search.found,
      selected,
      links: lines ? links.shown(currentItem(history)) : undefined,
    });
    this.comparison.show(comparison, subject.model, data.overview.summary.modality);
    this.showLegend();
    this.showSide();
    this.status.showCounts({
      summary: data.overview.summary,
      found: search.found?.length,
      selected: selected.length,
      isolated: isolated.length,
      remarks: this.remarks(),
      hasPlaced: (session.projection?.placed ?? 0) > 0,
    });
  }

  offerComparison(): void {
    this.toolbar.offerComparison();
  }

  /** The models and columns that can be chosen. */
  showChoices(): void {
    const { data } = this.exploration.session;
    if (data) this.toolbar.showChoices(data.overview, data.columns, this.state);
  }

  showPhase(phase: Phase): void {
    const nothing = phase.kind === 'empty' || (phase.kind === 'failed' && phase.at === 'dataset');
    this.side.element.hidden = nothing;
    this.stage.show(phase, this.map.shown, this.exploration.session.data?.overview);
    this.status.showPhase(phase, this.map.shown);
    if (phase.kind === 'ready') this.show();
  }

  showSide(): void {
    const { session, selected, chosenCluster } = this.exploration;
    const { data, embedding } = session;
    if (!data) return;
    const { history, tab, subject, colourBy, clustering } = this.state;
    const untrained = !subject.model.startsWith('run:') && !hasTrainedModel(data.overview);
    this.side.show({
      tab,
      hasItem: currentItem(history) >= 0,
      selected: selected.length,
      hasClusters: colourBy === CLUSTERS,
      adviseTraining: untrained ? data.overview.summary.modality : undefined,
    });
    if (colourBy === CLUSTERS) {
      const colours = this.map.colouring?.colours ?? NO_COLOURS;
      this.clusterPane.show({ content: this.clusterContent(), choice: clustering, colours, chosen: chosenCluster });
    }
    this.itemPane.show(history, data, embedding?.id, this.exploration.otherEmbedding);
    this.selectionPane.show(selected, data);
  }

  showWork(progress: Progress | undefined): void {
    this.status.showWork(progress);
  }

  move(positions: Float32Array, flipped: boolean): void {
    this.map.setPositions(positions, flipped);
  }

  reveal(item: number): void {
    this.map.reveal(item);
  }

  magnify(factor: number): void {
    this.map.magnify(factor);
  }

  showWholeMap(): void {
    this.map.reset();
  }

  focusSearch(): void {
    this.toolbar.focusSearch();
  }

  clearSearch(): void {
    this.toolbar.clearSearch();
  }

  complain(error: unknown, again?: () => void): void {
    const action = again && { label: 'Try again', onClick: again };
    this.status.say('error', error instanceof KindredError ? error.advice : String(error), action);
  }

  dispose(): void {
    this.held.dispose();
  }

  private get state(): ExploreState {
    return this.exploration.state.value;
  }

  /** What should be known about where the points lie. */
  private remarks(): string[] {
    const { projection, data } = this.exploration.session;
    if (!projection || !data) return [];
    const { comparison, subject } = this.state;
    const isLike = comparison?.apart === false && projection.settings.like !== undefined;
    const likeness = likenessRemark(comparison, subject.model, isLike, data.overview.summary.modality);
    return [likeness, projectionRemark(projection)].filter((remark) => remark !== '');
  }

  private clusterContent(): ClusterContent {
    const { clusters, failure, working } = this.exploration.analysis;
    if (clusters) return { kind: 'found', clusters };
    if (failure !== undefined) return { kind: 'failed', error: failure };
    if (working) return { kind: 'finding' };
    return { kind: this.exploration.session.phase.kind === 'ready' ? 'stopped' : 'waiting' };
  }

  private showLegend(): void {
    const { isolated, legendOpen, colourBy } = this.state;
    const { colouring } = this.map;
    if (!colouring) return;
    const note = qualityNote(this.exploration.analysis.quality, colourBy);
    this.legend.show(colouring, colouringTitle(colourBy, colouring), isolated, legendOpen, note);
  }

  private makeMap(): ExploreMap {
    const { actions, exploration } = this;
    const { state, session, thumbnails, details, links } = exploration;
    const card = this.held.add(new HoverCard(thumbnails, details));
    return new ExploreMap(this.stage.map, state, thumbnails, {
      onHover: (item, x, y) => {
        card.show(item, x, y, session.data);
        links.point(item, state.value.lines ? session.embedding?.id : undefined);
      },
      onActivate: (item) => (item < 0 ? actions.leave() : actions.look(item)),
      onLasso: (items, add) => actions.lasso(items, add),
    });
  }

  private makeItemPane(): ItemPane {
    const { actions, exploration } = this;
    const { host, state, thumbnails, details } = exploration;
    return new ItemPane(host, state.value.subject.dataset, thumbnails, details, {
      walk: (item) => actions.look(item),
      open: (item) => actions.open(item),
      reveal: (item) => actions.showInExplorer(item),
      step: (step) => actions.step(step),
      neighbours: (item, list) => actions.showNeighbours(item, list),
      close: () => actions.leave(),
    });
  }
}
