/**
 * From the start of the trainer's process to the first step of a training on the sample with the suggested settings, and where the
 * time goes. The dataset was opened before, as in the editor. Arguments: [repeats]
 */
import { fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Rpc, type Envelope, type NoMethods } from '../src/rpc/rpc';
import { encodeModel } from '../src/trainer/engine/onnx/encode';
import { openSession } from '../src/trainer/engine/onnx/session';
import { blockSize } from '../src/trainer/engine/onnx/blockSize';
import { lowerForCpu } from '../src/trainer/engine/passes/cpu/lower';
import { optimise } from '../src/trainer/engine/passes/optimise';
import { selectEngine } from '../src/trainer/engine/select';
import { trace } from '../src/trainer/engine/tracer/trace';
import { wishFrom } from '../src/trainer/engine/wish';
import type { DatasetRef, TrainerProtocol } from '../src/trainer/protocol';
import { Random } from '../src/trainer/random';
import { initialState, stepSettings, trainingStep } from '../src/trainer/training/step';

const REPEATS = Number(process.argv[2] ?? 3);
type Times = [string, number][];

interface Trainer {
  readonly rpc: Rpc<NoMethods, TrainerProtocol>;
  readonly end: () => void;
}

function startTrainer(): Trainer {
  const child = fork(path.join(__dirname, 'trainer.js'), { serialization: 'advanced' });
  const rpc = new Rpc<NoMethods, TrainerProtocol>(
    {
      post: (message) => child.send(message),
      listen: (listener) => void child.on('message', (message) => listener(message as Envelope)),
    },
    {},
  );
  return { rpc, end: () => void child.kill() };
}

async function measure(ref: DatasetRef, run: string): Promise<Times> {
  const times: Times = [];
  const started = performance.now();
  const mark = (name: string): unknown =>
    times.some(([known]) => known === name) || times.push([name, performance.now() - started]);
  const { rpc, end } = startTrainer();
  const { settings } = await rpc.call('training.suggest', { dataset: ref });
  mark('the process answers: started, modules loaded, item table read');
  const training = { ...settings, name: run, budget: { steps: 2 } };
  await rpc.call(
    'training.run',
    { dataset: ref, settings: training },
    {
      onProgress: ({ stage, metrics }) => {
        mark(metrics === undefined ? stage : 'the first step is done');
        if (metrics?.waitSeconds !== undefined)
          mark(`(the first step waited ${metrics.waitSeconds.toFixed(2)} s for its pictures)`);
      },
    },
  );
  mark('two steps, measured and saved');
  end();
  return times;
}

/** The parts of compiling, cold, in this process. */
async function compiling(): Promise<Times> {
  const times: Times = [];
  let last = performance.now();
  const mark = (name: string): void => {
    times.push([name, performance.now() - last]);
    last = performance.now();
  };
  const { rpc, end } = startTrainer();
  const { settings } = await rpc.call('training.suggest', { dataset: await sample() });
  end();
  last = performance.now();
  await selectEngine(wishFrom());
  mark('choosing the engine and device');
  const { classes, perClass } = settings.batch;
  const step = stepSettings(settings, { batchSize: classes * perClass, classes });
  const program = trainingStep(step);
  initialState(step, new Random(1));
  mark('drawing the initial weights');
  const graph = trace(program);
  mark(`tracing (${graph.nodes.length} nodes)`);
  const optimised = lowerForCpu(optimise(graph), await blockSize());
  mark(`graph passes (${optimised.nodes.length} nodes)`);
  const model = encodeModel(optimised);
  mark(`encoding (${(model.length / 1e6).toFixed(1)} MB)`);
  const session = await openSession(model, {});
  mark('ONNX Runtime: thread, library, session');
  await session.close();
  return times;
}

let store: string | undefined;

/** The sample, opened, with a store of its own. */
async function sample(): Promise<DatasetRef> {
  const root = path.resolve('media/sample');
  if (store !== undefined) return { root, store };
  store = await mkdtemp(path.join(tmpdir(), 'kindred-bench-'));
  const { rpc, end } = startTrainer();
  await rpc.call('dataset.open', { ref: { root, store } });
  end();
  return { root, store };
}

async function main(): Promise<void> {
  const ref = await sample();
  const print = (times: Times): void =>
    times.forEach(([name, milliseconds]) => console.log(`  ${milliseconds.toFixed(0).padStart(6)} ms  ${name}`));
  for (let i = 0; i < REPEATS; i++) {
    console.log(`start ${i + 1}, since the process was started:`);
    print(await measure(ref, `start-${i}`));
  }
  console.log('compiling the step, part by part, in a process where nothing was loaded:');
  print(await compiling());
  await rm(store ?? '', { recursive: true, force: true });
}

void main().then(() => process.exit(0));
