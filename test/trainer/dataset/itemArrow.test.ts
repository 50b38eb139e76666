import { tableFromIPC } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { decodeItems, encodeItems } from '../../../src/trainer/dataset/itemArrow';
import { buildItemTable, type ItemRecord, type ItemTable } from '../../../src/trainer/dataset/itemTable';

function table(count: number): Promise<ItemTable> {
  const records = Array.from({ length: count }, (_, i): ItemRecord => ({
    path: `${i % 2 ? 'ä/日本' : 'plain'}/${i}.png`,
    label: i % 3 === 0 ? undefined : `class ${i % 5}`,
    split: i % 4 === 0 ? 'train' : undefined,
    bytes: i * 1e10 + 0.5,
    modified: 1.7e12 + i / 8,
    facts: {
      hash: i.toString(16).padStart(32, '0'),
      width: i,
      height: i * 2,
      perceptualHash: (1n << 64n) - 1n - BigInt(i),
    },
  }));
  const values = Array.from({ length: count }, (_, i) => (i % 7 === 0 ? '' : `value "${i}"`));
  return buildItemTable(records, [
    { name: 'path', values },
    { name: 'größe', values: values.map(String) },
  ]);
}

describe('items.arrow', () => {
  it.each([0, 1, 9, 8192, 9000])('reads back %i items as they were', async (count) => {
    const items = await table(count);
    expect(await decodeItems(await encodeItems(items), 'items.arrow')).toEqual(items);
  });

  it('is a plain Arrow file that others can read', async () => {
    const items = await table(9000);
    const arrow = tableFromIPC(await encodeItems(items));
    expect(arrow.numRows).toBe(9000);
    expect(arrow.schema.fields.map((field) => field.name)).toEqual([
      'path',
      'hash',
      'label',
      'split',
      'bytes',
      'modified',
      'width',
      'height',
      'perceptual_hash',
      'metadata.path',
      'metadata.größe',
    ]);
    for (const row of [0, 1, 3, 8191, 8192, 8999]) {
      expect(arrow.get(row)?.toJSON()).toEqual({
        path: items.paths[row],
        hash: items.hashes[row],
        label: row % 3 === 0 ? null : `class ${row % 5}`,
        split: row % 4 === 0 ? 'train' : null,
        bytes: items.bytes[row],
        modified: items.modified[row],
        width: row,
        height: row * 2,
        perceptual_hash: items.perceptualHashes[row],
        'metadata.path': items.metadata[0].values[row],
        'metadata.größe': items.metadata[1].values[row],
      });
    }
  });

  it('gives the same bytes for the same items', async () => {
    expect(Buffer.from(await encodeItems(await table(100))).equals(await encodeItems(await table(100)))).toBe(true);
  });

  it('says that a damaged file is damaged', async () => {
    const bytes = await encodeItems(await table(100));
    for (const damaged of [new Uint8Array(), Buffer.from('text'), bytes.subarray(0, 300)])
      await expect(decodeItems(damaged, '/x/items.arrow')).rejects.toMatchObject({
        code: 'bad-input',
        path: '/x/items.arrow',
      });
  });
});
