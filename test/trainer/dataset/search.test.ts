import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openDataset, type Dataset } from '../../../src/trainer/dataset/dataset';
import { searchItems } from '../../../src/trainer/dataset/search';
import { searchableTexts } from '../../../src/trainer/dataset/searchableTexts';
import type { ItemTable } from '../../../src/trainer/dataset/itemTable';
import { quiet } from '../training/shapes';

const paths = ['cats/tabby.png', 'dogs/Rex.png', 'dogs/tabby dog.png'];
const items = {
  count: paths.length,
  paths,
  label: { name: 'label', categories: ['cats', 'dogs'], codes: Int32Array.of(0, 1, 1) },
  split: { name: 'split', categories: ['train'], codes: Int32Array.of(0, -1, -1) },
  metadata: [{ name: 'colour', values: ['grey', '', 'Brown'] }],
} as unknown as ItemTable;

const search = async (text: string): Promise<number[]> => [...(await searchItems(items, text))];

describe('searchItems', () => {
  it('finds a word in path, label, split and metadata, whatever the case', async () => {
    expect(await search('REX')).toEqual([1]);
    expect(await search('dogs')).toEqual([1, 2]);
    expect(await search('train')).toEqual([0]);
    expect(await search('brown')).toEqual([2]);
  });
  it('wants every word', async () => {
    expect(await search('tabby dogs')).toEqual([2]);
    expect(await search('tabby unicorn')).toEqual([]);
  });
  it('does not match over the border of two columns', async () => {
    expect(await search('.pngcats')).toEqual([]);
  });
  it('finds all with no words', async () => {
    expect(await search('  ')).toEqual([0, 1, 2]);
  });
});

describe('searchItems in texts', () => {
  let root: string;
  afterEach(() => rm(root, { recursive: true, force: true }));

  const found = async (dataset: Dataset, text: string): Promise<string[]> => {
    const items = await searchItems(dataset.items, text, undefined, await searchableTexts(dataset));
    return [...items].map((item) => dataset.items.paths[item]);
  };

  it('finds words of single files, beside those of paths', async () => {
    root = await mkdtemp(path.join(tmpdir(), 'kindred-search-'));
    await writeFile(path.join(root, 'a.txt'), 'The parcel came late.');
    await writeFile(path.join(root, 'b.txt'), 'A PARCEL, open and wet.');
    await writeFile(path.join(root, 'c.txt'), `${'x '.repeat(1500)}parcel`);
    const dataset = await openDataset({ root }, {}, quiet());
    expect(await found(dataset, 'parcel')).toEqual(['a.txt', 'b.txt']);
    expect(await found(dataset, 'b.txt parcel')).toEqual(['b.txt']);
    expect(await found(dataset, 'cel, open')).toEqual(['b.txt']);
    expect([...(await searchItems(dataset.items, 'parcel'))]).toEqual([]);
  });

  it('finds words of the rows of a table, and reads it once', async () => {
    root = await mkdtemp(path.join(tmpdir(), 'kindred-search-'));
    const table = path.join(root, 'table.csv');
    await writeFile(table, 'text,label\n"I paid twice, on\nFriday",payment\nNo password works,account\n');
    const dataset = await openDataset({ root }, { manifest: { path: table } }, quiet());
    expect(await found(dataset, 'friday')).toEqual([dataset.items.paths[0]]);
    expect(await found(dataset, 'account password')).toEqual([dataset.items.paths[1]]);
    expect(await found(dataset, 'twice account')).toEqual([]);
    await rm(table);
    expect(await found(dataset, 'paid')).toEqual([dataset.items.paths[0]]);
  });
});
