import type { Command } from 'commander';
import type { EngineReport } from '../../trainer/protocol';
import { addDeviceOptions, applyDeviceOptions, type DeviceOptions } from '../devices';
import { EXIT } from '../exitCodes';
import type { Running } from '../running';
import { table } from '../table';

const EXAMPLES = `
Every device that this platform can have is tried for a moment, and its numbers are compared with the CPU's.

Examples:
  kindred devices
  kindred devices --device webgpu
  kindred devices --json`;

export function addDevices(program: Command, running: Running): void {
  const command = addDeviceOptions(
    program.command('devices').description('show what trainings compute with, and why'),
  ).addHelpText('after', EXAMPLES);
  running.serveMachine(command, async (session) => {
    applyDeviceOptions(command.opts<DeviceOptions>());
    const report = await session.call('engine.devices', { again: true });
    return { code: EXIT.fine, document: report, text: devicesText(report) };
  });
}

function devicesText({ engine, deviceName, reason, tried }: EngineReport): string {
  const head = `Trainings compute on ${deviceName}, with the engine ${engine}.\n${reason}`;
  if (tried.length === 0) return head;
  return `${head}\n\n${table(
    ['Device', 'Outcome'],
    tried.map(({ device, outcome }) => [device, outcome]),
  )}`;
}
