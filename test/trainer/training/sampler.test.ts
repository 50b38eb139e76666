import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/trainer/random';
import { balancedWeights, ClassSampler, type Sampler, samplerOf } from '../../../src/trainer/training/sampler';

/** Class c has the items 100 c, 100 c + 1 ... */
const classesOf = (...sizes: number[]): Int32Array[] =>
  sizes.map((size, label) => Int32Array.from({ length: size }, (_, i) => 100 * label + i));

describe('ClassSampler', () => {
  it('draws P classes with K items of each', () => {
    const sampler = new ClassSampler(classesOf(5, 6, 7, 8, 9), { classes: 3, perClass: 4 }, new Random(1));
    expect(sampler.batchSize).toBe(12);
    for (let number = 0; number < 20; number++) {
      const { items, labels } = sampler.batch(number);
      expect(new Set(labels).size).toBe(3);
      items.forEach((item, i) => expect(Math.floor(item / 100)).toBe(labels[i]));
      for (const label of new Set(labels)) {
        const own = [...items].filter((item) => Math.floor(item / 100) === label);
        expect(new Set(own).size).toBe(4);
      }
    }
  });

  it('goes through all classes in every epoch', () => {
    const sampler = new ClassSampler(
      classesOf(...Array<number>(10).fill(2)),
      { classes: 4, perClass: 2 },
      new Random(2),
    );
    for (let epoch = 0; epoch < 5; epoch++) {
      const seen = new Set([0, 1, 2].flatMap((i) => [...sampler.batch(3 * epoch + i).labels]));
      expect(seen.size).toBe(10);
    }
    expect([...sampler.batch(0).labels]).not.toEqual([...sampler.batch(3).labels]);
  });

  it('repeats the items of a small class, all of them before any twice', () => {
    const sampler = new ClassSampler(classesOf(1, 3), { classes: 2, perClass: 6 }, new Random(3));
    const { items, labels } = sampler.batch(0);
    const of = (label: number): number[] => [...items].filter((_, i) => labels[i] === label);
    expect(of(0)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(of(1).slice(0, 3).sort()).toEqual([100, 101, 102]);
    expect(of(1).slice(3).sort()).toEqual([100, 101, 102]);
  });

  it('shrinks P to the classes that there are', () => {
    const sampler = new ClassSampler(classesOf(2, 2), { classes: 64, perClass: 2 }, new Random(3));
    expect(sampler.batchSize).toBe(4);
    expect(new Set(sampler.batch(7).labels).size).toBe(2);
  });

  it('gives the same batch whatever was drawn before, and another for another seed', () => {
    const classes = classesOf(...Array<number>(30).fill(5));
    const make = (seed: number): ClassSampler =>
      new ClassSampler(classes, { classes: 4, perClass: 3 }, new Random(seed));
    const early = make(1);
    for (let number = 0; number < 17; number++) early.batch(number);
    expect(early.batch(17)).toEqual(make(1).batch(17));
    expect(make(1).batch(17)).not.toEqual(make(2).batch(17));
  });
});

describe('sampling of imbalanced classes', () => {
  const classes = classesOf(1, 4, 16, 64);
  /** How often each class and each item came in many batches. */
  function counted(sampling: 'class' | 'square-root' | 'item'): { byClass: number[]; byItem: Map<number, number> } {
    const sampler = samplerOf(sampling, classes, { classes: 2, perClass: 2 }, new Random(5));
    const byClass = [0, 0, 0, 0];
    const byItem = new Map<number, number>();
    for (let number = 0; number < 6000; number++) {
      const { items, labels } = sampler.batch(number);
      expect(labels).toHaveLength(4);
      labels.forEach((label) => byClass[label]++);
      items.forEach((item, i) => {
        expect(Math.floor(item / 100)).toBe(labels[i]);
        byItem.set(item, (byItem.get(item) ?? 0) + 1);
      });
    }
    return { byClass: byClass.map((count) => count / 24_000), byItem };
  }

  it.each([
    ['class', [0.25, 0.25, 0.25, 0.25]],
    ['square-root', [1 / 15, 2 / 15, 4 / 15, 8 / 15]],
    ['item', [1 / 85, 4 / 85, 16 / 85, 64 / 85]],
  ] as const)('draws classes as "%s" says', (sampling, expected) => {
    const { byClass } = counted(sampling);
    byClass.forEach((share, label) => expect(Math.abs(share - expected[label])).toBeLessThan(0.012));
  });

  it('draws every item equally often by item', () => {
    const { byItem } = counted('item');
    const often = [...byItem.values()];
    expect(often).toHaveLength(85);
    // 24,000 draws of 85 items are 282 each, give or take 17.
    for (const count of often) expect(Math.abs(count - 24_000 / 85)).toBeLessThan(90);
  });

  it('brings other items when a class comes again in a batch', () => {
    const sampler = samplerOf('item', classesOf(1, 400), { classes: 2, perClass: 3 }, new Random(2));
    let twice = 0;
    for (let number = 0; number < 50; number++) {
      const { items, labels } = sampler.batch(number);
      if (labels.some((label) => label !== 1)) continue;
      twice++;
      expect(new Set(items).size).toBe(6);
    }
    expect(twice).toBeGreaterThan(40);
  });

  it('gives the same batch whatever was drawn before', () => {
    const make = (): Sampler => samplerOf('square-root', classes, { classes: 3, perClass: 2 }, new Random(8));
    const early = make();
    for (let number = 0; number < 9; number++) early.batch(number);
    expect(early.batch(9)).toEqual(make().batch(9));
  });

  it('weighs items so that all classes count the same', () => {
    const weights = balancedWeights(classes);
    classes.forEach(({ length }, label) => expect(weights[label] * length).toBeCloseTo(85 / 4, 10));
  });
});
