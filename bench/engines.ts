/**
 * Milliseconds of one training step on each engine that is here: `node bench/run.mjs engines [steps] [engine ...]`. The small
 * network, NT-Xent, 64 pictures of 64 x 64.
 */
import type { Engine, HostTensor, HostTensors, Program } from '../src/trainer/engine/engine';
import { cpuEngine } from '../src/trainer/engine/cpuEngine';
import { onnxEngine } from '../src/trainer/engine/onnxEngine';
import { tensorflowEngine } from '../src/trainer/engine/tensorflow/tensorflowEngine';
import { wasmEngine } from '../src/trainer/engine/wasmEngine';
import { Random } from '../src/trainer/random';
import { initialState, type StepSettings, trainingStep } from '../src/trainer/training/step';

const ENGINES: Readonly<Record<string, () => Promise<Engine>>> = {
  onnx: () => onnxEngine(),
  tensorflow: () => tensorflowEngine(),
  wasm: wasmEngine,
  cpu: () => Promise.resolve(cpuEngine()),
};

const SETTINGS: StepSettings = {
  model: { kind: 'convnet' },
  loss: { kind: 'nt-xent', temperature: 0.1 },
  optimiser: { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  clipNorm: 0,
  weightDecay: 0.01,
  embeddingSize: 64,
  imageSize: 64,
  batchSize: 64,
  classes: 32,
};

function inputsOf({ inputs }: Program, random: Random): HostTensors {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, dtype }]): [string, HostTensor] => {
      const size = shape.reduce((product, length) => product * length, 1);
      if (dtype === 'int32') return [name, { shape, data: Int32Array.from({ length: size }, (_, i) => i >> 1) }];
      const draw = (): number => (shape.length === 0 ? 0.001 : random.next());
      return [name, { shape, data: Float32Array.from({ length: size }, draw) }];
    }),
  );
}

async function time(engine: Engine, steps: number): Promise<number> {
  const program = trainingStep(SETTINGS);
  const runner = await engine.compile(program);
  runner.setState(initialState(SETTINGS, new Random(1)));
  const inputs = inputsOf(program, new Random(2));
  await runner.run(inputs);
  const times: number[] = [];
  for (let step = 0; step < steps; step++) {
    const start = performance.now();
    await runner.run(inputs);
    times.push(performance.now() - start);
  }
  await runner.dispose();
  return times.sort((a, b) => a - b)[times.length >> 1];
}

async function main([steps = '3', ...names]: string[]): Promise<void> {
  for (const name of names.length > 0 ? names : ['onnx', 'tensorflow', 'wasm']) {
    try {
      const engine = await ENGINES[name]();
      const median = await time(engine, Number(steps));
      console.log(`${name.padEnd(11)} ${median.toFixed(0).padStart(6)} ms a step   ${engine.device}`);
    } catch (error) {
      console.log(`${name.padEnd(11)} ${String(error)}`);
    }
  }
  console.log(`${Math.round(process.memoryUsage.rss() / 2 ** 20)} MB resident`);
}

void main(process.argv.slice(2)).then(() => process.exit(0));
