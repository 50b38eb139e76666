/** Ascending item numbers as runs, first and length in turn: a lasso around half a dataset stays small in the panel's state. */
export type Ranges = readonly number[];

export function toRanges(items: Iterable<number>): Ranges {
  const ranges: number[] = [];
  let next = -1;
  for (const item of items) {
    if (item === next) ranges[ranges.length - 1] += 1;
    else ranges.push(item, 1);
    next = item + 1;
  }
  return ranges;
}

export function fromRanges(ranges: Ranges): number[] {
  const items: number[] = [];
  for (let i = 0; i + 1 < ranges.length; i += 2) {
    for (let offset = 0; offset < ranges[i + 1]; offset++) items.push(ranges[i] + offset);
  }
  return items;
}
