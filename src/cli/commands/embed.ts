import { copyFile, mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { KindredError } from '../../rpc/errors';
import type { EmbeddingSummary } from '../../trainer/protocol';
import { toWriteError } from '../../trainer/store/atomic';
import { EXIT } from '../exitCodes';
import { MODEL_OPTION } from '../options';
import type { Running } from '../running';
import type { CommonOptions, Session } from '../session';
import { count } from '../table';

interface Options extends CommonOptions {
  readonly model?: string;
  readonly output?: string;
  readonly input?: string;
  readonly name?: string;
}

const EXAMPLES = `
One row an item, in the order of <dataset>/.kindred/items.arrow; float32, rows of length 1.

Examples:
  kindred embed photos --output photos.npy
  kindred embed photos --model descriptor --output descriptors.npy
  python -c "import numpy; print(numpy.load('photos.npy').shape)"

Vectors of another tool, in the same order (float32 or float64), become a model by the name vectors:<name>:
  kindred embed photos --input clip.npy --name clip
  kindred evaluate photos --model vectors:clip`;

export function addEmbed(program: Command, running: Running): void {
  const command = program
    .command('embed')
    .description('compute the embedding of every item, or import one')
    .option(...MODEL_OPTION)
    .option('--output <file.npy>', 'write the vectors there too')
    .addOption(new Option('--input <file.npy>', 'import these vectors, one row an item').conflicts('model'))
    .option('--name <name>', 'what to call the imported vectors; those that have the name are replaced')
    .addHelpText('after', EXAMPLES);
  running.serve(command, async (session) => {
    const options = command.opts<Options>();
    const source = sourceOf(options);
    await session.open();
    const embedding = await embed(session, source);
    const { model } = embedding;
    const output = options.output === undefined ? undefined : resolve(options.output);
    if (output !== undefined) await copyTo(embedding.file, output);
    const text = `${count(embedding.count, 'vector')} of ${embedding.dims} numbers by ${model}: ${output ?? embedding.file}`;
    return { code: EXIT.fine, document: { embedding, output }, text };
  });
}

type Source = { readonly model: string | undefined } | { readonly file: string; readonly name: string };

function sourceOf({ model, input, name }: Options): Source {
  if (input === undefined && name === undefined) return { model };
  if (input !== undefined && name !== undefined) return { file: resolve(input), name };
  const [given, other] = input === undefined ? ['--name', '--input'] : ['--input', '--name'];
  throw new KindredError('invalid-argument', `${given} needs ${other}.`, {
    remedy: 'Give both: --input vectors.npy --name clip.',
  });
}

async function embed(session: Session, source: Source): Promise<EmbeddingSummary> {
  const { ref: dataset } = session;
  if ('file' in source) return session.call('embedding.import', { dataset, ...source });
  return session.call('embedding.compute', { dataset, model: await session.model(source.model) });
}

async function copyTo(file: string, output: string): Promise<void> {
  try {
    await mkdir(dirname(output), { recursive: true });
    await copyFile(file, output);
  } catch (error) {
    throw toWriteError(error, output);
  }
}
