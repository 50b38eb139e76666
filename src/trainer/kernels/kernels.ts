import { readFile } from 'node:fs/promises';
import type { Worker } from 'node:worker_threads';
import { KindredError } from '../../rpc/errors';
import { defaultThreads } from '../engine/threads';
import { startWorker } from '../workers';
import {
  CONTROL,
  controlOf,
  kernelsOf,
  newControl,
  work,
  type Control,
  type Kernel,
  type KernelThread,
} from './control';
import { kernelsFile } from './file';
import { KernelMemory } from './memory';
import { compile, Module, type WasmModule } from './webAssembly';

/** Every kernel of src/kernels. */
export type KernelName =
  | 'normaliseRows'
  | 'squaresLeft'
  | 'covariance'
  | 'projectRows'
  | 'growTrees'
  | 'joinLeaves'
  | 'gatherCandidates'
  | 'markTried'
  | 'joinCandidates'
  | 'applyUpdates'
  | 'rerank'
  | 'rerankWithOffers'
  | 'nearestExactly'
  | 'nearestCentres'
  | 'lowerSquares'
  | 'nearestByBits'
  | 'memberships'
  | 'smoothVectors'
  | 'layoutEpoch'
  | 'localRadii'
  | 'densityStep'
  | 'affinities'
  | 'mortonCodes'
  | 'plantTree'
  | 'repulsion'
  | 'repulsionInSpace'
  | 'tsneStep';

/**
 * WebAssembly kernels on several threads over one memory. The thread that made it works too, and waits while others do: so it
 * belongs into a worker thread, never into one that answers requests. What a kernel computes does not depend on the number of
 * threads.
 */
export class Kernels {
  readonly memory: KernelMemory;
  private readonly control: Control;
  private readonly kernels: readonly Kernel[];
  private readonly names: readonly string[];
  private readonly helpers: readonly Worker[];

  private constructor(
    module: WasmModule,
    readonly threads: number,
  ) {
    this.memory = new KernelMemory();
    const thread: KernelThread = { module, memory: this.memory.memory, control: newControl() };
    this.control = controlOf(thread.control);
    this.kernels = kernelsOf(thread);
    this.names = Module.exports(module).map(({ name }) => name);
    this.helpers = Array.from({ length: threads - 1 }, () => startWorker('kernelWorker', { workerData: thread }));
  }

  static async start(threads = defaultThreads()): Promise<Kernels> {
    return new Kernels(await compile(await readFile(kernelsFile())), threads);
  }

  /**
   * Runs a kernel over the rows 0 to `total`, and returns when all are done.
   * @param step rows that a thread takes at a time; kernels that look through everything for each range want `rowsPerThread`
   * @throws KindredError `internal` when a thread broke off
   */
  run(name: KernelName, total: number, step: number, ...values: readonly number[]): void {
    const { words } = this.control;
    this.control.values.set(values);
    words[CONTROL.arity] = values.length;
    words[CONTROL.kernel] = this.names.indexOf(name);
    words[CONTROL.total] = total;
    words[CONTROL.step] = Math.max(1, step);
    words[CONTROL.next] = 0;
    const helps = this.helpers.length > 0 && total > step;
    if (helps) {
      Atomics.store(words, CONTROL.busy, this.helpers.length);
      Atomics.add(words, CONTROL.round, 1);
      Atomics.notify(words, CONTROL.round);
    }
    work(this.control, this.kernels);
    if (helps) this.waitForOthers();
  }

  rowsPerThread(rows: number): number {
    return Math.max(1, Math.ceil(rows / this.threads));
  }

  async close(): Promise<void> {
    await Promise.all(this.helpers.map((helper) => helper.terminate()));
  }

  private waitForOthers(): void {
    const { words } = this.control;
    for (let busy = Atomics.load(words, CONTROL.busy); busy > 0; busy = Atomics.load(words, CONTROL.busy))
      Atomics.wait(words, CONTROL.busy, busy, 1000);
    if (words[CONTROL.failed] !== 0)
      throw new KindredError('internal', 'A thread of the kernels broke off.', { remedy: 'Start the work again.' });
  }
}
