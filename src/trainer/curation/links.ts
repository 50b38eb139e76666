import type { Pace } from './pace';

/** A growing list of links between nodes, in typed arrays because there may be millions. */
export class LinkList {
  count = 0;
  a = new Int32Array(1024);
  b = new Int32Array(1024);
  /** How far apart, as a share of the threshold of its evidence: 0 is the same, 1 is at the threshold. */
  strain = new Float32Array(1024);

  add(a: number, b: number, strain: number): void {
    if (this.count === this.a.length) this.grow();
    this.a[this.count] = Math.min(a, b);
    this.b[this.count] = Math.max(a, b);
    this.strain[this.count] = strain;
    this.count++;
  }

  /**
   * Positions in the list, closest link first, ties by the nodes: the same for every order in which links were added.
   * A merge sort from the bottom up that breathes, because a million links take longer than the main thread may be held.
   */
  async sorted(pace: Pace): Promise<Uint32Array> {
    let from = new Uint32Array(this.count);
    for (let position = 0; position < this.count; position++) from[position] = position;
    let to = new Uint32Array(this.count);
    const RUN = 4096;
    for (let start = 0; start < this.count; start += RUN) {
      from.subarray(start, start + RUN).sort((x, y) => this.compare(x, y));
      if (pace.due()) await pace.breathe();
    }
    for (let width = RUN; width < this.count; width *= 2) {
      for (let start = 0; start < this.count; start += 2 * width) {
        await this.merge(from, to, start, width, pace);
      }
      [from, to] = [to, from];
    }
    return from;
  }

  private async merge(from: Uint32Array, to: Uint32Array, start: number, width: number, pace: Pace): Promise<void> {
    const middle = Math.min(start + width, this.count);
    const end = Math.min(start + 2 * width, this.count);
    let left = start;
    let right = middle;
    for (let at = start; at < end; at++) {
      const takeLeft = left < middle && (right >= end || this.compare(from[left], from[right]) <= 0);
      to[at] = takeLeft ? from[left++] : from[right++];
      if ((at & 8191) === 0 && pace.due()) await pace.breathe();
    }
  }

  private compare(x: number, y: number): number {
    return this.strain[x] - this.strain[y] || this.a[x] - this.a[y] || this.b[x] - this.b[y];
  }

  private grow(): void {
    const size = this.a.length * 2;
    this.a = enlarge(this.a, new Int32Array(size));
    this.b = enlarge(this.b, new Int32Array(size));
    this.strain = enlarge(this.strain, new Float32Array(size));
  }
}

function enlarge<A extends Int32Array | Float32Array>(from: A, to: A): A {
  to.set(from);
  return to;
}
