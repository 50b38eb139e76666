import { type Command, Option } from 'commander';
import { presets } from '../../trainer/training/presets';
import { PRESETS } from '../../trainer/types/presets';

/** Named purposes; other options change what they set. */
export function addPreset(command: Command): void {
  const list = presets().map(({ name, description }) => `  ${name.padEnd(16)} ${description}`);
  command
    .addOption(
      new Option('--preset <name>', 'settings for a purpose; "auto" chooses one from the dataset').choices([
        'auto',
        ...PRESETS,
      ]),
    )
    .addHelpText('after', `\nPresets:\n${list.join('\n')}`);
}
