import type { Matrix } from '../store/matrix';

export interface Examples {
  readonly medoid: number;
  /** The medoid first. */
  readonly exemplars: number[];
}

/** Examples of a cluster at most. */
const EXAMPLES = 6;
/** Of the members, the half that is most like the cluster as a whole; far ones would be exceptions and not examples. */
const CORE = 0.5;

/**
 * The member with the largest sum of similarities to all others, and members of the core that are unlike each other: each next one is
 * the farthest from those before (farthest-first traversal, Gonzalez 1985). The first of equals counts.
 * @param members at least one
 */
export function examplesOf({ data, dims }: Matrix, members: Int32Array): Examples {
  // The sum of the dot products with all members is the dot product with their sum.
  const sum = new Float64Array(dims);
  for (const item of members) for (let d = 0; d < dims; d++) sum[d] += data[item * dims + d];
  const similarity = Float64Array.from(members, (item) => {
    let dot = 0;
    for (let d = 0; d < dims; d++) dot += data[item * dims + d] * sum[d];
    return dot;
  });
  const order = Uint32Array.from(members, (_, place) => place).sort((a, b) => similarity[b] - similarity[a] || a - b);
  const core = Array.from(
    order.subarray(0, Math.max(EXAMPLES, Math.ceil(CORE * members.length))),
    (place) => members[place],
  );
  const exemplars = [core[0]];
  const closest = new Float64Array(core.length).fill(-Infinity);
  while (exemplars.length < Math.min(EXAMPLES, core.length)) {
    const last = exemplars[exemplars.length - 1];
    let next = -1;
    core.forEach((item, i) => {
      let dot = 0;
      for (let d = 0; d < dims; d++) dot += data[item * dims + d] * data[last * dims + d];
      closest[i] = Math.max(closest[i], dot);
      if (!exemplars.includes(item) && (next < 0 || closest[i] < closest[next])) next = i;
    });
    exemplars.push(core[next]);
  }
  return { medoid: core[0], exemplars };
}
