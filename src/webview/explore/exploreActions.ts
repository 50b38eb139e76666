import type { ModelId, NeighbourList, ProjectionSettings } from '../../trainer/protocol';
import { announce, formatItems } from '../shell';
import type { ClusterChoice } from './clusterChoice';
import { membersOf } from './clusterColumn';
import { categoryOf } from './colouring';
import { alone, compared, opposite, rearranged, takesPart, type MapWish } from './comparison';
import type { Exploration } from './exploration';
import type { ExploreState } from './exploreState';
import { currentItem, go, leave, visit } from './history';
import { CLUSTERS } from './mapAnalysis';
import { startSettings, type MapStart } from './mapStart';
import { modelName } from './modelChoices';
import type { SideTab } from './sidePane';
import type { ToolbarListener } from './toolbar';

/** What actions change in sight beside the state. */
export interface ExploreSurface {
  /** Shows the state as it is now. */
  show(): void;
  showChoices(): void;
  /** Asks which model to compare with. */
  offerComparison(): void;
  /** Moves the map so that an item is in sight. */
  reveal(item: number): void;
  magnify(factor: number): void;
  showWholeMap(): void;
  clearSearch(): void;
  /** Says that the host could not do it. */
  complain(error: unknown): void;
}

/** What a person can do in the panel, by whichever key, button or click. */
export class ExploreActions implements ToolbarListener {
  constructor(
    private readonly exploration: Exploration,
    /** Not there yet when the actions are made. */
    private readonly surface: () => ExploreSurface,
  ) {}

  /** Changes the state and shows what follows from it. */
  change(change: Partial<ExploreState>): void {
    this.exploration.state.update(change);
    this.surface().show();
  }

  look(item: number): void {
    this.change({ history: visit(this.state.history, item), tab: 'item' });
    this.surface().reveal(item);
    const { data } = this.exploration.session;
    if (data) announce(`Item ${item + 1}, ${categoryOf(data.columns.label, item) ?? 'no label'}`);
  }

  /** Looks at no item any more. */
  leave(): void {
    this.change({ history: leave(this.state.history) });
  }

  /** Back and forward among the items that were looked at. */
  step(step: -1 | 1): void {
    const history = go(this.state.history, step);
    this.change({ history, tab: 'item' });
    if (currentItem(history) >= 0) this.surface().reveal(currentItem(history));
  }

  open(item = currentItem(this.state.history)): void {
    if (item >= 0) this.ask(this.exploration.host.call('panel.openItem', { item }));
  }

  showInExplorer(item: number): void {
    this.ask(this.exploration.host.call('panel.revealItem', { item }));
  }

  showNeighbours(item: number, { items }: NeighbourList): void {
    this.exploration.links.active = { item, items };
    this.surface().show();
  }

  /** While two models are compared, a third takes the place of the one that is compared with the reference. */
  chooseModel(model: ModelId): void {
    const { comparison, subject, projection } = this.state;
    if (model === subject.model) return;
    if (!comparison) this.showMap({ model, settings: alone(projection) });
    else if (takesPart(comparison, model)) this.flip();
    else this.compare(model);
  }

  /** Lays the map of another model out like the one that is shown; while two are compared, like the reference. */
  compare(model: ModelId): void {
    const { subject, projection } = this.state;
    const reference = this.state.comparison?.reference ?? { model: subject.model, settings: projection };
    const comparison = compared(reference, model);
    this.showMap(comparison.other, { comparison });
  }

  /** From one model of a comparison to the other; asks which where there is none yet. */
  flip(): void {
    const { comparison, subject } = this.state;
    if (!comparison) {
      this.surface().offerComparison();
      return;
    }
    const next = opposite(comparison, subject.model);
    this.showMap(next);
    announce(`Map of ${modelName(next.model, this.exploration.session.data?.overview.summary.modality)}`);
  }

  /** Goes on with the map that is shown. */
  endComparison(): void {
    const { projection } = this.exploration.session;
    this.change({ comparison: undefined, ...(projection ? { projection: projection.settings } : {}) });
    this.surface().showChoices();
    if (!projection) void this.exploration.run();
  }

