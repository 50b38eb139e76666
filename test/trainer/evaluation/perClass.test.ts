import { expect, it } from 'vitest';
import { classMeasures, confusionsOf } from '../../../src/trainer/evaluation/perClass';
import { searchQueries } from '../../../src/trainer/evaluation/queries';
import { unitRows } from '../neighbours/rows';
import { mean, naiveQueries } from './naive';

const NAMES = ['ant', 'bee', 'cat', 'dog', 'emu'];

it('agrees with the definitions, class by class and pair by pair', async () => {
  const rows = unitRows(60, 3, 4);
  const labels = Int32Array.from({ length: 60 }, (_, i) => (i < 59 ? Math.min(3, Math.floor(i / 12)) : 4));
  const results = await searchQueries(rows.data, 60, 3, labels);
  const queries = naiveQueries(rows, labels);
  const nearestLabels = results.nearest.map((row) => labels[row]);
  const names = {
    nameOf: (label: number) => NAMES[label],
    itemsOf: (label: number) => labels.filter((each) => each === label).length,
  };
  const classes = classMeasures(results, nearestLabels, names);
  // The emu is alone: it is searched, but asks nothing.
  expect(classes.map(({ label, items, queries: count }) => [label, items, count])).toEqual([
    ['ant', 12, 12],
    ['bee', 12, 12],
    ['cat', 12, 12],
    ['dog', 23, 23],
  ]);
  const confusions = confusionsOf(results, nearestLabels, names, (row) => 1000 + row);
  for (const [code, found] of classes.entries()) {
    const own = queries.filter(({ label }) => label === code);
    for (const measure of ['recallAt1', 'rPrecision', 'mapAtR'] as const)
      expect(found[measure]).toBeCloseTo(mean(own.map((query) => query.measures[measure])), 12);
    const wrong = [0, 1, 2, 3, 4].flatMap((other) => {
      const count = own.filter((query) => other !== code && labels[query.nearest] === other).length;
      return count === 0 ? [] : [{ label: NAMES[other], count }];
    });
    const most = Math.max(...wrong.map(({ count }) => count));
    expect(found.takenFor!.count).toBe(most);
    expect(wrong).toContainEqual(found.takenFor);
    for (const { label, count } of wrong) {
      const pair = confusions.find((each) => each.label === NAMES[code] && each.takenFor === label)!;
      expect(pair.count).toBe(count);
      expect(pair.share).toBeCloseTo(count / own.length, 12);
      expect(pair.examples).toHaveLength(Math.min(3, count));
      for (const { item, nearest } of pair.examples) {
        const query = own.find(({ row }) => row === item - 1000)!;
        expect(nearest - 1000).toBe(query.nearest);
        expect(NAMES[labels[query.nearest]]).toBe(label);
      }
      const similarities = pair.examples.map(({ similarity }) => similarity);
      expect(similarities).toEqual(similarities.toSorted((a, b) => b - a));
    }
  }
  expect(confusions.map(({ count }) => count)).toEqual(confusions.map(({ count }) => count).sort((a, b) => b - a));
  expect(confusions.reduce((sum, { count }) => sum + count, 0)).toBe(
    queries.filter((query) => query.measures.recallAt1 === 0).length,
  );
});
