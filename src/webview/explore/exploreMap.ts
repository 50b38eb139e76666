import type { CategoryColumn, Clusters, ItemColumns, MapDims, ProjectionQuality } from '../../trainer/protocol';
import { ScatterMap, type MapName, type ScatterProps } from '../map';
import { themeColours, type Disposable, type ThemeColours, type ThumbnailCache, type ViewState } from '../shell';
import { clusterColumn, clusterNames } from './clusterColumn';
import { colouringOf, columnOf, dimmedPoints, orderedColouring, type Colouring } from './colouring';
import type { ExploreState } from './exploreState';
import { currentItem } from './history';
import { CLUSTERS } from './mapAnalysis';
import { qualityColumn, qualityMeasure } from './mapQuality';

type Callbacks = Required<Pick<ScatterProps, 'onHover' | 'onActivate' | 'onLasso'>>;

export interface MapContent {
  readonly columns: ItemColumns;
  readonly found: Int32Array | undefined;
  readonly selected: readonly number[];
  /** Pixels of the map's left that the legend covers. */
  readonly insetLeft: number;
  /** True neighbours of an item, joined to it by lines. */
  readonly links: { readonly item: number; readonly items: Int32Array } | undefined;
  readonly quality: ProjectionQuality | undefined;
  readonly clusters: Clusters | undefined;
}

/** Long enough to follow a point from one map to another. */
const FLIP_MS = 700;
const NO_NAMES: readonly MapName[] = [];
const LABELS: Readonly<Record<MapDims, string>> = {
  2: 'Map of the items. Arrow keys move, plus and minus magnify, Space looks at the middle, Alt and arrows walk.',
  3: 'Map of the items in space. Arrow keys turn it, Shift and arrows move, plus and minus magnify, R shows the whole, Space looks at the middle, Alt and arrows walk.',
};

/** The panel's map: turns the panel's state into the props of a `ScatterMap`, and makes anew only what has changed. */
export class ExploreMap implements Disposable {
  private map: ScatterMap | undefined;
  private theme: ThemeColours = themeColours();
  private content: MapContent | undefined;
  private positions: Float32Array | undefined;
  private flipped = false;
  private readonly colour = remember(
    (
      columns: ItemColumns,
      clusters: Clusters | undefined,
      quality: ProjectionQuality | undefined,
      colourBy: string,
      dark: boolean,
    ): Colouring => {
      const measure = qualityMeasure(colourBy);
      if (measure !== undefined)
        return orderedColouring(quality ? qualityColumn(quality, measure) : unknownColumn(columns.count), dark);
      if (colourBy === CLUSTERS)
        return colouringOf(clusters ? clusterColumn(clusters) : unknownColumn(columns.count), dark);
      return colouringOf(columnOf(columns, colourBy), dark);
    },
  );
  private readonly name = remember((clusters: Clusters, positions: Float32Array, dims: MapDims) =>
    clusterNames(clusters, positions, dims),
  );
  private readonly dim = remember(
    (colouring: Colouring, isolated: readonly string[], found: Int32Array | undefined) => {
      return dimmedPoints(colouring.column, isolated, found);
    },
  );
  private readonly choose = remember((selected: readonly number[]) => new Set(selected));

  constructor(
    private readonly target: HTMLElement,
    private readonly state: ViewState<ExploreState>,
    private readonly thumbnails: ThumbnailCache,
    private readonly callbacks: Callbacks,
  ) {}

  /** There are points to see. */
  get shown(): boolean {
    return this.map !== undefined;
  }

  /** Colours and counts of the column that is coloured by, once the dataset is known. */
  get colouring(): Colouring | undefined {
    if (!this.content) return undefined;
    const { columns, clusters, quality } = this.content;
    return this.colour(columns, clusters, quality, this.state.value.colourBy, this.theme.dark);
  }

  setTheme(theme: ThemeColours): void {
    this.theme = theme;
    this.draw();
  }

  setContent(content: MapContent): void {
    this.content = content;
    if (this.positions && dimsOf(this.positions, content) === undefined) this.clear();
    this.draw();
  }

  /** Moves the points, slowly from one finished map to another. Positions of another dataset than the one that is shown are left alone. */
  setPositions(positions: Float32Array, flipped: boolean): void {
    if (!this.content || dimsOf(positions, this.content) === undefined) return;
    this.positions = positions;
    this.flipped = flipped;
    this.draw();
  }

  reveal(item: number): void {
    this.map?.reveal(item);
  }

  magnify(factor: number): void {
    this.map?.magnify(factor);
  }

  reset(): void {
    this.map?.reset();
  }

  focus(): void {
    this.map?.element.focus();
  }

  dispose(): void {
    this.clear();
  }

  private clear(): void {
    this.map?.dispose();
    this.map = undefined;
    this.positions = undefined;
  }

  /** Shows the state as it is now. */
  draw(): void {
    const props = this.props();
    if (!props) return;
    if (this.map) this.map.update(props);
    else this.map = new ScatterMap(this.target, props);
  }

  private names(dims: MapDims): readonly MapName[] {
    const { content, positions } = this;
    if (this.state.value.colourBy !== CLUSTERS || !content?.clusters || !positions) return NO_NAMES;
    return this.name(content.clusters, positions, dims);
  }

  private props(): ScatterProps | undefined {
    const { content, colouring, positions } = this;
    if (!content || !colouring || !positions) return undefined;
    const { view, renderer, isolated, tool, pictures, history } = this.state.value;
    const dims = dimsOf(positions, content) ?? 2;
    const active = currentItem(history);
    return {
      ...this.callbacks,
      onView: (shown) => this.state.update({ view: shown }),
      label: LABELS[dims],
      positions,
      moveMs: this.flipped ? FLIP_MS : undefined,
      dims,
      codes: colouring.column.codes,
      colours: colouring.colours,
      missingColour: colouring.missing,
      theme: this.theme,
      dimmed: this.dim(colouring, isolated, content.found),
      selected: this.choose(content.selected),
      active,
      links: content.links?.items,
      linksFrom: content.links?.item ?? -1,
      names: this.names(dims),
      tool,
      insetLeft: content.insetLeft,
      renderer,
      view,
      pictures: pictures ? this.thumbnails : undefined,
    };
  }
}

/** Of positions of the items that are shown: pairs, or triples of a map in space; `undefined` of others. */
function dimsOf(positions: Float32Array, { columns }: MapContent): MapDims | undefined {
  if (positions.length === 2 * columns.count) return 2;
  return positions.length === 3 * columns.count ? 3 : undefined;
}

/** Of items of which it is not known yet. */
function unknownColumn(count: number): CategoryColumn {
  return { name: '', categories: [], codes: new Int32Array(count).fill(-1) };
}

/** `make` that gives its last result again while its arguments stay the same. */
function remember<Args extends readonly unknown[], Result>(make: (...args: Args) => Result): (...args: Args) => Result {
  let last: { readonly args: Args; readonly result: Result } | undefined;
  return (...args) => {
    if (last?.args.every((value, i) => value === args[i]) !== true) last = { args, result: make(...args) };
    return last.result;
  };
}