  project(settings: ProjectionSettings, begin: MapStart): void {
    const { comparison, subject } = this.state;
    const { model } = subject;
    // What lies like a reference begins from that, and not from where it lies itself.
    const follows = comparison?.apart === false && model === comparison.other.model;
    const from = startSettings(settings, begin, follows ? undefined : this.exploration.session.projection);
    const projection = follows ? alone(from) : from;
    this.change({
      projection,
      comparison: comparison && rearranged(comparison, { model, settings: projection }, !follows || begin !== 'shown'),
    });
    void this.exploration.run();
  }

  train(): void {
    this.ask(this.exploration.host.call('panel.command', { command: 'kindred.train' }));
  }

  chooseColour(colourBy: string): void {
    this.change({ colourBy, isolated: [], ...(colourBy === CLUSTERS ? { tab: 'clusters' } : {}) });
  }

  select(items: Iterable<number>, tab?: SideTab, cluster?: number): void {
    const { exploration } = this;
    exploration.select(items, cluster);
    const { selected } = exploration;
    this.change({ tab: tab ?? (selected.length > 0 ? 'selection' : 'item') });
    announce(`${formatItems(selected.length, 'item')} selected`);
  }

  /** A second click takes it back. */
  selectCluster(cluster: number): void {
    const { analysis, chosenCluster } = this.exploration;
    if (!analysis.clusters) return;
    const chosen = chosenCluster === cluster ? undefined : cluster;
    this.select(chosen === undefined ? [] : membersOf(analysis.clusters, chosen), 'clusters', chosen);
  }

  /** Finds clusters in another way. */
  chooseClusters(clustering: ClusterChoice): void {
    this.exploration.chosenCluster = undefined;
    this.change({ clustering, isolated: [] });
  }

  lasso(items: Int32Array, add: boolean): void {
    if (!add) this.select(items);
    else this.select(new Set([...this.exploration.selected, ...items].sort((a, b) => a - b)));
  }

  search(search: string): void {
    this.exploration.state.update({ search });
    this.exploration.search.find(search);
  }

  selectFound(): void {
    const { found } = this.exploration.search;
    if (found && found.length > 0) this.select(found);
  }

  toggleLasso(): void {
    this.change({ tool: this.state.tool === 'lasso' ? 'pan' : 'lasso' });
  }

  toggleLines(): void {
    this.change({ lines: !this.state.lines });
  }

  togglePictures(): void {
    this.change({ pictures: !this.state.pictures });
  }

  magnify(factor: number): void {
    this.surface().magnify(factor);
  }

  reset(): void {
    this.surface().showWholeMap();
  }

  /** Takes back the latest thing: the lasso tool, the selection, the item, the isolated labels, the search. */
  clear(): void {
    const { tool, tab, history, isolated } = this.state;
    const { selected } = this.exploration;
    if (tool === 'lasso') this.change({ tool: 'pan' });
    else if (selected.length > 0 && (tab === 'selection' || currentItem(history) < 0)) this.select([]);
    else if (currentItem(history) >= 0) this.leave();
    else if (isolated.length > 0) this.change({ isolated: [] });
    else {
      this.surface().clearSearch();
      this.search('');
    }
  }

  private showMap({ model, settings }: MapWish, more: Partial<ExploreState> = {}): void {
    const { exploration } = this;
    exploration.links.active = undefined;
    exploration.chosenCluster = undefined;
    exploration.session.embedding = undefined;
    // Clusters are of a model; names of one mean nothing to the other.
    const isolated = this.state.colourBy === CLUSTERS ? [] : this.state.isolated;
    this.change({ ...more, subject: { ...this.state.subject, model }, projection: settings, isolated });
    this.surface().showChoices();
    void exploration.run();
  }

  private get state(): ExploreState {
    return this.exploration.state.value;
  }

  private ask(call: Promise<unknown>): void {
    call.catch((error: unknown) => this.surface().complain(error));
  }
}
