import { describe, expect, it } from 'vitest';
import { buildItemTable, type ItemTable } from '../../../src/trainer/dataset/itemTable';
import { DEFAULT_LOSSES } from '../../../src/trainer/training/choices';
import { chooseHeldOut } from '../../../src/trainer/training/heldOut';
import { trainingSet } from '../../../src/trainer/training/trainingSet';

interface Row {
  readonly label?: string;
  readonly split?: string;
  readonly hash?: string;
}

function table(rows: readonly Row[]): Promise<ItemTable> {
  const records = rows.map(({ label, split, hash }, i) => ({
    path: `${i}.png`,
    label,
    split,
    bytes: 1,
    modified: 0,
    facts: { hash: hash ?? String(i).padStart(32, '0'), width: 8, height: 8, perceptualHash: 0n },
  }));
  return buildItemTable(records, []);
}

const classes = (count: number, size: number, more: Row = {}): Row[] =>
  Array.from({ length: count * size }, (_, i) => ({ label: `class ${Math.floor(i / size)}`, ...more }));

const settings = { holdOut: 'auto', holdOutFraction: 0.2, seed: 1 } as const;

describe('chooseHeldOut', () => {
  it('holds out a fifth of many classes, whole', async () => {
    const items = await table([...classes(50, 3), { label: 'alone' }]);
    const heldOut = chooseHeldOut(items, settings);
    expect(heldOut).toMatchObject({ by: 'class', classes: 10 });
    expect(heldOut.items).toHaveLength(30);
    expect(chooseHeldOut(items, settings)).toEqual(heldOut);
    expect(chooseHeldOut(items, { ...settings, seed: 2 }).items).not.toEqual(heldOut.items);
    const { classes: trained } = trainingSet(
      items,
      new Set([...heldOut.items].map((i) => items.hashes[i])),
      DEFAULT_LOSSES.triplet,
    );
    expect(trained).toHaveLength(41);
  });

  it('holds out items of each class where there are few classes', async () => {
    const heldOut = chooseHeldOut(await table(classes(5, 10)), settings);
    expect(heldOut).toMatchObject({ by: 'item', classes: 5 });
    expect(heldOut.items).toHaveLength(10);
  });

  it('leaves classes alone that are too small to be halved', async () => {
    const items = await table([...classes(3, 8), { label: 'small' }, { label: 'small' }]);
    expect(chooseHeldOut(items, settings)).toMatchObject({ by: 'item', classes: 3 });
  });

  it('holds out the val and test splits where there are any', async () => {
    const rows = [...classes(30, 4, { split: 'train' }), ...classes(30, 1, { split: 'test' })];
    expect(chooseHeldOut(await table(rows), settings)).toMatchObject({ by: 'split', classes: 30 });
    const none = await table(classes(30, 4, { split: 'train' }));
    expect(chooseHeldOut(none, settings).by).toBe('class');
    expect(() => chooseHeldOut(none, { ...settings, holdOut: 'split' })).toThrow(/no val or test split/);
  });

  it('holds out every copy of a held-out picture', async () => {
    const rows = classes(30, 4).map((row, i) => ({ ...row, hash: String(Math.floor(i / 2)).padStart(32, '0') }));
    const items = await table(rows);
    const { items: heldOut } = chooseHeldOut(items, { ...settings, holdOut: 'item' });
    const hashes = new Set([...heldOut].map((item) => items.hashes[item]));
    const { classes: trained } = trainingSet(items, hashes, DEFAULT_LOSSES.triplet);
    expect(trained.flatMap((members) => [...members]).some((item) => hashes.has(items.hashes[item]))).toBe(false);
  });

  it('holds out nothing without labels', async () => {
    expect(chooseHeldOut(await table(Array<Row>(9).fill({})), settings)).toMatchObject({ by: 'item', classes: 0 });
  });

  it('says when there are too few classes', async () => {
    const items = await table(classes(3, 4));
    expect(() => chooseHeldOut(items, { ...settings, holdOut: 'class' })).toThrow(/too few classes/);
  });
});

describe('trainingSet', () => {
  const nothing = new Set<string>();

  it('refuses one label only, and says what else to do', async () => {
    const items = await table(classes(1, 7));
    expect(() => trainingSet(items, nothing, DEFAULT_LOSSES.triplet)).toThrow(
      'All 7 items to train on have the label "class 0"',
    );
    expect(() => trainingSet(items, nothing, DEFAULT_LOSSES.contrastive)).toThrow(/class 0/);
  });

  it('makes each picture its own class for NT-Xent without labels, copies together', async () => {
    const same = 'a'.repeat(32);
    const items = await table([{}, {}, { hash: same }, {}, { hash: same }]);
    const { by, classes: found } = trainingSet(items, nothing, DEFAULT_LOSSES['nt-xent']);
    expect(by).toBe('image');
    expect(found.map((members) => [...members])).toEqual([[0], [1], [2, 4], [3]]);
    expect(() => trainingSet(items, nothing, DEFAULT_LOSSES.triplet)).toThrow(/no labels/);
    const oneLabel = await table(classes(1, 7));
    expect(trainingSet(oneLabel, nothing, DEFAULT_LOSSES['nt-xent'])).toMatchObject({ by: 'image' });
  });

  it('refuses nothing and one picture', async () => {
    expect(() => trainingSet({ ...EMPTY }, nothing, DEFAULT_LOSSES['nt-xent'])).toThrow(/no images/);
    const one = await table([{ label: 'a' }]);
    expect(() => trainingSet(one, nothing, DEFAULT_LOSSES['nt-xent'])).toThrow(/only one image/);
  });
});

const EMPTY = await table([]);
