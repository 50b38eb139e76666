/**
 * One training step of a convolutional network (four stages of two 3x3 convolutions with batch normalisation, NT-Xent, Adam; 1.2
 * million parameters; 64 x 64 pictures): the graph that the engine runs on the CPU, the same recording without its passes,
 * and peers. All take turns, so that they see the same machine.
 * Arguments: [batch size] [rounds] [--script FILE] [--torch PYTHON] [--profile PREFIX]
 */
import { parseArgs } from 'node:util';
import type { Graph } from '../src/trainer/engine/graph/graph';
import { blockSize } from '../src/trainer/engine/onnx/blockSize';
import type { BlockSize } from '../src/trainer/engine/passes/cpu/blocked/layout';
import { lowerForCpu } from '../src/trainer/engine/passes/cpu/lower';
import { optimise } from '../src/trainer/engine/passes/optimise';
import { writeOutFilterGradient } from '../src/trainer/engine/passes/filterGradient';
import { removeDeadNodes, rewrite } from '../src/trainer/engine/passes/rewrite';
import { trace } from '../src/trainer/engine/tracer/trace';
import { Contestant } from './engine/contestant';
import { BATCH, trainingStep } from './engine/network';
import { type Peer, scriptPeer, torchPeer } from './engine/peers';

const STEPS = 8;

interface Result {
  readonly name: string;
  /** Milliseconds a step, the mean of a round each. */
  readonly rounds: number[];
  /** Of all threads together, where the steps run in this process: what a step costs when other work shares the machine. */
  readonly processor: number[];
}

async function timeSteps(contestant: Contestant, { rounds, processor }: Result): Promise<void> {
  const used = process.cpuUsage();
  const started = performance.now();
  for (let step = 0; step < STEPS; step++) await contestant.step();
  rounds.push((performance.now() - started) / STEPS);
  const { user, system } = process.cpuUsage(used);
  processor.push((user + system) / 1000 / STEPS);
}

function graphs(block: BlockSize | undefined): readonly (readonly [string, Graph])[] {
  const started = performance.now();
  const traced = trace(trainingStep());
  const tracing = performance.now() - started;
  const compiled = lowerForCpu(optimise(traced), block);
  const compiling = performance.now() - started - tracing;
  console.log(`recorded in ${tracing.toFixed(0)} ms, passes in ${compiling.toFixed(0)} ms`);
  return [
    ['as recorded', removeDeadNodes(rewrite(traced, [writeOutFilterGradient]))],
    ['kindred', compiled],
  ];
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { script: { type: 'string' }, torch: { type: 'string' }, profile: { type: 'string' } },
    allowPositionals: true,
  });
  const rounds = Number(positionals[1] ?? 2);
  const peers: Peer[] = [];
  if (values.script !== undefined) peers.push(await scriptPeer(values.script));
  if (values.torch !== undefined) peers.push(torchPeer(values.torch));
  const contestants: Contestant[] = [];
  for (const [name, graph] of graphs(await blockSize())) {
    const contestant = await Contestant.make(name, graph, trainingStep(), values.profile);
    await contestant.step();
    contestants.push(contestant);
  }
  const results = [...contestants, ...peers].map(({ name }): Result => ({ name, rounds: [], processor: [] }));
  for (let round = 0; round < rounds; round++) {
    for (const [i, contestant] of contestants.entries()) await timeSteps(contestant, results[i]);
    for (const [i, peer] of peers.entries()) results[contestants.length + i].rounds.push(await peer.time());
  }
  if (values.profile !== undefined) for (const contestant of contestants) contestant.end();
  report(results, contestants);
}

function report(results: readonly Result[], contestants: readonly Contestant[]): void {
  const own = Math.min(...results.find(({ name }) => name === 'kindred')!.rounds);
  console.log(
    `milliseconds a step at batch ${BATCH}, the best of ${results[0].rounds.length} rounds of ${STEPS} steps:`,
  );
  for (const { name, rounds, processor } of results) {
    const best = Math.min(...rounds);
    const loss = contestants.find((contestant) => contestant.name === name)?.loss;
    console.log(
      `${name.padEnd(24)}${best.toFixed(0).padStart(6)}   kindred takes ${(own / best).toFixed(2)} of it` +
        (processor.length === 0 ? '' : `   processor time ${Math.min(...processor).toFixed(0)}`) +
        (loss === undefined ? '' : `   loss ${loss.toFixed(4)}`),
    );
  }
}

void main();
