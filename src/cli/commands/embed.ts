import { copyFile, mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { toWriteError } from '../../trainer/store/atomic';
import { EXIT } from '../exitCodes';
import { MODEL_OPTION } from '../options';
import type { Running } from '../running';
import type { CommonOptions } from '../session';
import { count } from '../table';

interface Options extends CommonOptions {
  readonly model?: string;
  readonly output?: string;
}

const EXAMPLES = `
One row an image, in the order of <dataset>/.kindred/items.arrow; float32, rows of length 1.

Examples:
  kindred embed photos --output photos.npy
  kindred embed photos --model descriptor --output descriptors.npy
  python -c "import numpy; print(numpy.load('photos.npy').shape)"`;

export function addEmbed(program: Command, running: Running): void {
  const command = program
    .command('embed')
    .description('compute the embedding of every image')
    .option(...MODEL_OPTION)
    .option('--output <file.npy>', 'write the vectors there too')
    .addHelpText('after', EXAMPLES);
  running.serve(command, async (session) => {
    const options = command.opts<Options>();
    await session.open();
    const model = await session.model(options.model);
    const embedding = await session.call('embedding.compute', { dataset: session.ref, model });
    const output = options.output === undefined ? undefined : resolve(options.output);
    if (output !== undefined) await copyTo(embedding.file, output);
    const text = `${count(embedding.count, 'vector')} of ${embedding.dims} numbers by ${model}: ${output ?? embedding.file}`;
    return { code: EXIT.fine, document: { embedding, output }, text };
  });
}

async function copyTo(file: string, output: string): Promise<void> {
  try {
    await mkdir(dirname(output), { recursive: true });
    await copyFile(file, output);
  } catch (error) {
    throw toWriteError(error, output);
  }
}
