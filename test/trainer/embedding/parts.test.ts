import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { EmbeddingParts } from '../../../src/trainer/embedding/parts';
import { removeFolder, temporaryFolder } from './emoji';

it('gives back the rows of the same items by the same model, and nothing else', async () => {
  const root = await temporaryFolder();
  const folder = join(root, 'x.parts');
  const rows = Float32Array.of(1, 2, 3, 4);
  const parts = new EmbeddingParts(folder, 'model/1', 2, 2);
  await parts.write(['a', 'b'], rows);
  expect(await new EmbeddingParts(folder, 'model/1', 2, 2).read(['a', 'b'])).toEqual(rows);
  expect(await parts.read(['a', 'c'])).toBeUndefined();
  expect(await new EmbeddingParts(folder, 'model/2', 2, 2).read(['a', 'b'])).toBeUndefined();
  await parts.clear();
  expect(await readdir(root)).toEqual([]);
  await removeFolder(root);
});
