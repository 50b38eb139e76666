import { describe, expect, it } from 'vitest';
import { searchItems } from '../../../src/trainer/dataset/search';
import type { ItemTable } from '../../../src/trainer/dataset/itemTable';

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
