import { Option, type Command } from 'commander';
import { DEVICES, ENGINES } from '../trainer/types/engine';

export interface DeviceOptions {
  readonly engine?: string;
  readonly device?: string;
}

/** Gives a command the options that say what computes. */
export function addDeviceOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--engine <name>', 'what computes (default: the best that is here)').choices(['auto', ...ENGINES]),
    )
    .addOption(new Option('--device <name>', 'and on what (default: the fastest)').choices(['auto', ...DEVICES]));
}

/** The options come before the environment, which the trainer reads. */
export function applyDeviceOptions({ engine, device }: DeviceOptions): void {
  if (engine !== undefined) process.env['KINDRED_ENGINE'] = engine;
  if (device !== undefined) process.env['KINDRED_DEVICE'] = device;
}
