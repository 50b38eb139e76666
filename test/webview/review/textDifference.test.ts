import { describe, expect, it } from 'vitest';
import { textDifference, textDifferenceWords } from '../../../src/webview/review/textDifference';

describe('the words in which two texts differ', () => {
  it('are what is not in a longest common subsequence', () => {
    const parts = textDifference('the quick  brown fox\njumps', 'the brown dog jumps') ?? [];
    expect(parts.map(({ text }) => text).join('')).toBe('the quick  brown fox\njumps');
    expect(parts.filter(({ differs }) => differs).map(({ text }) => text.trim())).toEqual(['quick', 'fox']);
    expect(textDifferenceWords(parts)).toBe('2 of 5 words differ');
  });

  it('are none in equal texts, and not looked for in very long ones', () => {
    expect(textDifferenceWords(textDifference('a b', 'a b c') ?? [])).toBe('no words that the other has not');
    const long = 'w '.repeat(3000);
    expect(textDifference(long, long)).toBeUndefined();
  });
});
