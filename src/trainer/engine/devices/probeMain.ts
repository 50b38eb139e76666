/**
 * Entry of the process that tries one device: a driver that hangs or crashes takes this process with it and not the trainer.
 * ONNX Runtime tells of the hardware in its log, which goes to standard error, where the trainer reads it.
 */
import * as ort from 'onnxruntime-node';
import { toErrorData } from '../../../rpc/errors';
import { compileProgram } from '../compile';
import type { HostTensors } from '../engine';
import { findBlockSize } from '../onnx/blockSize';
import { OrtSession } from '../onnx/ortSession';
import type { BlockSize } from '../passes/cpu/blocked/layout';
import { inputName, newStateName, stateName } from '../tracer/trace';
import type { ProbeAnswer, ProbeTask } from './probeProtocol';
import { warmUpProgram, warmUpTensors } from './warmUp';

/** Timed at most; the first step compiles the device's programs and is not. */
const TIMED_STEPS = 4;
/** A device that takes longer for the timed steps has told enough. */
const ENOUGH_MS = 400;

async function probe(task: ProbeTask): Promise<ProbeAnswer> {
  ort.env.logLevel = 'verbose';
  const bundled = ort.listSupportedBackends().some(({ name }) => name === task.device);
  if (!bundled) return { kind: 'missing' };
  const session = await openWarmUp(task, task.device === 'cpu' ? await findBlockSize(computeOnce) : undefined);
  const { state, inputs } = warmUpTensors(task.size);
  session.keep(renamed(state, stateName));
  const fed = renamed(inputs, inputName);
  await session.run(fed);
  let milliseconds = Infinity;
  const timedStep = async (): Promise<HostTensors> => {
    const start = performance.now();
    const outputs = await session.run(fed);
    milliseconds = Math.min(milliseconds, performance.now() - start);
    return outputs;
  };
  const outputs = await timedStep();
  const values = { ...(await session.kept()), ...outputs };
  const until = performance.now() + ENOUGH_MS;
  for (let step = 1; step < TIMED_STEPS && performance.now() < until; step++) await timedStep();
  return { kind: 'measured', milliseconds, values };
}

async function computeOnce(model: Uint8Array, inputs: HostTensors): Promise<HostTensors> {
  const session = await OrtSession.open({ device: 'cpu', threads: 1, model, carried: [] });
  try {
    return await session.run(inputs);
  } finally {
    await session.close();
  }
}

function openWarmUp({ device, threads, size }: ProbeTask, block: BlockSize | undefined): Promise<OrtSession> {
  const program = warmUpProgram(size);
  const model = compileProgram(program, { device, block });
  const carried = Object.keys(program.state).map((name) => ({
    output: newStateName(name),
    input: stateName(name),
  }));
  return OrtSession.open({ device, threads, model, carried }, 'all');
}

function renamed(tensors: HostTensors, rename: (name: string) => string): HostTensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [rename(name), tensor]));
}

process.once('message', (task: ProbeTask) => {
  const send = (answer: ProbeAnswer): void => void process.send?.(answer, undefined, undefined, () => process.exit(0));
  probe(task).then(send, (error: unknown) => send({ kind: 'failed', message: toErrorData(error).message }));
});
process.once('disconnect', () => process.exit(0));
