import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/trainer/random';
import { ClassSampler } from '../../../src/trainer/training/sampler';

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
