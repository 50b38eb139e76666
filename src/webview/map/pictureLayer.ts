import { h } from '../shell/dom';
import type { Disposable } from '../shell/disposable';
import { cssColour } from '../shell/theme';
import { thumbnailImage, type ThumbnailCache, type ThumbnailImage } from '../shell/thumbnails';
import type { Frame } from './frame';
import { DIMMED, type PointSet } from './pointSet';

/** Side of a picture in pixels, and the space that it claims. */
const SIDE = 36;
const CLAIM = 44;
/** Pictures appear once this few points are in sight per place for a picture. */
const CROWD = 3;
/** In space: points in sight for each picture, beyond which there are none. */
const HIDDEN = 6;
const SETTLE_MS = 90;

interface Shown {
  readonly holder: HTMLElement;
  readonly image: ThumbnailImage;
}

/**
 * Pictures in the place of points, as many as fit without overlap, once the map is magnified so far that they stand for most of what is in
 * sight. They follow the map at once; which items are shown is chosen anew when it comes to rest.
 */
export class PictureLayer implements Disposable {
  readonly element = h('div', { class: 'map-pictures', aria: { hidden: 'true' } });
  private readonly shown = new Map<number, Shown>();
  private cache: ThumbnailCache | undefined;
  private timer: number | undefined;
  private active = -1;
  private links: Int32Array | undefined;

  constructor(
    private readonly points: PointSet,
    private readonly frame: Frame,
    /** Other pictures are shown. */
    private readonly onChange: () => void,
  ) {}

  /** Whether a picture stands in the place of a point. */
  readonly covers = (item: number): boolean => this.shown.has(item);

  /** The active item's picture comes before all others; its neighbours follow. */
  mark(active: number, links: Int32Array | undefined): void {
    if (active === this.active && links === this.links) return;
    this.active = active;
    this.links = links;
    if (this.cache) this.settle();
  }

  use(cache: ThumbnailCache | undefined): void {
    if (cache === this.cache) return;
    this.cache = cache;
    this.clear();
    this.settle();
  }

  /** Moves the pictures with the map, and looks for others a moment later. */
  place(): void {
    for (const [item, { holder }] of this.shown) this.put(item, holder);
    if (this.cache) this.settle();
  }

  clear(): void {
    for (const [item, shown] of this.shown) this.remove(item, shown);
  }

  dispose(): void {
    window.clearTimeout(this.timer);
    this.clear();
  }

  private settle(): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.choose(), SETTLE_MS);
  }

  private choose(): void {
    const { cache } = this;
    const items = cache ? this.itemsInSight() : undefined;
    if (!cache || !items) {
      this.clear();
      return;
    }
    const chosen = new Set(this.withoutOverlap(items));
    // In space points lie behind each other: pictures would hide what they do not stand for.
    if (this.points.dims === 3 && chosen.size * HIDDEN < items.length) chosen.clear();
    for (const [item, shown] of this.shown) if (!chosen.has(item)) this.remove(item, shown);
    for (const item of chosen) if (!this.shown.has(item)) this.add(cache, item);
    for (const [item, { holder }] of this.shown) holder.classList.toggle('map-picture-active', item === this.active);
    this.onChange();
  }

  /** Items on the screen, the foremost first; `undefined` when they are too many. */
  private itemsInSight(): number[] | undefined {
    const { points, frame } = this;
    const most = (CROWD * frame.width * frame.height) / CLAIM ** 2;
    const items: number[] = [];
    for (let place = points.count - 1; place >= 0; place--) {
      const item = points.order[place];
      const x = this.x(item);
      const y = this.y(item);
      if (x < 0 || y < 0 || x > frame.width || y > frame.height) continue;
      if (items.push(item) > most) return undefined;
    }
    return items;
  }

  private withoutOverlap(items: readonly number[]): number[] {
    const taken = new Map<number, number[]>();
    const cell = (x: number, y: number): number => Math.floor(y / CLAIM) * 4096 + Math.floor(x / CLAIM);
    const isFree = (x: number, y: number): boolean => {
      for (let dy = -1; dy <= 1; dy++) {
        for (let dx = -1; dx <= 1; dx++) {
          for (const other of taken.get(cell(x + dx * CLAIM, y + dy * CLAIM)) ?? []) {
            if (Math.abs(this.x(other) - x) < CLAIM && Math.abs(this.y(other) - y) < CLAIM) return false;
          }
        }
      }
      return true;
    };
    const linked = new Set(this.links);
    const rank = (item: number): number =>
      item === this.active ? 3 : linked.has(item) ? 2 : this.shown.has(item) ? 1 : 0;
    return items
      .map((item) => ({ item, rank: rank(item) }))
      .sort((a, b) => b.rank - a.rank)
      .map(({ item }) => item)
      .filter((item) => {
        if (this.points.standings[item] === DIMMED && item !== this.active) return false;
        const x = this.x(item);
        const y = this.y(item);
        if (!isFree(x, y)) return false;
        const key = cell(x, y);
        taken.set(key, [...(taken.get(key) ?? []), item]);
        return true;
      });
  }

  private add(cache: ThumbnailCache, item: number): void {
    const image = thumbnailImage(cache, item, '');
    const holder = h('div', { class: 'map-picture' }, image.element);
    this.put(item, holder);
    this.element.append(holder);
    this.shown.set(item, { holder, image });
  }

  private put(item: number, holder: HTMLElement): void {
    holder.style.borderColor = cssColour(this.points.colour(item));
    holder.style.transform = `translate(${this.x(item) - SIDE / 2}px, ${this.y(item) - SIDE / 2}px)`;
  }

  private remove(item: number, { holder, image }: Shown): void {
    image.release();
    holder.remove();
    this.shown.delete(item);
  }

  private x(item: number): number {
    return this.points.x(item) * this.frame.scale + this.frame.offsetX;
  }

  private y(item: number): number {
    return this.points.y(item) * this.frame.scale + this.frame.offsetY;
  }
}
