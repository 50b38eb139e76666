import { describe, expect, it } from 'vitest';
import { suggestedMarks, toReviewCase } from '../../../src/webview/review/reviewCase';
import { distanceToKeeper, distanceWords } from '../../../src/webview/review/distanceWords';
import { keeperReason } from '../../../src/webview/review/keeperReason';
import { memberFacts } from '../../../src/webview/review/facts';
import { detail, group, LIMITS, reviewCase } from './groups';

describe('a case of duplicates', () => {
  it('puts the suggested keeper first and keeps only that', () => {
    const made = toReviewCase(group('g', [4, 7, 9], {}, { suggestedKeep: 7 }), 3, LIMITS);
    expect(made.items).toEqual([7, 4, 9]);
    expect(made.rank).toBe(3);
    expect([...suggestedMarks(made)]).toEqual([
      [7, 'keep'],
      [4, 'remove'],
      [9, 'remove'],
    ]);
  });

  it('judges a pair by its strongest link: the same bytes are no weak link because of an embedding', () => {
    const links = [
      { a: 1, b: 2, evidence: 'embedding', distance: 0.1 },
      { a: 2, b: 1, evidence: 'content', distance: 0 },
      { a: 1, b: 3, evidence: 'perceptual', distance: 5 },
    ] as const;
    const made = toReviewCase({ ...group('g', [1, 2, 3]), links, exact: false }, 0, LIMITS);
    expect(made.closest).toEqual(links[1]);
    expect(made.weakest).toEqual(links[2]);
  });

  it('says distances as a person would', () => {
    expect(distanceWords({ evidence: 'content', distance: 0 })).toBe('same bytes');
    expect(distanceWords({ evidence: 'perceptual', distance: 3 })).toBe('3 bits apart');
    expect(distanceWords({ evidence: 'perceptual', distance: 1 })).toBe('1 bit apart');
    expect(distanceWords({ evidence: 'embedding', distance: 0.0213 })).toBe('0.02 apart');
    expect(distanceWords({ evidence: 'embedding', distance: 0.0004 })).toBe('under 0.001 apart');
  });

  it('tells how a member hangs together with the keeper', () => {
    const chain = {
      ...reviewCase('g', [1, 2, 3]),
      links: [
        { a: 1, b: 2, evidence: 'perceptual', distance: 2 },
        { a: 2, b: 3, evidence: 'perceptual', distance: 4 },
      ],
    } as const;
    expect(distanceToKeeper(chain, 2)).toBe('2 bits apart');
    expect(distanceToKeeper(chain, 3)).toBe('through 1 other');
    expect(distanceToKeeper({ ...chain, links: [] }, 3)).toBe('not linked');
  });
});

describe('the reason for a keeper', () => {
  const keeper = detail(1, { bytes: 500 });

  it('is the first rule that sets it apart', () => {
    expect(keeperReason(keeper, [detail(2, { width: 32 })], false)).toBe('most pixels');
    expect(keeperReason(keeper, [detail(2, { bytes: 400 })], false)).toBe('largest file with these pixels');
    expect(keeperReason(keeper, [detail(2, { bytes: 500, path: 'class/longer/2.png' })], false)).toContain(
      'shortest path',
    );
    expect(keeperReason(keeper, [detail(2, { bytes: 900 })], true)).toBe('you kept it before');
  });

  it('is the benchmark across splits', () => {
    const test = detail(1, { split: 'test', bytes: 10 });
    expect(keeperReason(test, [detail(2, { split: 'train' })], false)).toContain('it is in test');
  });
});

describe('facts of the members', () => {
  it('marks what the members do not agree on, and leaves out what none has', () => {
    const made = reviewCase('g', [1, 2], { evidence: 'perceptual', distance: 3 });
    const facts = memberFacts(made, [
      detail(1, { label: 'cat', bytes: 1000 }),
      detail(2, { label: 'dog', bytes: 1000, metadata: { camera: 'x' } }),
    ]);
    const differing = facts[1].filter(({ differs }) => differs).map(({ name }) => name);
    expect(differing).toEqual(['Label', 'camera']);
    expect(facts[0].some(({ name }) => name === 'Split')).toBe(false);
    expect(facts[1].at(-1)).toMatchObject({ name: 'Distance', value: '3 bits apart' });
  });

  it('waits for facts that are not here yet', () => {
    expect(memberFacts(reviewCase('g', [1, 2]), [detail(1), undefined])[1]).toEqual([]);
  });
});
