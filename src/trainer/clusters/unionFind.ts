/** Disjoint sets of items (Tarjan 1975): union by size, paths halved. */
export class UnionFind {
  private readonly parents: Int32Array;
  private readonly sizes: Int32Array;
  sets: number;

  constructor(count: number) {
    this.parents = Int32Array.from({ length: count }, (_, i) => i);
    this.sizes = new Int32Array(count).fill(1);
    this.sets = count;
  }

  find(item: number): number {
    const { parents } = this;
    while (parents[item] !== item) {
      parents[item] = parents[parents[item]];
      item = parents[item];
    }
    return item;
  }

  /** Makes one set of two; false when they were one. */
  join(a: number, b: number): boolean {
    let large = this.find(a);
    let small = this.find(b);
    if (large === small) return false;
    if (this.sizes[large] < this.sizes[small]) [large, small] = [small, large];
    this.parents[small] = large;
    this.sizes[large] += this.sizes[small];
    this.sets--;
    return true;
  }
}
