import './map.css';
import { h, setAria } from '../shell/dom';
import { Disposables, type Disposable } from '../shell/disposable';
import { bindKeys } from '../shell/keyboard';
import { Frame } from './frame';
import { Lasso } from './lasso';
import { NameLayer } from './nameLayer';
import { Navigation } from './navigation';
import { Overlay } from './overlay';
import { PictureLayer } from './pictureLayer';
import { PointIndex, pointTowards } from './pointIndex';
import { Pointing } from './pointing';
import { PointSet } from './pointSet';
import { pointsInside } from './polygon';
import { SpaceView } from './spaceView';
import { WHOLE_MAP, type MapName, type MapView, type ScatterProps } from './props';
import { Stage } from './stage';

/** How long points take to their new places. */
const MOVE_MS = 300;
/** Steps of the arrow keys: a share of the window, and radians. */
const PAN = 0.15;
const TURN = Math.PI / 15;
const NO_NAMES: readonly MapName[] = [];

/**
 * A map of points that can be moved, magnified, pointed at, clicked and lassoed, by pointer or keyboard. It draws only when
 * something has changed. `update` gives it new props; `dispose` ends it.
 */
export class ScatterMap implements Disposable {
  readonly element: HTMLElement;
  private readonly held = new Disposables();
  private readonly points = new PointSet();
  private readonly frame = new Frame();
  private readonly index = new PointIndex(this.points);
  private readonly overlay = new Overlay();
  private readonly pictures: PictureLayer;
  private readonly names: NameLayer;
  private readonly stage: Stage;
  private readonly navigation: Navigation;
  private readonly space: SpaceView;
  private readonly lasso: Lasso;
  private readonly pointing: Pointing;
  private readonly drawFrame = (now: number): void => this.draw(now);
  private request = 0;
  private isStale = false;
  private moveStart = -1;

  constructor(
    target: HTMLElement,
    private props: ScatterProps,
  ) {
    this.element = h('div', { class: 'map', role: 'application', tabIndex: 0, aria: { roledescription: 'map' } });
    target.append(this.element);
    this.measure();
    this.pictures = this.held.add(new PictureLayer(this.points, this.frame, () => this.placeMarks()));
    this.names = new NameLayer(this.points, this.frame);
    this.element.append(this.pictures.element, this.overlay.element, this.names.element);
    const isLasso = (event: MouseEvent | TouchEvent): boolean => event.shiftKey || this.props.tool === 'lasso';
    this.lasso = this.held.add(
      new Lasso(this.element, isLasso, {
        drawing: (path) => this.overlay.drawLasso(path),
        finished: (path, add) => this.props.onLasso?.(pointsInside(this.points, this.toWorld(path)), add),
      }),
    );
    this.navigation = this.held.add(
      new Navigation(
        this.element,
        this.frame,
        props.view ?? WHOLE_MAP,
        (event) => this.isMove(event) && !isLasso(event),
        () => this.viewChanged(),
      ),
    );
    this.space = this.held.add(
      new SpaceView(
        this.element,
        this.points,
        this.frame,
        this.index,
        this.navigation,
        (event) => !this.isMove(event) && !isLasso(event),
        () => ({ hovered: this.pointing.hovered, active: this.props.active ?? -1 }),
        () => this.viewChanged(),
      ),
    );
    if (props.view?.turn) this.space.show(props.view.turn);
    this.pointing = this.held.add(this.makePointing());
    this.stage = this.held.add(new Stage(this.element, this.points, (kind) => this.rendererChanged(kind)));
    this.listen();
    this.navigation.resized();
    this.apply(props, undefined);
  }

  /** Shows what is in `props`; what is left out keeps its value. */
  update(props: Partial<ScatterProps>): void {
    const before = this.props;
    this.props = { ...before, ...props };
    this.apply(this.props, before);
  }

  get view(): MapView {
    const { x, y, k } = this.navigation.view;
    return this.points.dims === 3 ? { x, y, k, turn: this.space.turn } : { x, y, k };
  }

  /** Shows the whole map, in space as it was turned at first. */
  reset(): void {
    if (this.points.dims === 3) this.space.reset();
    this.navigation.reset();
  }

  magnify(factor: number): void {
    this.navigation.magnify(factor);
  }

