import type { ItemDetail } from '../../trainer/protocol';

const BENCHMARK_SPLIT = /^(test|val|valid|validation|dev)/i;

/**
 * Why this member is the one to keep. The trainer's rule is: one that was judged to be kept; across splits, one of the test or
 * validation split; most pixels, then most bytes, then the shortest path. The reason is the first of these that sets the keeper
 * apart.
 */
export function keeperReason(keeper: ItemDetail, others: readonly ItemDetail[], judgedKeep: boolean): string {
  if (judgedKeep) return 'you kept it before';
  if (keeper.split !== undefined && BENCHMARK_SPLIT.test(keeper.split)) {
    if (others.some((other) => other.split !== keeper.split))
      return `it is in ${keeper.split}, and a benchmark stays as it is`;
  }
  const pixels = keeper.width * keeper.height;
  const rivals = others.filter((other) => other.width * other.height >= pixels);
  if (rivals.length === 0) return 'most pixels';
  if (rivals.some((other) => other.width * other.height > pixels || other.bytes > keeper.bytes))
    return 'it stands for all of the group';
  const equals = rivals.filter((other) => other.bytes === keeper.bytes);
  if (equals.length === 0) return 'largest file with these pixels';
  if (equals.every((other) => other.path.length > keeper.path.length))
    return 'shortest path; pixels and size are the same';
  return 'first path; pixels and size are the same';
}
