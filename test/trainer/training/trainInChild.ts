/** Trains in a process of its own, to be killed: node <script> <root> <settings>. Tells each step that it reports. */
import { loadDataset } from '../../../src/trainer/dataset/dataset';
import { trainRun } from '../../../src/trainer/training/run';
import type { TrainingSettings } from '../../../src/trainer/types/training';

const [root, settings] = process.argv.slice(2);

async function main(): Promise<void> {
  await trainRun(await loadDataset({ root }), JSON.parse(settings) as TrainingSettings, {
    signal: new AbortController().signal,
    report: ({ metrics }) => {
      if (metrics) process.stdout.write(`step ${metrics.step}\n`);
    },
  });
}

void main();