  /** Moves the map so that an item is in sight, when it is not. */
  reveal(item: number): void {
    const { x, y } = this.placeOf(item);
    const { width, height, scale } = this.frame;
    const margin = Math.min(40, width / 4, height / 4);
    if (x >= margin && y >= margin && x <= width - margin && y <= height - margin) return;
    const centre = { x: this.points.x(item), y: this.points.y(item) };
    this.navigation.show({ ...centre, k: scale / this.frame.baseScale });
  }

  /** Where an item is drawn, in pixels of the map. */
  placeOf(item: number): { readonly x: number; readonly y: number } {
    const { scale, offsetX, offsetY } = this.frame;
    return { x: this.points.x(item) * scale + offsetX, y: this.points.y(item) * scale + offsetY };
  }

  dispose(): void {
    cancelAnimationFrame(this.request);
    this.held.dispose();
    this.element.remove();
  }

  private apply(props: ScatterProps, before: ScatterProps | undefined): void {
    const changed = (...names: readonly (keyof ScatterProps)[]): boolean =>
      before === undefined || names.some((name) => props[name] !== before[name]);
    if (changed('label')) setAria(this.element, { label: props.label });
    if (changed('tool')) this.element.classList.toggle('map-lassoing', props.tool === 'lasso');
    if (changed('positions')) this.move(props, before !== undefined);
    if (changed('positions', 'codes', 'colours', 'missingColour', 'dimmed', 'selected')) {
      this.points.dress(props);
      this.space.changed();
    }
    if (changed('theme')) this.adoptTheme(props);
    if (changed('insetLeft', 'positions')) this.fit();
    this.stage.choose(props.renderer ?? 'auto');
    if (changed('positions', 'codes', 'colours', 'missingColour', 'dimmed', 'selected')) this.stage.dress();
    if (changed('positions')) this.stage.move();
    if (changed('pictures')) this.pictures.use(props.pictures);
    if (changed('names')) this.names.use(props.names ?? NO_NAMES);
    this.schedule();
  }

  private move(props: ScatterProps, known: boolean): void {
    const animate = known && !props.theme.reducedMotion && this.points.count > 0;
    const { count, dims } = this.points;
    this.points.moveTo(props.positions, animate, props.dims);
    this.points.turnTo(this.space.turn);
    const isOther = count !== this.points.count || dims !== this.points.dims;
    this.space.changed(isOther);
    if (known && dims !== this.points.dims) this.navigation.show(WHOLE_MAP, false);
    this.moveStart = animate ? performance.now() : -1;
    this.index.invalidate();
  }

  /** The room for the map, or the shape of the whole, has changed: the same part of the map stays in the middle. */
  private fit(): void {
    this.frame.insetLeft = Math.min(this.props.insetLeft ?? 0, this.frame.width / 2);
    this.frame.extentX = this.points.extentX;
    this.frame.extentY = this.points.extentY;
    this.navigation.resized();
  }

  private adoptTheme({ theme }: ScatterProps): void {
    this.frame.ring = theme.foreground;
    this.frame.background = theme.background;
    this.frame.dimOpacity = theme.highContrast ? 0.35 : theme.dark ? 0.16 : 0.2;
    this.frame.depthFade = theme.highContrast ? 0.4 : 0.7;
  }

  private viewChanged(): void {
    this.space.moved();
    this.pointing.forget();
    this.schedule();
    this.props.onView?.(this.view);
  }

  /** Whether a press moves the map: on a flat one with the main button, in space with the middle one, Ctrl or Command, or two fingers. */
  private isMove(event: MouseEvent | TouchEvent): boolean {
    if (!(event instanceof MouseEvent)) return this.points.dims === 3 && event.touches.length > 1;
    if (this.points.dims === 2 || event.type === 'dblclick') return event.button === 0;
    return event.button === 1 || (event.button === 0 && (event.ctrlKey || event.metaKey));
  }

  private rendererChanged(kind: 'webgl' | 'canvas'): void {
    this.props.onRenderer?.(kind);
    this.schedule();
  }

  private makePointing(): Pointing {
    return new Pointing(this.element, this.frame, this.index, () => this.lasso.active || this.props.tool === 'lasso', {
      hovered: (item, x, y) => {
        this.element.classList.toggle('map-over', item >= 0);
        this.schedule();
        this.props.onHover?.(item, x, y);
      },
      clicked: (item) => this.props.onActivate?.(item),
    });
  }

