import { Command, CommanderError } from 'commander';
import { KindredError } from '../rpc/errors';
import { addApply } from './commands/apply';
import { addClusters } from './commands/clusters';
import { addDecisions } from './commands/decisions';
import { addDevices } from './commands/devices';
import { addDuplicates } from './commands/duplicates';
import { addEmbed } from './commands/embed';
import { addEvaluate } from './commands/evaluate';
import { addExportModel } from './commands/exportModel';
import { addInstallEngine, addRemoveEngine } from './commands/installEngine';
import { addNeighbours } from './commands/neighbours';
import { addOpen } from './commands/open';
import { addProject } from './commands/project';
import { addQuality } from './commands/quality';
import { addRestore } from './commands/restore';
import { addRuns } from './commands/runs';
import { addSuspects } from './commands/suspects';
import { addSteer } from './commands/steer';
import { addTrain } from './commands/train';
import { EXIT, type ExitCode } from './exitCodes';
import { Running } from './running';

const INTRODUCTION = `Train an embedding model on a folder of images or texts, see what is alike, and clean the dataset.

A dataset is a folder of images, or of text files: in class sub-folders (under train/val/test or not), flat, or listed in a CSV or JSONL manifest, which may have the texts itself. Everything that is computed is kept in <dataset>/.kindred and used again.`;

const ENDING = `
Exit codes:  0 fine   1 done, and there is something to look at   2 could not be done

Examples:
  kindred open photos
  kindred train photos --minutes 3 --seed 1
  kindred evaluate photos
  kindred duplicates photos
  kindred embed photos --output photos.npy

kindred help <command> shows the options of a command, with examples.`;

/** Runs one command line. Never throws and never exits; gives the exit code. */
export async function run(args: readonly string[]): Promise<ExitCode> {
  const isJson = args.includes('--json');
  const running = new Running(isJson);
  const program = buildProgram(running);
  try {
    await program.parseAsync(args, { from: 'user' });
    return running.code;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.fine;
    running.fail(error instanceof CommanderError ? usageError(error) : error);
    return running.code;
  } finally {
    running.end();
  }
}

export function buildProgram(running: Running): Command {
  const program = new Command('kindred')
    .description(INTRODUCTION)
    .usage('<command> <dataset> [options]')
    .helpCommand('help [command]', 'show the options of a command, with examples')
    .addHelpText('after', ENDING)
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  for (const add of [addOpen, addTrain, addEmbed, addEvaluate, addNeighbours, addProject]) add(program, running);
  for (const add of [addQuality, addClusters]) add(program, running);
  for (const add of [addDuplicates, addDecisions, addApply, addRestore, addRuns, addExportModel, addDevices])
    add(program, running);
  for (const add of [addSteer, addSuspects, addInstallEngine, addRemoveEngine]) add(program, running);
  return program;
}

function usageError(error: CommanderError): KindredError {
  if (error.code === 'commander.help') {
    return new KindredError('invalid-argument', 'Say what to do.', { remedy: 'See: kindred --help' });
  }
  const message = error.message.replace(/^error: /, '');
  return new KindredError('invalid-argument', `${message[0].toUpperCase()}${message.slice(1)}.`, {
    remedy: 'See: kindred --help, or kindred help <command>.',
  });
}
