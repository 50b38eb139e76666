import { svg } from '../shell/dom';
import { cssColour } from '../shell/theme';
import { CORNERS } from './camera';
import type { Frame } from './frame';
import type { PointSet } from './pointSet';

/** The edges of a cube: pairs of corners that differ along one axis. */
const EDGES = CORNERS.flatMap((from) =>
  CORNERS.filter(
    (to) => from.filter((side, axis) => side < to[axis]).length === 1 && from.every((side, axis) => side <= to[axis]),
  ).map((to) => [from, to] as const),
);

export interface Marks {
  /** Items, -1 for none. */
  readonly hovered: number;
  readonly active: number;
  readonly links: Int32Array | undefined;
  /** Where the lines start, -1 for none. */
  readonly linksFrom: number;
  /** Whether a picture stands in the place of a point: then the picture is marked, and no ring hides it. */
  readonly covered: (item: number) => boolean;
}

/** Marks above the points: hovered and active point, lines to true neighbours, the lasso. The same for every renderer. */
export class Overlay {
  readonly element = svg('svg', { class: 'map-overlay', 'aria-hidden': 'true' });
  private readonly box = svg('path', { class: 'map-box' });
  private readonly lines = svg('path', { class: 'map-links' });
  private readonly ends = svg('path', { class: 'map-link-ends' });
  private readonly lasso = svg('path', { class: 'map-lasso' });
  private readonly hoverRing = svg('circle', { class: 'map-ring map-ring-hover' });
  private readonly activeHalo = svg('circle', { class: 'map-halo' });
  private readonly activeRing = svg('circle', { class: 'map-ring map-ring-active' });

  constructor() {
    this.element.append(this.box, this.lines, this.ends, this.activeHalo, this.activeRing, this.hoverRing, this.lasso);
  }

  /** Puts the marks where their points are now. */
  place(points: PointSet, frame: Frame, marks: Marks): void {
    const { hovered, active, links, linksFrom, covered } = marks;
    this.box.setAttribute('d', points.dims === 3 ? boxPath(points, frame) : '');
    ring(this.hoverRing, points, frame, hovered, 3);
    ring(this.activeHalo, points, frame, active, 5);
    ring(this.activeRing, points, frame, active, 4);
    // In space something nearer may hide it.
    this.activeRing.style.fill = points.dims === 3 && active >= 0 ? cssColour(points.colour(active)) : '';
    this.hoverRing.classList.toggle('covered', covered(hovered));
    this.activeHalo.classList.toggle('covered', covered(active));
    this.activeRing.classList.toggle('covered', covered(active));
    const [lines, ends] = linksFrom >= 0 && links ? linkPaths(points, frame, linksFrom, links, covered) : ['', ''];
    this.lines.setAttribute('d', lines);
    this.ends.setAttribute('d', ends);
  }

  /** Shows the lasso; x and y in turn, in pixels. */
  drawLasso(path: readonly number[]): void {
    let d = '';
    for (let i = 0; i < path.length; i += 2) d += `${i === 0 ? 'M' : 'L'}${path[i]},${path[i + 1]}`;
    this.lasso.setAttribute('d', d === '' ? '' : `${d}Z`);
  }
}

/** The edges of the box around all points, by which one sees how a map in space is turned. */
function boxPath({ box, camera }: PointSet, frame: Frame): string {
  let d = '';
  const place = ([a, b, c]: readonly [number, number, number]): string => {
    const [x, y, z] = [a * box[0], b * box[1], c * box[2]];
    return `${camera.seenX(x, y, z) * frame.scale + frame.offsetX},${camera.seenY(x, y, z) * frame.scale + frame.offsetY}`;
  };
  for (const [from, to] of EDGES) d += `M${place(from)}L${place(to)}`;
  return d;
}

function ring(circle: SVGCircleElement, points: PointSet, frame: Frame, item: number, gap: number): void {
  const shown = item >= 0 && item < points.count;
  circle.setAttribute('r', shown ? String(frame.radius * points.scale(item) + gap) : '0');
  circle.classList.toggle('shown', shown);
  if (!shown) return;
  circle.setAttribute('cx', String(points.x(item) * frame.scale + frame.offsetX));
  circle.setAttribute('cy', String(points.y(item) * frame.scale + frame.offsetY));
}

function linkPaths(
  points: PointSet,
  frame: Frame,
  from: number,
  links: Int32Array,
  covered: (item: number) => boolean,
): [string, string] {
  const x = (item: number): number => points.x(item) * frame.scale + frame.offsetX;
  const y = (item: number): number => points.y(item) * frame.scale + frame.offsetY;
  let lines = '';
  let ends = '';
  for (const item of links) {
    if (item >= points.count) continue;
    lines += `M${x(from)},${y(from)}L${x(item)},${y(item)}`;
    const r = frame.radius * points.scale(item) + 1.5;
    if (!covered(item)) ends += `M${x(item) - r},${y(item)}a${r},${r} 0 1 0 ${2 * r},0a${r},${r} 0 1 0 ${-2 * r},0`;
  }
  return [lines, ends];
}
