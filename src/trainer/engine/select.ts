import { isCancelled, KindredError } from '../../rpc/errors';
import type { CallContext } from '../../rpc/rpc';
import type { Device, DeviceTrial, EngineKind, EngineReport, EngineWish } from '../types/engine';
import type { Progress } from '../types/progress';
import { chooseDevice, type Choice } from './devices/choose';
import { mayHaveGraphicsCard } from './devices/graphicsCards';
import { DEVICE_NAMES } from './devices/label';
import type { Trial, TrialOptions } from './devices/trial';
import { tryDevices, tryOnce } from './devices/trials';
import { hardwareDrivers } from './devices/vulkanDrivers';
import type { Engine } from './engine';
import { EAGER_ENGINES } from './engines';
import { runtimeProblem } from './onnx/runtime';
import { onnxEngine } from './onnxEngine';
import { defaultThreads } from './threads';

export interface Selected {
  readonly engine: Engine;
  readonly report: EngineReport;
}

type Context = Partial<CallContext<Progress>>;

/** An engine that the caller has chosen. */
export function engineAsGiven(engine: Engine): Selected {
  return { engine, report: reportOf(engine, engine.accelerator ?? 'cpu', 'This engine was given.', []) };
}

/**
 * The engine that the person asks for, or the best that is here: ONNX Runtime on the fastest device that was measured and
 * computes right; TensorFlow with CUDA where ONNX Runtime has no graphics card; TensorFlow.js's own backends where ONNX Runtime
 * cannot be loaded. A software renderer is never taken for a graphics card, unless KINDRED_ALLOW_SOFTWARE_GPU is 1 and the
 * device was asked for by its name, as tests of what is computed do.
 * @throws KindredError `engine` when what was asked for by name cannot be had here; `invalid-argument` when the engine cannot
 *   compute on that device; `cancelled`
 */
export async function selectEngine(wish: EngineWish, context: Context = {}): Promise<Selected> {
  const { engine, device } = wish;
  checkPair(wish);
  if (engine !== 'onnx' && engine !== 'auto') return eager(engine, 'This engine was asked for.');
  if (device !== 'auto') return asked(device, context);
  if (engine === 'auto') {
    const problem = await runtimeProblem();
    if (problem !== undefined) return withoutRuntime(problem);
  }
  const trials = await tryDevices(options(context), (tried) => reportTrial(context, tried));
  const choice = chooseDevice(trials);
  const onCuda = engine === 'auto' && choice.device === 'cpu' ? await tensorflowOnCuda(trials) : undefined;
  return onCuda ?? onnxOn(choice, trials);
}

function checkPair({ engine, device }: EngineWish): void {
  if (engine === 'auto' || engine === 'onnx' || device === 'auto') return;
  if (device === 'cpu' && engine !== 'tensorflow') return;
  throw new KindredError('invalid-argument', `The engine ${engine} cannot be told to compute on ${device}.`, {
    remedy: 'Set kindred.device to auto, or kindred.engine to onnx.',
  });
}

/** @throws KindredError `engine` when the device cannot be used, with what was found out. */
async function asked(device: Device, context: Context): Promise<Selected> {
  const reason = 'This device was asked for.';
  if (device === 'cpu') return onnxOn({ device, reason }, []);
  reportTrial(context, device);
  const allowsSoftware = process.env['KINDRED_ALLOW_SOFTWARE_GPU'] === '1';
  const trial = await tryOnce(device, { ...options(context), allowsSoftware });
  if (trial.isUsable) return onnxOn({ device, name: trial.name, reason }, [trial]);
  throw new KindredError('engine', `${DEVICE_NAMES[device]} cannot be used here: ${trial.outcome}.`, {
    remedy: 'Set kindred.device to auto or cpu.',
  });
}

async function onnxOn({ device, name, reason }: Choice, trials: readonly Trial[]): Promise<Selected> {
  if (device === 'webgpu' && process.env['KINDRED_ALLOW_SOFTWARE_GPU'] !== '1') {
    // Vulkan reads them when the first session opens, from the environment of the process.
    Object.assign(process.env, await hardwareDrivers(process.env));
  }
  const engine = await onnxEngine({ device, deviceName: name });
  return { engine, report: reportOf(engine, device, reason, trials) };
}

async function eager(
  kind: Exclude<EngineKind, 'onnx'>,
  reason: string,
  trials: readonly Trial[] = [],
): Promise<Selected> {
  const engine = await EAGER_ENGINES[kind]();
  return { engine, report: reportOf(engine, engine.accelerator ?? 'cpu', reason, trials) };
}

/** A graphics card through TensorFlow goes before the CPU through ONNX Runtime. */
async function tensorflowOnCuda(trials: readonly Trial[]): Promise<Selected | undefined> {
  if (!(await mayHaveGraphicsCard())) return undefined;
  const reason = 'TensorFlow is installed and has a graphics card, which ONNX Runtime has not.';
  const selected = await eager('tensorflow', reason, trials).catch((error: unknown) => {
    if (isCancelled(error)) throw error;
    return undefined;
  });
  return selected?.engine.accelerator === undefined ? undefined : selected;
}

/** Natives are missing, or not for this machine: slower, but everything can still be done. */
async function withoutRuntime(problem: string): Promise<Selected> {
  const reason = `ONNX Runtime cannot be loaded here: ${problem}`;
  for (const kind of ['tensorflow', 'wasm'] as const) {
    const selected = await eager(kind, reason).catch(() => undefined);
    if (selected) return selected;
  }
  return eager('cpu', reason);
}

function options({ signal }: Context): TrialOptions {
  return { threads: defaultThreads(), signal };
}

function reportTrial({ report }: Context, device: Device): void {
  report?.({ stage: `Trying ${DEVICE_NAMES[device]}`, done: 0, total: 1, unit: 'devices' });
}

function reportOf(engine: Engine, device: Device, reason: string, trials: readonly Trial[]): EngineReport {
  const tried = trials.map(({ device: one, outcome, milliseconds }): DeviceTrial =>
    milliseconds === undefined ? { device: one, outcome } : { device: one, outcome, milliseconds },
  );
  return { engine: engine.name, device, deviceName: engine.device, reason, tried };
}
