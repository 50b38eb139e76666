/** How many elements a tensor of all triplets of some anchors may have; 4 MB. */
const ELEMENTS_AT_ONCE = 1 << 20;

/** `make(first, count)` for consecutive anchors, as many at a time as fit into memory with `elements` for each. */
export function byChunks<T>(anchors: number, elements: number, make: (first: number, count: number) => T): T[] {
  const atOnce = Math.max(1, Math.floor(ELEMENTS_AT_ONCE / elements));
  const results: T[] = [];
  for (let first = 0; first < anchors; first += atOnce) {
    results.push(make(first, Math.min(atOnce, anchors - first)));
  }
  return results;
}
