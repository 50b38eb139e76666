import util from 'node:util';
import { expect, it } from 'vitest';
import { restoreUtil } from '../../../../src/trainer/engine/tensorflow/removedFromNode';

it('puts back what Node 23 removed, and only that', () => {
  const helpers = util as unknown as Record<string, ((value: unknown) => boolean) | undefined>;
  const { inspect } = util;
  for (const name of ['isNullOrUndefined', 'isArray']) helpers[name] = undefined;
  restoreUtil();
  expect([undefined, null, 0, ''].map((value) => helpers['isNullOrUndefined']!(value))).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect([[], {}, 'a'].map((value) => helpers['isArray']!(value))).toEqual([true, false, false]);
  expect(util.inspect).toBe(inspect);
});
