import { expect, it } from 'vitest';
import { startWorker } from '../../src/trainer/workers';

it('starts a worker thread from the sources', async () => {
  const worker = startWorker('augmentationWorker', { execArgv: [] });
  const online = await new Promise((resolve, reject) => {
    worker.once('online', () => resolve(true));
    worker.once('error', reject);
  });
  await worker.terminate();
  expect(online).toBe(true);
});
