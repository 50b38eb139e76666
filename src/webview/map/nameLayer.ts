import { h } from '../shell/dom';
import type { Frame } from './frame';
import type { PointSet } from './pointSet';
import type { MapName } from './props';

/** Names at once; more are a list and not a map. */
const MOST = 40;
const HEIGHT = 20;
const GAP = 4;
/** Magnifications from which parts, and parts of parts, have their names. */
const FINER_FROM = [2.2, 5];

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
}

/**
 * Names of groups of points, each at a point in the middle of its group. Where two would overlap the one of the smaller group is left
 * out; the more the map is magnified, the finer are the groups.
 */
export class NameLayer {
  readonly element = h('div', { class: 'map-names', aria: { hidden: 'true' } });
  private readonly holders = new Map<MapName, HTMLElement>();
  private source: readonly MapName[] = [];
  private names: readonly MapName[] = [];

  constructor(
    private readonly points: PointSet,
    private readonly frame: Frame,
  ) {}

  use(names: readonly MapName[]): void {
    if (names === this.source) return;
    this.source = names;
    this.names = [...names].sort((a, b) => b.weight - a.weight || a.item - b.item);
    for (const holder of this.holders.values()) holder.remove();
    this.holders.clear();
  }

  /** Puts the names where their points are now. @param k the magnification */
  place(k: number): void {
    const depth = FINER_FROM.filter((from) => k >= from).length;
    const taken: Box[] = [];
    for (const name of this.names) {
      const isWanted = name.depth === depth || (name.isLast && name.depth < depth);
      const isShown = isWanted && taken.length < MOST && this.put(name, taken);
      if (!isShown) this.hide(name);
    }
  }

  /** False when it is out of sight, or there is no room. */
  private put(name: MapName, taken: Box[]): boolean {
    const { frame, points } = this;
    if (name.item >= points.count) return false;
    const x = points.x(name.item) * frame.scale + frame.offsetX;
    const y = points.y(name.item) * frame.scale + frame.offsetY;
    if (x < frame.insetLeft || y < 0 || x > frame.width || y > frame.height) return false;
    const holder = this.holderOf(name);
    const width = Number(holder.dataset['width']);
    const left = Math.min(Math.max(x - width / 2, frame.insetLeft + GAP), Math.max(0, frame.width - width - GAP));
    const top = Math.min(Math.max(y - HEIGHT / 2, GAP), frame.height - HEIGHT - GAP);
    const box = { left: left - GAP, right: left + width + GAP, top };
    if (taken.some((other) => overlaps(box, other))) return false;
    taken.push(box);
    holder.style.transform = `translate(${left}px, ${top}px)`;
    holder.hidden = false;
    return true;
  }

  private holderOf(name: MapName): HTMLElement {
    let holder = this.holders.get(name);
    if (!holder) {
      holder = h('div', { class: `map-name map-name-${name.depth}` }, name.text);
      this.element.append(holder);
      // Measured once: reading a width makes the browser lay out the page.
      holder.dataset['width'] = String(holder.offsetWidth);
      this.holders.set(name, holder);
    }
    return holder;
  }

  private hide(name: MapName): void {
    const holder = this.holders.get(name);
    if (holder) holder.hidden = true;
  }
}

function overlaps(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && Math.abs(a.top - b.top) < HEIGHT + GAP;
}
