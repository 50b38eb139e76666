import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/trainer/random';
import { samplerOf, type Sampler } from '../../../src/trainer/training/sampler';
import { classesTogether, superClassesOf } from '../../../src/trainer/training/superClasses';

/** Class c has the items 10 c to 10 c + 4. */
const classesOf = (count: number): Int32Array[] =>
  Array.from({ length: count }, (_, label) => Int32Array.from({ length: 5 }, (__, i) => 10 * label + i));

const make = (superClasses: number[], classes: number, few: number | undefined, seed = 1): Sampler =>
  samplerOf(
    'super-class',
    classesOf(superClasses.length),
    { classes, perClass: 2, ...(few === undefined ? {} : { superClasses: few }) },
    new Random(seed),
    Int32Array.from(superClasses),
  );

/** The super-classes of a batch, each with its number of classes. */
function counted(sampler: Sampler, superClasses: number[], number: number): Map<number, number> {
  const counts = new Map<number, number>();
  for (const label of new Set(sampler.batch(number).labels)) {
    counts.set(superClasses[label], (counts.get(superClasses[label]) ?? 0) + 1);
  }
  return counts;
}

describe('the super-class of a class', () => {
  it('is that of most of its items, the first of equals, none without any', () => {
    const classes = [[0, 1, 2], [3, 4], [5], [6, 7, 8]].map((items) => Int32Array.from(items));
    const codes = Int32Array.from([1, 1, 0, 2, 1, -1, -1, -1, 3]);
    expect([...superClassesOf(classes, codes)]).toEqual([1, 1, -1, 3]);
  });
});

describe('batches by super-class', () => {
  it('have classes of as many super-classes as asked for, in turns', () => {
    const superClasses = Array.from({ length: 48 }, (_, label) => label % 4);
    for (const few of [1, 2, 3]) {
      const sampler = make(superClasses, 6, few);
      // Full batches from the first on, as long as no super-class runs out: each has 12 classes.
      const first = counted(sampler, superClasses, 0);
      expect([...first.values()]).toEqual(Array(few).fill(6 / few));
    }
  });

  it('go through all classes once in an epoch, whatever the sizes', () => {
    const random = new Random(4);
    for (let round = 0; round < 60; round++) {
      const groups = 1 + random.integer(6);
      const superClasses = Array.from({ length: 4 + random.integer(40) }, () => random.integer(groups) - 1);
      const few = 1 + random.integer(3);
      const asked = 2 + random.integer(8);
      const sampler = make(superClasses, asked, few, round);
      const perBatch = sampler.batchSize / 2;
      expect(perBatch).toBe(classesTogether({ classes: asked, superClasses: few }, Int32Array.from(superClasses)));
      const batches = Math.ceil(superClasses.length / perBatch);
      for (const epoch of [0, 3]) {
        const seen = Array.from({ length: batches }, (_, i) => {
          const { items, labels } = sampler.batch(epoch * batches + i);
          items.forEach((item, place) => expect(Math.floor(item / 10)).toBe(labels[place]));
          const own = [...new Set(labels)];
          expect(own).toHaveLength(perBatch);
          return own;
        }).flat();
        expect(new Set(seen.slice(0, superClasses.length)).size).toBe(superClasses.length);
      }
    }
  });

  it('take another super-class only when the first have nothing left', () => {
    const random = new Random(9);
    for (let round = 0; round < 60; round++) {
      const superClasses = Array.from({ length: 30 }, () => random.integer(5));
      const few = 1 + random.integer(2);
      const sampler = make(superClasses, 5, few, round);
      const left = new Map<number, number>();
      for (const one of superClasses) left.set(one, (left.get(one) ?? 0) + 1);
      const perBatch = sampler.batchSize / 2;
      for (let number = 0; number < Math.floor(30 / perBatch); number++) {
        const counts = counted(sampler, superClasses, number);
        for (const [one, count] of counts) left.set(one, left.get(one)! - count);
        // At most one of more than a few can have classes left: the last that was taken.
        if (counts.size > few) expect([...counts.keys()].filter((one) => left.get(one)! > 0).length).toBeLessThan(2);
      }
    }
  });

  it('have no more classes than so many super-classes have, so that they say something', () => {
    const six = Int32Array.from([0, 0, 1, 1, 2, 2]);
    expect(classesTogether({ classes: 64, superClasses: 1 }, six)).toBe(2);
    expect(classesTogether({ classes: 64 }, six)).toBe(4);
    expect(classesTogether({ classes: 3 }, six)).toBe(3);
    expect(classesTogether({ classes: 64, superClasses: 9 }, six)).toBe(6);
    expect(classesTogether({ classes: 64, superClasses: 1 }, Int32Array.from([0, 1, 2]))).toBe(2);
  });

  it('depend on the seed and their number only', () => {
    const superClasses = Array.from({ length: 20 }, (_, label) => label % 3);
    const early = make(superClasses, 4, 2);
    for (const number of [9, 2, 11, 0]) early.batch(number);
    for (const number of [0, 7, 11]) expect(early.batch(number)).toEqual(make(superClasses, 4, 2).batch(number));
    expect(make(superClasses, 4, 2, 2).batch(7)).not.toEqual(early.batch(7));
  });

  it('are of near classes far more often than batches of any', () => {
    const superClasses = Array.from({ length: 60 }, (_, label) => label % 10);
    const near = (sampler: Sampler): number =>
      Array.from({ length: 20 }, (_, number) => counted(sampler, superClasses, number).size).reduce((a, b) => a + b) /
      20;
    const any = samplerOf('class', classesOf(60), { classes: 8, perClass: 2 }, new Random(1));
    expect(near(any)).toBeGreaterThan(5);
    expect(near(make(superClasses, 8, 2))).toBeLessThan(3);
  });
});
