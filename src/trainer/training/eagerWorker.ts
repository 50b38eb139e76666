/** Entry of the thread in which programs run op by op: a step takes seconds there, and nobody waits for that thread. */
import { parentPort } from 'node:worker_threads';
import { KindredError } from '../../rpc/errors';
import { type NoMethods, Rpc } from '../../rpc/rpc';
import { type EagerName, startBackend } from '../engine/eager/eagerBackend';
import type { EagerProtocol } from '../engine/eager/eagerProtocol';
import { EagerRunner } from '../engine/eager/eagerRunner';
import { threadPort } from '../engine/onnx/threadPort';
import { programOf } from './programs';

let backend: EagerName = 'cpu';
const runners = new Map<number, EagerRunner>();
let next = 1;

function runnerOf(number: number): EagerRunner {
  const runner = runners.get(number);
  if (!runner) throw new KindredError('engine', 'A program was used after it was disposed of.');
  return runner;
}

// Each call does its work before it gives way to the next, so that they take effect in the order of asking.
new Rpc<EagerProtocol, NoMethods>(threadPort(parentPort!), {
  start: async (wanted) => {
    const started = await startBackend(wanted);
    backend = wanted.name;
    return started;
  },
  compile: (recipe) => {
    runners.set(next, new EagerRunner(programOf(recipe), backend));
    return next++;
  },
  setState: ({ runner, values }) => {
    runnerOf(runner).setState(values);
    return null;
  },
  getState: ({ runner }) => runnerOf(runner).getState(),
  run: ({ runner, inputs }) => runnerOf(runner).run(inputs),
  dispose: async ({ runner }) => {
    await runnerOf(runner).dispose();
    runners.delete(runner);
    return null;
  },
});
