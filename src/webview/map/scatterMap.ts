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
import { WHOLE_MAP, type MapName, type MapView, type ScatterProps } from './props';
import { Stage } from './stage';

/** How long points take to their new places. */
const MOVE_MS = 300;
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
  private readonly lasso: Lasso;
  private readonly pointing: Pointing;
  private readonly drawFrame = (now: number): void => this.draw(now);
  private request = 0;
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
    const isLasso = (event: MouseEvent): boolean => event.shiftKey || this.props.tool === 'lasso';
    this.lasso = this.held.add(
      new Lasso(this.element, isLasso, {
        drawing: (path) => this.overlay.drawLasso(path),
        finished: (path, add) => this.props.onLasso?.(pointsInside(this.points, this.toWorld(path)), add),
      }),
    );
    this.navigation = this.held.add(
      new Navigation(this.element, this.frame, props.view ?? WHOLE_MAP, isLasso, (view) => this.viewChanged(view)),
    );
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
    return this.navigation.view;
  }

  /** Shows the whole map. */
  reset(): void {
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
    const centre = { x: this.points.current[2 * item], y: this.points.current[2 * item + 1] };
    this.navigation.show({ ...centre, k: scale / this.frame.baseScale });
  }

  /** Where an item is drawn, in pixels of the map. */
  placeOf(item: number): { readonly x: number; readonly y: number } {
    const { current } = this.points;
    const { scale, offsetX, offsetY } = this.frame;
    return { x: current[2 * item] * scale + offsetX, y: current[2 * item + 1] * scale + offsetY };
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
    if (changed('positions', 'codes', 'colours', 'missingColour', 'dimmed', 'selected')) this.points.dress(props);
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
    this.points.moveTo(props.positions, animate);
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
  }

  private viewChanged(view: MapView): void {
    this.pointing.forget();
    this.schedule();
    this.props.onView?.(view);
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
        ArrowLeft: () => navigation.pan(-0.15, 0),
        ArrowRight: () => navigation.pan(0.15, 0),
        ArrowUp: () => navigation.pan(0, -0.15),
        ArrowDown: () => navigation.pan(0, 0.15),
        'Alt+ArrowLeft': () => this.walk(-1, 0),
        'Alt+ArrowRight': () => this.walk(1, 0),
        'Alt+ArrowUp': () => this.walk(0, -1),
        'Alt+ArrowDown': () => this.walk(0, 1),
        '+': () => navigation.magnify(1.5),
        '=': () => navigation.magnify(1.5),
        '-': () => navigation.magnify(1 / 1.5),
        '0': () => navigation.reset(),
        ' ': () => this.chooseMiddle(),
      }),
    );
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
    const item = this.index.nearest(x, y, 2 / k);
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
    if (this.request === 0) this.request = requestAnimationFrame(this.drawFrame);
  }

  private draw(now: number): void {
    this.request = 0;
    const { frame, points } = this;
    if (this.moveStart >= 0) this.advance(now);
    frame.show(this.navigation.view);
    frame.fitPoints(points.count, this.navigation.view.k);
    this.stage.draw(frame);
    this.placeMarks();
    this.pictures.place();
    this.names.place(this.navigation.view.k);
    if (this.moveStart >= 0) this.schedule();
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
    if (share >= 1) {
      this.moveStart = -1;
      this.index.invalidate();
    }
    this.fit();
    this.stage.move();
  }
}
