import type { Matrix } from '../store/matrix';

const LEAF = 16;

/** A k-d tree (Bentley 1975) over the points of a map: exact nearest neighbours however unevenly they lie. */
export class KdTree {
  /** Items; each node is a range of it, split in the middle. */
  private readonly items: Int32Array;
  private found = new Int32Array(0);
  private distances = new Float64Array(0);
  private count = 0;

  constructor(private readonly points: Matrix) {
    this.items = Int32Array.from({ length: points.rows }, (_, i) => i);
    this.build(0, points.rows, 0);
  }

  /** The k nearest other items, nearest first; `k` is less than the number of points. */
  nearest(item: number, k: number): Int32Array {
    if (this.found.length !== k) {
      this.found = new Int32Array(k);
      this.distances = new Float64Array(k);
    }
    this.count = 0;
    this.search(item, 0, this.points.rows, 0);
    return this.found;
  }

  private build(from: number, to: number, axis: number): void {
    if (to - from <= LEAF) return;
    const middle = (from + to) >> 1;
    this.select(from, to - 1, middle, axis);
    const next = (axis + 1) % this.points.dims;
    this.build(from, middle, next);
    this.build(middle + 1, to, next);
  }

  /** Puts the item of rank `middle` at its place, smaller ones before and larger ones after (Hoare's selection). */
  private select(from: number, to: number, middle: number, axis: number): void {
    const { items } = this;
    while (from < to) {
      const pivot = this.at(items[(from + to) >> 1], axis);
      let left = from;
      let right = to;
      while (left <= right) {
        while (this.at(items[left], axis) < pivot) left++;
        while (this.at(items[right], axis) > pivot) right--;
        if (left > right) break;
        const held = items[left];
        items[left++] = items[right];
        items[right--] = held;
      }
      if (middle <= right) to = right;
      else if (middle >= left) from = left;
      else return;
    }
  }

  private search(item: number, from: number, to: number, axis: number): void {
    if (to - from <= LEAF) {
      for (let place = from; place < to; place++) this.offer(item, this.items[place]);
      return;
    }
    const middle = (from + to) >> 1;
    const gap = this.at(item, axis) - this.at(this.items[middle], axis);
    const next = (axis + 1) % this.points.dims;
    if (gap <= 0) this.search(item, from, middle, next);
    else this.search(item, middle + 1, to, next);
    this.offer(item, this.items[middle]);
    if (this.count === this.found.length && gap * gap >= this.distances[this.count - 1]) return;
    if (gap <= 0) this.search(item, middle + 1, to, next);
    else this.search(item, from, middle, next);
  }

  private offer(item: number, other: number): void {
    if (other === item) return;
    const { found, distances } = this;
    let distance = 0;
    for (let axis = 0; axis < this.points.dims; axis++) distance += (this.at(item, axis) - this.at(other, axis)) ** 2;
    if (this.count === found.length) {
      if (found.length === 0 || distance >= distances[this.count - 1]) return;
    } else this.count++;
    let place = this.count - 1;
    for (; place > 0 && distances[place - 1] > distance; place--) {
      distances[place] = distances[place - 1];
      found[place] = found[place - 1];
    }
    distances[place] = distance;
    found[place] = other;
  }

  private at(item: number, axis: number): number {
    return this.points.data[item * this.points.dims + axis];
  }
}
