import type { Device } from '../../types/engine';
import type { Trial } from './trial';

/** What ONNX Runtime is to compute on, and why. */
export interface Choice {
  readonly device: Device;
  readonly name?: string | undefined;
  /** A full sentence. */
  readonly reason: string;
}

/** The fastest of the devices that compute right. The CPU is one of them: it needs no driver, so it wins a tie. */
export function chooseDevice(trials: readonly Trial[]): Choice {
  const cpu = trials.find(({ device }) => device === 'cpu');
  const others = trials.filter(({ device }) => device !== 'cpu');
  const usable = others.filter(({ isUsable }) => isUsable);
  const [best] = [...usable].sort((a, b) => timeOf(a) - timeOf(b));
  if (usable.length > 0 && timeOf(best) < timeOf(cpu)) {
    const ratio = timeOf(cpu) / timeOf(best);
    return { device: best.device, name: best.name, reason: `${ratio.toFixed(1)} times as fast as the CPU.` };
  }
  if (usable.length > 0) return { device: 'cpu', reason: `The CPU is faster here than ${namesOf(usable)}.` };
  if (others.length === 0) return { device: 'cpu', reason: 'ONNX Runtime has no other device on this platform.' };
  return { device: 'cpu', reason: 'No graphics card can be used here.' };
}

function timeOf(trial: Trial | undefined): number {
  return trial?.milliseconds ?? Infinity;
}

function namesOf(trials: readonly Trial[]): string {
  return trials.map(({ name, device }) => (name === undefined ? device : `${name} (${device})`)).join(' and ');
}
