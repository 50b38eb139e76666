import { cpus } from 'node:os';
import type { Device, DeviceTrial } from '../../types/engine';
import type { HostTensors } from '../engine';
import { platformName } from './candidates';
import { type GraphicsCard, graphicsCardsIn, mayHaveGraphicsCard } from './graphicsCards';
import { placementsIn, probeDevice, type ProbeResult } from './probe';
import { hardwareDrivers } from './vulkanDrivers';

/** What a device can do, or why it cannot be used. */
export interface Trial extends DeviceTrial {
  /** It computes, and as the CPU does. */
  readonly isUsable: boolean;
  /** What the hardware is called. */
  readonly name?: string | undefined;
}

export interface TrialOptions {
  readonly threads: number;
  readonly signal?: AbortSignal | undefined;
  /** Software renderers count as devices too: for tests of what is computed, never for a person. */
  readonly allowsSoftware?: boolean;
  /** Folder of the system's devices, /dev when not given. */
  readonly systemDevices?: string;
}

/** The CPU's trial, with the numbers that every other device is compared with. */
export interface Reference {
  readonly trial: Trial;
  readonly values: HostTensors;
}

/** Largest difference from the CPU's numbers after two steps, relative to a tensor's largest: a GPU may round to 11 bits. */
const TOLERANCE = 0.01;

const SOFTWARE_ONLY = 'only a software renderer, which is no graphics card';
const NO_CARD = 'no graphics card was found';

/** @throws KindredError `cancelled` */
export async function tryCpu({ threads, signal, allowsSoftware }: TrialOptions): Promise<Reference | Trial> {
  const size = allowsSoftware ? 'small' : 'full';
  const { answer, log } = await probeDevice({ device: 'cpu', threads, size }, { signal });
  if (answer.kind !== 'measured') return unusable('cpu', failureOf({ answer, log }));
  const { milliseconds, values } = answer;
  return { trial: { device: 'cpu', outcome: perStep(milliseconds), milliseconds, isUsable: true }, values };
}

/**
 * Tries a device in a process of its own and compares its numbers and its time with the CPU's.
 * @param cpu asked only when there is something to try
 * @throws KindredError `cancelled`
 */
export async function tryDevice(
  device: Device,
  cpu: () => Promise<Reference | Trial>,
  options: TrialOptions,
): Promise<Trial> {
  const environment = await environmentOf(device, options);
  if (typeof environment === 'string') return unusable(device, environment);
  const reference = await cpu();
  if (!('values' in reference)) return { ...reference, device };
  const { threads, signal, allowsSoftware } = options;
  const size = allowsSoftware ? 'small' : 'full';
  const result = await probeDevice({ device, threads, size }, { environment, signal });
  if (result.answer.kind !== 'measured') return unusable(device, failureOf(result));
  const cards = await graphicsCardsIn(result.log);
  if (cards.length === 0 && process.platform === 'win32' && !options.allowsSoftware)
    return unusable(device, SOFTWARE_ONLY);
  const off = largestDifference(result.answer.values, reference.values);
  if (!(off <= TOLERANCE)) {
    return unusable(device, `computes other numbers than the CPU (they differ by ${(100 * off).toPrecision(2)} %)`);
  }
  const { milliseconds } = result.answer;
  const outcome = `${perStep(milliseconds)}, ${speed(milliseconds, reference)}${onCpu(result.log)}`;
  const name = options.allowsSoftware ? 'software renderer' : hardwareName(device, cards);
  return { device, outcome, milliseconds, isUsable: true, name };
}

/** What the probing process needs in its environment, or why there is nothing to probe. */
async function environmentOf(
  device: Device,
  { allowsSoftware, systemDevices }: TrialOptions,
): Promise<Record<string, string> | string> {
  if (allowsSoftware) return {};
  if (!(await mayHaveGraphicsCard(systemDevices))) return NO_CARD;
  return device === 'webgpu' ? ((await hardwareDrivers(process.env)) ?? SOFTWARE_ONLY) : {};
}

function unusable(device: Device, outcome: string): Trial {
  return { device, outcome, isUsable: false };
}

/** Reasons that ONNX Runtime gives, in words that say what is missing. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/No supported adapters|Failed to get a WebGPU adapter/, 'no graphics card with a driver that it can use was found'],
  [/Failed to load shared library|cannot open shared object|LoadLibrary failed/, 'its libraries are not installed'],
  [/CUDA failure 100|no CUDA-capable device/, 'no graphics card that it can use was found'],
  [/CUDA failure 35|driver version is insufficient/, "the graphics card's driver is too old for it"],
  [/out of memory|8007000E/i, 'the graphics card has too little free memory'],
];

function failureOf({ answer }: ProbeResult): string {
  switch (answer.kind) {
    case 'measured':
      return '';
    case 'missing':
      return `not in ONNX Runtime's package for ${platformName()}`;
    case 'crashed':
      return `its driver failed (${answer.how})`;
    case 'failed': {
      const known = REASONS.find(([pattern]) => pattern.test(answer.message))?.[1];
      return known ?? answer.message.split('\n')[0].slice(0, 300);
    }
  }
}

function perStep(milliseconds: number): string {
  return `${milliseconds < 10 ? milliseconds.toFixed(1) : milliseconds.toFixed(0)} ms a step`;
}

function speed(milliseconds: number, { trial }: Reference): string {
  const ratio = (trial.milliseconds ?? 0) / milliseconds;
  return ratio >= 1 ? `${ratio.toFixed(1)} times as fast as the CPU` : 'slower than the CPU';
}

/** Nodes that the device's provider does not know, each of which costs copies there and back. */
function onCpu(log: string): string {
  const placed = placementsIn(log);
  const here = placed['CPU'] ?? 0;
  const all = Object.values(placed).reduce((sum, nodes) => sum + nodes, 0);
  return here === 0 ? '' : `, with ${here} of ${all} operations left to the CPU`;
}

function hardwareName(device: Device, cards: readonly GraphicsCard[]): string | undefined {
  // A Mac's graphics are part of its processor.
  if (process.platform === 'darwin') return cpus().at(0)?.model;
  const first = cards.at(0);
  if (device === 'cuda') return (cards.find(({ name }) => name.startsWith('NVIDIA')) ?? first)?.name;
  if (device === 'dml') return (cards.find(({ adapter }) => adapter === 0) ?? first)?.name;
  return first?.name;
}

/** Over all tensors, relative to the largest expected value of each; NaN when there is one, Infinity when a tensor is missing. */
export function largestDifference(actual: HostTensors, expected: HostTensors): number {
  let worst = 0;
  for (const [name, { data }] of Object.entries(expected)) {
    if (!(name in actual) || actual[name].data.length !== data.length) return Infinity;
    let scale = 1e-6;
    let most = 0;
    for (let i = 0; i < data.length; i++) {
      scale = Math.max(scale, Math.abs(data[i]));
      most = Math.max(most, Math.abs(data[i] - actual[name].data[i]));
    }
    worst = Math.max(worst, most / scale);
  }
  return worst;
}
