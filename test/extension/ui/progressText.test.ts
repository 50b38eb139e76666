import { expect, it } from 'vitest';
import { bytes, duration, latestMetrics, progressText, trainingText } from '../../../src/extension/ui/progressText';
import { fill } from '../fill';

it('tells how far it is, in items and in time left', () => {
  const progress = { stage: 'Reading images', done: 1200, total: 3800, unit: 'images', secondsLeft: 12.4 };
  expect(progressText(progress, fill)).toBe('Reading images: 1,200 of 3,800 images, 12 s left');
  expect(progressText({ stage: 'Looking', done: 0, total: 0, unit: 'files' }, fill)).toBe('Looking');
});

it('tells the newest of each measure of a training', () => {
  const metrics = { step: 10, loss: 1.23456, activeShare: 1, imagesPerSecond: 100, seconds: 3 };
  const first = latestMetrics({}, { ...metrics, recallAt1: 0.451 });
  const latest = latestMetrics(latestMetrics(first, { ...metrics, loss: 0.5 }), undefined);
  expect(latest).toEqual({ loss: 0.5, recallAt1: 0.451 });
  const progress = { run: 'r', stage: 'Training', done: 10, total: 900, unit: 'steps', secondsLeft: 80 };
  expect(trainingText(progress, latest, fill)).toBe(
    'Training: 10 of 900 steps, loss 0.500, Recall@1 45.1%, 1 min 20 s left',
  );
});

it.each([
  [0, '0 s'],
  [59.4, '59 s'],
  [59.6, '1 min 0 s'],
  [3599, '59 min 59 s'],
  [3780, '1 h 3 min'],
  [-1, '0 s'],
])('%d seconds are %s', (seconds, text) => expect(duration(seconds, fill)).toBe(text));

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [1_234_567, '1.2 MB'],
])('%d bytes are %s', (size, text) => expect(bytes(size)).toBe(text));
