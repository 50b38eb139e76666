import type { ItemColumns } from '../../trainer/protocol';
import { ScatterMap, type ScatterProps } from '../map';
import { themeColours, type Disposable, type ThemeColours, type ThumbnailCache, type ViewState } from '../shell';
import { colouringOf, columnOf, dimmedPoints, type Colouring } from './colouring';
import type { ExploreState } from './exploreState';
import { currentItem } from './history';

type Callbacks = Required<Pick<ScatterProps, 'onHover' | 'onActivate' | 'onLasso'>>;

export interface MapContent {
  readonly columns: ItemColumns;
  readonly found: Int32Array | undefined;
  readonly selected: readonly number[];
  /** True neighbours of an item. */
  /** Pixels of the map's left that the legend covers. */
  readonly insetLeft: number;
  readonly links: { readonly item: number; readonly items: Int32Array } | undefined;
}

/** The panel's map: turns the panel's state into the props of a `ScatterMap`, and makes anew only what has changed. */
export class ExploreMap implements Disposable {
  private map: ScatterMap | undefined;
  private theme: ThemeColours = themeColours();
  private content: MapContent | undefined;
  private positions: Float32Array | undefined;
  private readonly colour = remember((columns: ItemColumns, colourBy: string, dark: boolean): Colouring => {
    return colouringOf(columnOf(columns, colourBy), dark);
  });
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
    return this.content && this.colour(this.content.columns, this.state.value.colourBy, this.theme.dark);
  }

  setTheme(theme: ThemeColours): void {
    this.theme = theme;
    this.draw();
  }

  setContent(content: MapContent): void {
    this.content = content;
    if (this.positions && this.positions.length !== 2 * content.columns.count) this.clear();
    this.draw();
  }

  /** Moves the points. Positions of another dataset than the one that is shown are left alone. */
  setPositions(positions: Float32Array): void {
    if (positions.length !== 2 * (this.content?.columns.count ?? 0)) return;
    this.positions = positions;
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

  private props(): ScatterProps | undefined {
    const { content, colouring, positions } = this;
    if (!content || !colouring || !positions) return undefined;
    const { view, renderer, isolated, tool, pictures, history } = this.state.value;
    const active = currentItem(history);
    return {
      ...this.callbacks,
      onView: (shown) => this.state.update({ view: shown }),
      label: 'Map of images. Arrow keys move, plus and minus magnify, Space looks at the middle, Alt and arrows walk.',
      positions,
      codes: colouring.column.codes,
      colours: colouring.colours,
      missingColour: colouring.missing,
      theme: this.theme,
      dimmed: this.dim(colouring, isolated, content.found),
      selected: this.choose(content.selected),
      active,
      links: content.links?.item === active ? content.links.items : undefined,
      tool,
      insetLeft: content.insetLeft,
      renderer,
      view,
      pictures: pictures ? this.thumbnails : undefined,
    };
  }
}

/** `make` that gives its last result again while its arguments stay the same. */
function remember<Args extends readonly unknown[], Result>(make: (...args: Args) => Result): (...args: Args) => Result {
  let last: { readonly args: Args; readonly result: Result } | undefined;
  return (...args) => {
    if (last?.args.every((value, i) => value === args[i]) !== true) last = { args, result: make(...args) };
    return last.result;
  };
}
