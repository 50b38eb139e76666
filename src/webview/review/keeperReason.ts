import type { ItemDetail, Modality } from '../../trainer/protocol';

const WORDS = {
  image: { most: 'most pixels', largest: 'largest file with these pixels', same: 'pixels and size' },
  text: { most: 'longest text', largest: 'most bytes', same: 'length and size' },
} as const;
const BENCHMARK_SPLIT = /^(test|val|valid|validation|dev)/i;

/**
 * Why this member is the one to keep. The trainer's rule is: one that was judged to be kept; across splits, one of the test or
 * validation split; most pixels (of a text: most characters times lines), then most bytes, then the shortest path. The reason is the first of these that sets the keeper
 * apart.
 */
export function keeperReason(
  keeper: ItemDetail,
  others: readonly ItemDetail[],
  judgedKeep: boolean,
  modality: Modality = 'image',
): string {
  const words = WORDS[modality];
  if (judgedKeep) return 'you kept it before';
  if (keeper.split !== undefined && BENCHMARK_SPLIT.test(keeper.split)) {
    if (others.some((other) => other.split !== keeper.split))
      return `it is in ${keeper.split}, and a benchmark stays as it is`;
  }
  const pixels = keeper.width * keeper.height;
  const rivals = others.filter((other) => other.width * other.height >= pixels);
  if (rivals.length === 0) return words.most;
  if (rivals.some((other) => other.width * other.height > pixels || other.bytes > keeper.bytes))
    return 'it stands for all of the group';
  const equals = rivals.filter((other) => other.bytes === keeper.bytes);
  if (equals.length === 0) return words.largest;
  if (equals.every((other) => other.path.length > keeper.path.length))
    return `shortest path; ${words.same} are the same`;
  return `first path; ${words.same} are the same`;
}
