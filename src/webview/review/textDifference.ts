/** Texts are compared word by word up to so many pairs of words. */
const MOST_PAIRS = 4_000_000;

export interface TextPart {
  readonly text: string;
  /** Whether the other text has no such words in this place. */
  readonly differs: boolean;
}

/**
 * The parts of `text` that are in `other` too, in the same order (a longest common subsequence of words), and those that are not. Undefined for
 * texts too long to compare.
 */
export function textDifference(text: string, other: string): TextPart[] | undefined {
  const a = text.match(/\s+|\S+/g) ?? [];
  const b = other.match(/\S+/g) ?? [];
  const words = a.flatMap((part, at) => (part.trim() === '' ? [] : [at]));
  if (words.length * b.length > MOST_PAIRS) return undefined;
  const common = commonWords(
    words.map((at) => a[at]),
    b,
  );
  const same = new Set(words.filter((_, i) => common.has(i)));
  const parts: { text: string; differs: boolean }[] = [];
  a.forEach((part, at) => {
    const differs = part.trim() === '' ? (parts.at(-1)?.differs ?? false) : !same.has(at);
    const last = parts.at(-1);
    if (last?.differs === differs) last.text += part;
    else parts.push({ text: part, differs });
  });
  return parts;
}

/** Places in `a` of a longest common subsequence of both. */
function commonWords(a: readonly string[], b: readonly string[]): Set<number> {
  const width = b.length + 1;
  const lengths = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const at = i * width + j;
      lengths[at] = a[i] === b[j] ? lengths[at + width + 1] + 1 : Math.max(lengths[at + width], lengths[at + 1]);
    }
  }
  const common = new Set<number>();
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const at = i * width + j;
    if (a[i] === b[j]) {
      common.add(i++);
      j++;
    } else if (lengths[at + width] >= lengths[at + 1]) i++;
    else j++;
  }
  return common;
}

/** In words, for the card of the member. */
export function textDifferenceWords(parts: readonly TextPart[]): string {
  const count = (differs: boolean): number =>
    parts.filter((part) => part.differs === differs).reduce((sum, { text }) => sum + wordCount(text), 0);
  const different = count(true);
  if (different === 0) return 'no words that the other has not';
  return `${different} of ${different + count(false)} words differ`;
}

function wordCount(text: string): number {
  return text.match(/\S+/g)?.length ?? 0;
}
