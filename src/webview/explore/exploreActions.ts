import type { ModelId, NeighbourList, ProjectionSettings } from '../../trainer/protocol';
import { announce, formatItems } from '../shell';
import { membersOf } from './clusterColumn';
import { categoryOf } from './colouring';
import type { Exploration } from './exploration';
import type { ExploreState } from './exploreState';
import { currentItem, go, leave, visit } from './history';
import { CLUSTERS } from './mapAnalysis';
import { startSettings, type MapStart } from './mapStart';
import type { SideTab } from './sidePane';
import type { ToolbarListener } from './toolbar';

/** What actions change in sight beside the state. */
export interface ExploreSurface {
  /** Shows the state as it is now. */
  show(): void;
  showChoices(): void;
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

  chooseModel(model: ModelId): void {
    const { exploration } = this;
    exploration.links.active = undefined;
    exploration.session.embedding = undefined;
    this.change({ subject: { ...this.state.subject, model } });
    this.surface().showChoices();
    void exploration.run();
  }

  project(settings: ProjectionSettings, begin: MapStart): void {
    this.change({ projection: startSettings(settings, begin, this.exploration.session.projection) });
    void this.exploration.run();
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

  private get state(): ExploreState {
    return this.exploration.state.value;
  }

  private ask(call: Promise<unknown>): void {
    call.catch((error: unknown) => this.surface().complain(error));
  }
}
