/** Embeds in a process of its own, which kills itself when some of the work is on the disk: node <script> <root> <rows a part>. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { loadDataset } from '../../../src/trainer/dataset/dataset';
import { computeEmbedding } from '../../../src/trainer/embedding/compute';

const [root, partRows] = process.argv.slice(2);
const parts = path.join(root, '.kindred/embeddings/descriptor.parts');

async function watch(): Promise<never> {
  for (;;) {
    const written = (await readdir(parts).catch(() => [])).filter((name) => /^[0-9a-f]+\.npy$/.test(name));
    if (written.length >= 3) process.kill(process.pid, 'SIGKILL');
  }
}

async function main(): Promise<void> {
  void watch();
  const context = { signal: new AbortController().signal, report: () => undefined };
  await computeEmbedding(await loadDataset({ root }), 'descriptor', context, Number(partRows));
  process.exit(0);
}

void main();
