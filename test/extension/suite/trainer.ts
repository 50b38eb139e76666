import assert from 'node:assert/strict';
import { dataset, kindred } from './kindred';
import { ITEMS } from './pictures';
import { eventually, test } from './runner';

test('descriptors are computed, listed, and shown in the tree', async () => {
  const { trainer, datasets } = await kindred();
  const ref = await dataset();
  const embedding = await trainer.call('embedding.compute', { dataset: ref, model: 'descriptor' });
  assert.equal(embedding.count, ITEMS);
  const listed = await eventually('the watcher has seen the new embedding', async () =>
    (await datasets.overview(ref)).embeddings.find((other) => other.id === embedding.id),
  );
  assert.equal(listed.dims, embedding.dims);
});

test('a trainer that is killed is started again, and nothing is lost', async () => {
  const { trainer, datasets } = await kindred();
  const ref = await dataset();
  const crashes: readonly string[][] = [];
  const listening = trainer.onDidCrash((crash) => (crashes as string[][]).push([...crash.interrupted]));
  await datasets.overview(ref);
  const first = trainer.pid;
  assert.ok(first);
  const call = trainer.call('dataset.columns', { dataset: ref });
  process.kill(first, 'SIGKILL');
  await assert.rejects(call, { code: 'disconnected' });
  assert.deepEqual(crashes, [['dataset.columns']]);
  const overview = await trainer.call('dataset.overview', { dataset: ref });
  assert.equal(overview.summary.items, ITEMS);
  assert.notEqual(trainer.pid, first);
  listening.dispose();
});

test('the trainer is a process of its own and leaves the extension host alone', async () => {
  const { trainer } = await kindred();
  const ref = await dataset();
  await trainer.call('dataset.columns', { dataset: ref });
  assert.notEqual(trainer.pid, process.pid);
});
