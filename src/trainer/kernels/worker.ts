/** Entry of a thread that helps with the kernels: see `Kernels`. It ends when it is terminated. */
import { workerData } from 'node:worker_threads';
import { CONTROL, controlOf, kernelsOf, work, type KernelThread } from './control';

const thread = workerData as KernelThread;
const control = controlOf(thread.control);
const kernels = kernelsOf(thread);

for (let seen = 0; ;) {
  Atomics.wait(control.words, CONTROL.round, seen);
  seen = Atomics.load(control.words, CONTROL.round);
  try {
    work(control, kernels);
  } catch {
    Atomics.store(control.words, CONTROL.failed, 1);
  }
  if (Atomics.sub(control.words, CONTROL.busy, 1) === 1) Atomics.notify(control.words, CONTROL.busy);
}
