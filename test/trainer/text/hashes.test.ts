import { describe, expect, it } from 'vitest';
import { ngramsOfWords } from '../../../src/trainer/text/ngrams';
import { jaccard, shinglesOf } from '../../../src/trainer/text/shingles';
import { simHash } from '../../../src/trainer/text/simHash';
import { wordsOf } from '../../../src/trainer/text/words';

function bits(value: bigint): number {
  return value.toString(2).replaceAll('0', '').length;
}

describe('words', () => {
  it('are lower case, composed, with punctuation apart, of any script', () => {
    expect(wordsOf("Don't PANIC… e\u0301t\u00e9 ½ 日本語")).toEqual([
      'don',
      "'",
      't',
      'panic',
      '.',
      '.',
      '.',
      'été',
      '1',
      '⁄',
      '2',
      '日本語',
    ]);
    expect(wordsOf(' \n')).toEqual([]);
  });
});

describe('n-grams', () => {
  it('of a word are itself, its pair with the one before, and its 3- to 5-grams with borders', () => {
    const [first, second] = ngramsOfWords('to be', { characters: true, pairs: true });
    // <to>: 2 of three characters, 1 of four.
    expect(first).toHaveLength(1 + 3);
    expect(second).toHaveLength(1 + 1 + 3);
    expect(ngramsOfWords('to be', { characters: false, pairs: false }).map((word) => word.length)).toEqual([1, 1]);
    expect(new Set([...first, ...second]).size).toBe(first.length + second.length);
  });
});

describe('shingles and SimHash', () => {
  const words = Array.from({ length: 200 }, (_, i) => `word${(i * 37) % 101}x${i % 7}`);
  const text = words.join(' ');
  const edited = words.map((word, i) => (i === 100 ? 'else' : word)).join(' ');

  it('share as many shingles as were left alone', () => {
    const [a, b] = [shinglesOf(text), shinglesOf(edited)];
    // One word is in three shingles of three words; shingles that repeat count once.
    expect(jaccard(a, b)).toBeCloseTo((a.length - 3) / (a.length + 3), 5);
    expect(jaccard(a, a)).toBe(1);
    expect(jaccard(a, shinglesOf('nothing of that'))).toBe(0);
    expect(jaccard(new Uint32Array(), new Uint32Array())).toBe(1);
  });

  it('differ in few bits for a small edit, in about half for another text', () => {
    expect(simHash(text)).toBe(simHash(text.toUpperCase()));
    expect(bits(simHash(text) ^ simHash(edited))).toBeLessThan(10);
    const other = words.map((word) => `${word}y`).join(' ');
    expect(bits(simHash(text) ^ simHash(other))).toBeGreaterThan(18);
    expect(simHash('a')).toBe(simHash('a '));
  });
});
