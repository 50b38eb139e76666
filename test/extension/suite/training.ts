import assert from 'node:assert/strict';
import type { TrainingSettings } from '../../../src/trainer/protocol';
import { dataset, kindred } from './kindred';
import { eventually, test } from './runner';

async function settings(steps: number): Promise<TrainingSettings> {
  const { trainer } = await kindred();
  const suggestion = await trainer.call('training.suggest', { dataset: await dataset(), network: true });
  assert.ok(suggestion.reasons.length > 0);
  return { ...suggestion.settings, imageSize: 16, embeddingSize: 16, budget: { steps } };
}

test('a training that is stopped keeps its run, which can be resumed and deleted', async () => {
  const { jobs, datasets, trainer } = await kindred();
  const ref = await dataset();
  const before = jobs.current;
  assert.equal(before, undefined);
  const training = jobs.start(ref, await settings(100_000), {}).catch((error: unknown) => error);
  const job = await eventually(
    'there is a first measure',
    () => jobs.current?.latest.loss !== undefined && jobs.current,
  );
  const { run } = job;
  assert.ok(run);
  assert.ok(jobs.isRunning(ref, run));
  assert.throws(() => jobs.assertIdle(), { code: 'invalid-argument' });
  jobs.stop();
  await training;
  assert.equal(jobs.current, undefined);
  datasets.refresh(ref);
  const kept = (await datasets.overview(ref)).runs.find((other) => other.name === run);
  assert.equal(kept?.state, 'stopped');
  assert.ok(kept.step > 0);

  const resumed = jobs.resume(ref, run, {}).catch((error: unknown) => error);
  await eventually('it goes on', () => (jobs.current?.progress?.done ?? 0) >= kept.step);
  jobs.stop();
  await resumed;

  await trainer.call('training.delete', { dataset: ref, run });
  datasets.refresh(ref);
  assert.equal(
    (await datasets.overview(ref)).runs.some((other) => other.name === run),
    false,
  );
});

test('a short training ends, and its embedding can be computed', async () => {
  const { jobs, trainer } = await kindred();
  const ref = await dataset();
  const summary = await jobs.start(ref, await settings(3), {});
  assert.equal(summary.state, 'finished');
  assert.equal(summary.step, 3);
  const embedding = await trainer.call('embedding.compute', { dataset: ref, model: `run:${summary.name}` });
  assert.equal(embedding.dims, 16);
});

test('a trainer that is killed in a training leaves the run resumable, and says which', async () => {
  const { jobs, trainer, datasets } = await kindred();
  const ref = await dataset();
  let named: string | undefined;
  const listening = trainer.onDidCrash(() => (named = jobs.current?.run));
  const training = jobs.start(ref, await settings(100_000), {});
  const outcome = assert.rejects(training, { code: 'disconnected' });
  await eventually('there is a first measure', () => jobs.current?.latest.loss !== undefined);
  const run = jobs.current?.run;
  process.kill(trainer.pid!, 'SIGKILL');
  await outcome;
  assert.equal(named, run);
  assert.equal(jobs.current, undefined);
  datasets.refresh(ref);
  const kept = (await datasets.overview(ref)).runs.find((other) => other.name === run);
  assert.equal(kept?.state, 'interrupted');
  listening.dispose();
});
