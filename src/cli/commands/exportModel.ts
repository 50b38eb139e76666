import { resolve } from 'node:path';
import type { Command } from 'commander';
import { KindredError } from '../../rpc/errors';
import { EXIT } from '../exitCodes';
import type { Running } from '../running';
import type { CommonOptions, Session } from '../session';

interface Options extends CommonOptions {
  readonly output?: string;
}

const EXAMPLES = `
The file holds the network, and in its metadata how a picture becomes its input; it takes any number of pictures at once. A Python
file of the same name is written beside it, which shows how to use it.

Examples:
  kindred export-model photos first --output first.onnx
  kindred export-model photos --output newest.onnx
  python newest.py photos/a.jpg photos/b.jpg`;

export function addExportModel(program: Command, running: Running): void {
  const command = program
    .command('export-model')
    .description('write the model of a run as an ONNX file, for any other program')
    .requiredOption('--output <file.onnx>', 'where to write it')
    .addHelpText('after', EXAMPLES);
  running
    .serve(command, async (session) => {
      const { output = '' } = command.opts<Options>();
      const run = await runNamed(session, command.args.at(1));
      const file = resolve(output);
      const exported = await session.call('training.export', { dataset: session.ref, run, file });
      const text = `The model of run "${run}": ${exported.model}\nHow to use it in Python: ${exported.snippet}`;
      return { code: EXIT.fine, document: { run, ...exported }, text };
    })
    .argument('[run]', 'the run (default: the newest one)');
}

/** The run that is named, or the newest that ended well. */
async function runNamed(session: Session, name: string | undefined): Promise<string> {
  if ((await session.overview()) === undefined) await session.open();
  const model = await session.model(name);
  if (model.startsWith('run:')) return model.slice('run:'.length);
  throw new KindredError('not-found', name === undefined ? 'Nothing is trained yet.' : `"${name}" is not a run.`, {
    remedy: 'Train a model first, or name one of the runs that "kindred runs" lists.',
  });
}
