import type { EmbeddingSummary, Progress } from '../../trainer/protocol';
import { ThumbnailCache, type Disposable, type Host, type ViewState } from '../shell';
import { clusterSettings } from './clusterChoice';
import { opposite, referenceOf } from './comparison';
import type { ExploreState } from './exploreState';
import { EMPTY_HISTORY } from './history';
import { ItemDetails } from './itemDetails';
import { MapAnalysis } from './mapAnalysis';
import { NeighbourLinks } from './neighbourLinks';
import { fromRanges, toRanges } from './ranges';
import { Search } from './search';
import { ExploreSession, type ExploreData, type Phase } from './session';

const THUMBNAIL = 128;

export interface ExplorationListener {
  /** Something that is shown has changed. */
  changed(): void;
  /** The dataset's tables have arrived, anew or for the first time. */
  loaded(data: ExploreData): void;
  phaseChanged(phase: Phase): void;
  /** The points have moved; `flipped`: from one finished map to another. */
  moved(positions: Float32Array, flipped: boolean): void;
  /** Neighbours can be asked for now. */
  embedded(): void;
  /** Work other than the map itself goes on; `undefined` when it has ended. */
  working(progress: Progress | undefined): void;
  failed(error: unknown, again?: () => void): void;
}

/** What is known while a dataset is explored: the state that is kept, what the host has told, and what was found out about the map. */
export class Exploration implements Disposable {
  readonly session: ExploreSession;
  readonly analysis: MapAnalysis;
  readonly links: NeighbourLinks;
  readonly search: Search;
  readonly details: ItemDetails;
  readonly thumbnails: ThumbnailCache;
  /** Ascending. */
  selected: readonly number[] = [];
  /** The cluster whose items are selected, -1 for what is in none, `undefined` when the selection is another. */
  chosenCluster: number | undefined;

  constructor(
    readonly host: Host,
    readonly state: ViewState<ExploreState>,
    listener: ExplorationListener,
  ) {
    const { dataset } = state.value.subject;
    this.session = new ExploreSession(host, dataset, {
      loaded: (data) => {
        this.adopt(data);
        listener.loaded(data);
      },
      phaseChanged: (phase) => listener.phaseChanged(phase),
      moved: (positions, flipped) => listener.moved(positions, flipped),
      embedded: () => listener.embedded(),
    });
    this.analysis = new MapAnalysis(host, dataset, {
      working: (progress) => listener.working(progress),
      changed: () => listener.changed(),
      failed: (error) => listener.failed(error, () => this.analysis.again()),
    });
    this.links = new NeighbourLinks(host, dataset, () => listener.changed());
    this.search = new Search(host, dataset, (error) => {
      if (error !== undefined) listener.failed(error);
      listener.changed();
    });
    this.details = new ItemDetails(host, dataset);
    this.thumbnails = new ThumbnailCache((items) =>
      host.call('dataset.thumbnails', { dataset, items, size: THUMBNAIL }),
    );
  }

  /** Reads the dataset and makes the map. */
  async start(): Promise<void> {
    if (!(await this.session.load())) return;
    if (this.state.value.search !== '') this.search.find(this.state.value.search);
    await this.run();
  }

  /** Makes the map that the state asks for; `anew` arranges all items of one into which some were placed. */
  run(anew = false): Promise<void> {
    const { subject, projection, comparison } = this.state.value;
    const wish = { model: subject.model, settings: projection };
    return this.session.run(wish, { like: referenceOf(comparison, subject.model), anew });
  }

  /** After a failure: what there is not yet. */
  again(): Promise<void> {
    return this.session.data ? this.run() : this.start();
  }

  /** The dataset has changed. */
  async restart(): Promise<void> {
    this.details.clear();
    this.thumbnails.clear();
    this.session.embedding = undefined;
    this.analysis.forget();
    await this.start();
  }

  /** Gives up what is going on. */
  stop(): void {
    this.session.stop();
    this.analysis.stop();
  }

  /** What the other model of a comparison has made of the items, when its map is at hand. */
  get otherEmbedding(): EmbeddingSummary | undefined {
    const { subject, comparison } = this.state.value;
    return comparison && this.session.embeddingOf(opposite(comparison, subject.model).model);
  }

  /** What can be found out about the map, when it is there. */
  analyse(): void {
    const { colourBy, projection, clustering } = this.state.value;
    const { phase, embedding, projection: shown, data } = this.session;
    this.analysis.want({
      colourBy,
      embedding: phase.kind === 'ready' ? embedding : undefined,
      projection: shown?.settings ?? projection,
      clustering: clusterSettings(clustering, data?.columns.count ?? 0),
    });
  }

  select(items: Iterable<number>, cluster?: number): void {
    const selection = toRanges(items);
    this.selected = fromRanges(selection);
    this.chosenCluster = cluster;
    this.state.update({ selection });
  }

  dispose(): void {
    this.stop();
    this.thumbnails.dispose();
    this.state.dispose();
  }

  /** Item numbers of an older content of the dataset mean nothing now. */
  private adopt(data: ExploreData): void {
    const { state } = this;
    const { fingerprint } = data.overview.summary;
    const stale = state.value.fingerprint !== '' && state.value.fingerprint !== fingerprint;
    if (stale) this.links.active = undefined;
    state.update({ fingerprint, ...(stale ? { history: EMPTY_HISTORY, selection: [] } : {}) });
    this.selected = fromRanges(state.value.selection);
  }
}