  private listen(): void {
    const observer = new ResizeObserver(() => {
      this.measure();
      this.fit();
      this.schedule();
    });
    observer.observe(this.element);
    this.held.add({ dispose: () => observer.disconnect() });
    const { navigation } = this;
    this.held.add(
      bindKeys(this.element, {
        ArrowLeft: () => this.step(-1, 0),
        ArrowRight: () => this.step(1, 0),
        ArrowUp: () => this.step(0, -1),
        ArrowDown: () => this.step(0, 1),
        'Shift+ArrowLeft': () => navigation.pan(-PAN, 0),
        'Shift+ArrowRight': () => navigation.pan(PAN, 0),
        'Shift+ArrowUp': () => navigation.pan(0, -PAN),
        'Shift+ArrowDown': () => navigation.pan(0, PAN),
        'Alt+ArrowLeft': () => this.walk(-1, 0),
        'Alt+ArrowRight': () => this.walk(1, 0),
        'Alt+ArrowUp': () => this.walk(0, -1),
        'Alt+ArrowDown': () => this.walk(0, 1),
        '+': () => navigation.magnify(1.5),
        '=': () => navigation.magnify(1.5),
        '-': () => navigation.magnify(1 / 1.5),
        '0': () => this.reset(),
        r: () => this.reset(),
        ' ': () => this.chooseMiddle(),
      }),
    );
  }

  /** Keyboard: turns a map in space, moves the window over a flat one. */
  private step(right: number, down: number): void {
    if (this.points.dims === 3) this.space.by(right * TURN, down * TURN);
    else this.navigation.pan(right * PAN, down * PAN);
  }

  /** Keyboard: from the active point to the next one in a direction. */
  private walk(dx: number, dy: number): void {
    const active = this.props.active ?? -1;
    if (active < 0) this.chooseMiddle();
    else this.props.onActivate?.(pointTowards(this.points, active, dx, dy));
  }

  /** Keyboard: the point nearest to the middle of the map. */
  private chooseMiddle(): void {
    const { x, y, k } = this.navigation.view;
    const item = this.index.nearest(x, y, 2 / k, this.frame.radius / this.frame.scale);
    if (item >= 0) this.props.onActivate?.(item);
  }

  private measure(): void {
    this.frame.width = Math.max(1, this.element.clientWidth);
    this.frame.height = Math.max(1, this.element.clientHeight);
    this.frame.pixelRatio = window.devicePixelRatio;
  }

  private toWorld(path: readonly number[]): number[] {
    const { scale, offsetX, offsetY } = this.frame;
    return path.map((value, i) => (value - (i % 2 === 0 ? offsetX : offsetY)) / scale);
  }

  private schedule(): void {
    this.isStale = true;
    if (this.request === 0) this.request = requestAnimationFrame(this.drawFrame);
  }

  /** A frame: what has changed is drawn. While only the painting order is being sorted, what is drawn stays. */
  private draw(now: number): void {
    this.request = 0;
    const isSorted = this.space.sort();
    if (isSorted) this.stage.reorder();
    if (this.isStale || isSorted) this.drawAll(now);
    if (this.moveStart >= 0) this.schedule();
    else if (this.space.sorting && this.request === 0) this.request = requestAnimationFrame(this.drawFrame);
  }

  private drawAll(now: number): void {
    this.isStale = false;
    const { frame, points } = this;
    if (this.moveStart >= 0) this.advance(now);
    frame.show(this.navigation.view);
    frame.fitPoints(points.count, this.navigation.view.k, points.dims);
    this.stage.draw(frame);
    this.placeMarks();
    this.pictures.place();
    this.names.place(this.navigation.view.k);
  }

  private placeMarks(): void {
    const { active = -1, links, linksFrom = active } = this.props;
    const { hovered } = this.pointing;
    this.overlay.place(this.points, this.frame, { hovered, active, links, linksFrom, covered: this.pictures.covers });
    this.pictures.mark(active, linksFrom === active ? links : undefined);
  }

  private advance(now: number): void {
    const share = (now - this.moveStart) / (this.props.moveMs ?? MOVE_MS);
    this.points.advance(Math.max(0, share));
    this.space.changed();
    if (share >= 1) {
      this.moveStart = -1;
      this.index.invalidate();
    }
    this.fit();
    this.stage.move();
  }
}
