import { describe, expect, it } from 'vitest';
import type { DuplicateLink } from '../../../src/trainer/protocol';
import { borderlinePairs, distanceHistogram, previewCut } from '../../../src/webview/review/thresholds';

const links: DuplicateLink[] = [
  { a: 0, b: 1, evidence: 'content', distance: 0 },
  { a: 0, b: 1, evidence: 'perceptual', distance: 0 },
  { a: 1, b: 2, evidence: 'perceptual', distance: 3 },
  { a: 3, b: 4, evidence: 'perceptual', distance: 6 },
  { a: 5, b: 6, evidence: 'embedding', distance: 0.01 },
  { a: 6, b: 7, evidence: 'embedding', distance: 0.05 },
];

describe('a cut', () => {
  it('joins what is within it; the same bytes always are', () => {
    expect(previewCut(links, { perceptualDistance: -1, embeddingDistance: 0 })).toEqual({
      groups: 1,
      redundant: 1,
      links: 1,
    });
    expect(previewCut(links, { perceptualDistance: 3, embeddingDistance: 0 })).toEqual({
      groups: 1,
      redundant: 2,
      links: 3,
    });
    const all = { perceptualDistance: 6, embedding: 'e', embeddingDistance: 0.05 };
    expect(previewCut(links, all)).toEqual({ groups: 3, redundant: 5, links: 6 });
    expect(previewCut([], all)).toEqual({ groups: 0, redundant: 0, links: 0 });
  });

  it('counts pairs at each distance', () => {
    const bits = distanceHistogram(links, 'perceptual', 6);
    expect(bits.map(({ count }) => count)).toEqual([1, 0, 0, 1, 0, 0, 1]);
    const cosine = distanceHistogram(links, 'embedding', 0.05);
    expect(cosine).toHaveLength(24);
    expect(cosine.reduce((sum, { count }) => sum + count, 0)).toBe(2);
    expect(cosine.at(-1)?.count).toBe(1);
    expect(distanceHistogram(links, 'perceptual', 0)).toEqual([{ from: 0, to: 0, count: 1 }]);
  });

  it('shows the least alike pairs that it lets in, and none that are the same bytes', () => {
    const settings = { perceptualDistance: 5, embeddingDistance: 0 };
    expect(borderlinePairs(links, 'perceptual', settings, 3)).toEqual([links[2]]);
    expect(borderlinePairs(links, 'perceptual', { ...settings, perceptualDistance: 6 }, 1)).toEqual([links[3]]);
  });
});
