import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Dataset } from '../../../src/trainer/dataset/dataset';
import { computeEmbedding } from '../../../src/trainer/embedding/compute';
import { bundleScript } from '../training/bundle';
import { emojiDataset, quiet, removeFolder, temporaryFolder } from './emoji';

const PART_ROWS = 8;
let dataset: Dataset;

beforeEach(async () => (dataset = await emojiDataset(await temporaryFolder(), 60)));
afterEach(() => removeFolder(dataset.ref.root));

async function embedAndDie(): Promise<NodeJS.Signals | null> {
  const script = await bundleScript(path.join(import.meta.dirname, 'embedInChild.ts'));
  const child = spawn(process.execPath, [script.file, dataset.ref.root, String(PART_ROWS)], { stdio: 'inherit' });
  const signal = await new Promise<NodeJS.Signals | null>((resolve) => child.on('exit', (_code, by) => resolve(by)));
  await script.remove();
  return signal;
}

it('goes on from the parts on the disk when the process was killed, to the same bytes', async () => {
  expect(await embedAndDie()).toBe('SIGKILL');
  const { embeddings } = dataset.paths;
  expect(await readdir(embeddings)).toEqual(['descriptor.parts']);
  const folder = path.join(embeddings, 'descriptor.parts');
  const kept = (await readdir(folder)).filter((name) => /^[0-9a-f]+\.npy$/.test(name));
  expect(kept.length).toBeGreaterThanOrEqual(3);

  const resumed = await computeEmbedding(dataset, 'descriptor', quiet(), PART_ROWS);
  const bytes = await readFile(resumed.summary.file);
  expect(await readdir(embeddings)).not.toContain('descriptor.parts');

  const other = await emojiDataset(await temporaryFolder(), 60);
  const straight = await computeEmbedding(other, 'descriptor', quiet());
  expect(bytes.equals(await readFile(straight.summary.file))).toBe(true);
  await removeFolder(other.ref.root);
});
