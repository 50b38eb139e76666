import type { Device } from '../../types/engine';
import { candidates } from './candidates';
import { mayHaveGraphicsCard } from './graphicsCards';
import { type Reference, type Trial, tryCpu, tryDevice, type TrialOptions } from './trial';

const NO_CARD: Omit<Trial, 'device'> = { outcome: 'no graphics card was found', isUsable: false };

/** What was found out in this process; the hardware does not change while it runs. */
const known = new Map<Device, Trial>();
let reference: Reference | Trial | undefined;

/** Forgets what was found out, to look again. */
export function forgetTrials(): void {
  known.clear();
  reference = undefined;
}

/**
 * Tries the CPU and every device that this platform can have, one after the other, each once a process. Where the system has
 * no graphics card nothing is started.
 * @param report called before each device is tried
 * @throws KindredError `cancelled`
 */
export async function tryDevices(options: TrialOptions, report: (device: Device) => void): Promise<Trial[]> {
  const devices = candidates();
  if (!(await mayHaveGraphicsCard(options.systemDevices))) return devices.map((device) => ({ device, ...NO_CARD }));
  const trials: Trial[] = [];
  report('cpu');
  trials.push(trialOf(await cpuReference(options)));
  for (const device of devices) {
    report(device);
    trials.push(await tryOnce(device, options));
  }
  return trials;
}

/** @throws KindredError `cancelled` */
export async function tryOnce(device: Device, options: TrialOptions): Promise<Trial> {
  const before = known.get(device);
  if (before) return before;
  const trial = await tryDevice(device, () => cpuReference(options), options);
  known.set(device, trial);
  return trial;
}

async function cpuReference(options: TrialOptions): Promise<Reference | Trial> {
  reference ??= await tryCpu(options);
  return reference;
}

function trialOf(cpu: Reference | Trial): Trial {
  return 'values' in cpu ? cpu.trial : cpu;
}
