import { describe, expect, it } from 'vitest';
import { openDataset } from '../../../src/trainer/dataset/dataset';
import { itemColumns, metadataCategories } from '../../../src/trainer/dataset/itemColumns';
import { warningsOf } from '../../../src/trainer/dataset/warnings';
import { context, temporaryFolder, writeFiles, writePictures } from './images';

describe('warningsOf', () => {
  const messages = (items: number, counts: Record<string, number>): string[] => {
    const labels = Object.entries(counts).map(([name, count]) => ({ name, count }));
    const warnings = warningsOf(items, labels, 'image');
    for (const warning of warnings) expect(warning.remedy).toMatch(/\.$/);
    return warnings.map((warning) => warning.message);
  };

  it('says nothing of a good dataset', () => {
    expect(messages(30, { a: 10, b: 12, c: 8 })).toEqual([]);
  });

  it('warns of no labels, missing labels, one class, single images, imbalance', () => {
    expect(messages(5, {})).toEqual(['No item has a label.']);
    expect(messages(12, { a: 5, b: 5 })).toEqual(['2 of 12 items have no label.']);
    expect(messages(5, { a: 5 })).toEqual(['There is one class only, "a".']);
    expect(messages(4, { a: 2, b: 1, c: 1 })).toEqual(['2 classes have one image only: "b", "c".']);
    expect(messages(6, { a: 1, b: 1, c: 1, d: 1, e: 2 })).toContain(
      '4 classes have one image only: "a", "b", "c" and 1 more.',
    );
    expect(messages(125, { a: 100, b: 5, c: 20 })).toEqual([]);
    expect(messages(513, { a: 500, b: 5, c: 8 })).toEqual([
      'The classes are of very unequal size: "a" has 500 images, the median class 8.',
    ]);
  });
});

describe('metadataCategories', () => {
  it('takes few distinct values as they are, numbers by value', () => {
    expect(metadataCategories({ name: 'm', values: ['b', 'a', '', 'b'] })).toEqual({
      name: 'm',
      categories: ['a', 'b'],
      codes: new Int32Array([1, 0, -1, 1]),
    });
    expect(metadataCategories({ name: 'm', values: ['10', '-2', '1e1', '3'] })?.categories).toEqual([
      '-2',
      '3',
      '10',
      '1e1',
    ]);
  });

  it('cuts many different numbers into ranges of like size', () => {
    const values = Array.from({ length: 1000 }, (_, i) => (i === 0 ? '' : String((i * 7919) % 1000)));
    const column = metadataCategories({ name: 'm', values });
    expect(column?.categories.length).toBe(10);
    expect(column?.categories[0]).toMatch(/^1 to \d+$/);
    expect(column?.codes[0]).toBe(-1);
    values.forEach((value, i) => {
      if (value === '') return;
      const [from, to] = column!.categories[column!.codes[i]].split(' to ').map(Number);
      expect(Number(value) >= from && Number(value) <= to).toBe(true);
    });
    const counts = new Int32Array(10);
    for (const code of column!.codes) if (code >= 0) counts[code]++;
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(2);
  });

  it('leaves out free text and empty columns', () => {
    expect(
      metadataCategories({ name: 'm', values: Array.from({ length: 300 }, (_, i) => `text ${i}`) }),
    ).toBeUndefined();
    expect(metadataCategories({ name: 'm', values: ['', ''] })).toBeUndefined();
  });
});

it('itemColumns offers label, split and what can be coloured by', async () => {
  const root = await temporaryFolder();
  await writePictures(root, ['a.png', 'b.png', 'c.png']);
  await writeFiles(root, { 'm.csv': 'path,label,split,kind\na.png,x,train,k\nb.png,y,,\nc.png,,test,j\n' });
  const columns = await itemColumns(await openDataset({ root }, { manifest: { path: 'm.csv' } }, context()));
  expect(columns).toEqual({
    count: 3,
    label: { name: 'label', categories: ['x', 'y'], codes: new Int32Array([0, 1, -1]) },
    split: { name: 'split', categories: ['test', 'train'], codes: new Int32Array([1, -1, 0]) },
    metadata: [{ name: 'kind', categories: ['j', 'k'], codes: new Int32Array([1, -1, 0]) }],
    numeric: [],
  });
});

it('itemColumns names the columns of numbers; an empty cell and NaN are none, a text spoils a column', async () => {
  const root = await temporaryFolder();
  await writePictures(root, ['a.png', 'b.png', 'c.png']);
  const rows = ['path,umap_x,umap_y,empty,mixed', 'a.png,1,-2e3,,1', 'b.png, 0.5 ,NaN,nan,', 'c.png,,3,,two'];
  await writeFiles(root, { 'm.csv': `${rows.join('\n')}\n` });
  const { numeric } = await itemColumns(await openDataset({ root }, { manifest: { path: 'm.csv' } }, context()));
  expect(numeric).toEqual(['umap_x', 'umap_y']);
});
