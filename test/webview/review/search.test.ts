import { describe, expect, it } from 'vitest';
import type { DuplicateReport, DuplicateSettings } from '../../../src/trainer/protocol';
import { defaultSearch, Search, type SearchCalls } from '../../../src/webview/review/search';
import { comparedWords, loosened } from '../../../src/webview/review/searchWords';
import { report } from './groups';

function setUp(): {
  search: Search;
  asked: DuplicateSettings[];
  answers: ((report: DuplicateReport) => void)[];
  found: DuplicateReport[];
  failed: unknown[];
} {
  const asked: DuplicateSettings[] = [];
  const answers: ((report: DuplicateReport) => void)[] = [];
  const found: DuplicateReport[] = [];
  const failed: unknown[] = [];
  const calls: SearchCalls = {
    compute: (model) => Promise.resolve({ id: `id-${model}`, model, count: 1, dims: 1, created: '', file: '' }),
    find: (settings, signal) =>
      new Promise((resolve, reject) => {
        asked.push(settings);
        answers.push(resolve);
        signal.addEventListener('abort', () => reject(new Error('cancelled')));
      }),
  };
  const listener = {
    progress: () => undefined,
    found: (one: DuplicateReport) => found.push(one),
    failed: (error: unknown) => failed.push(error),
    ended: () => undefined,
  };
  return { search: new Search(calls, listener), asked, answers, found, failed };
}

describe('the search', () => {
  it('computes the embedding first and compares with it', async () => {
    const { search, asked, answers, found } = setUp();
    const done = search.start(defaultSearch('run:one'));
    await tick();
    expect(asked[0]).toMatchObject({ embedding: 'id-run:one' });
    answers[0](report([]));
    await done;
    expect(found).toHaveLength(1);
    expect(search.running).toBe(false);
  });

  it('never shows the report of a search that was replaced', async () => {
    const { search, answers, found, failed } = setUp();
    const settings = { ...defaultSearch('descriptor'), model: 'none' as const };
    const first = search.start(settings);
    const second = search.start({ ...settings, perceptualDistance: 2 });
    answers[0](report([]));
    answers[1](report([]));
    await Promise.all([first, second]);
    expect(found).toHaveLength(1);
    expect(failed).toEqual([]);
  });

  it('says what was compared, and loosens within the limits', () => {
    const settings = { perceptualDistance: 6, model: 'descriptor', embeddingDistance: 0.01 } as const;
    expect(comparedWords(settings, 'image')).toBe(
      'by content, by perceptual hash (within 6 bits) and by colours and gradients (within 0.01)',
    );
    expect(comparedWords({ ...settings, perceptualDistance: -1, model: 'none' }, 'text')).toBe('by content');
    expect(comparedWords(settings, 'text')).toBe(
      'by content, by the hash of their phrases (within 6 bits) and by words and n-grams (within 0.01)',
    );
    expect(defaultSearch('descriptor', 'text').perceptualDistance).toBeGreaterThan(
      defaultSearch('descriptor').perceptualDistance,
    );
    expect(loosened(settings)).toEqual({ ...settings, perceptualDistance: 10, embeddingDistance: 0.02 });
    expect(loosened({ ...settings, perceptualDistance: 20, model: 'none' })).toBeUndefined();
  });
});

function tick(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
