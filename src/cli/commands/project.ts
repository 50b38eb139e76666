import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { writeNpy } from '../../trainer/store/npy';
import { EXIT } from '../exitCodes';
import { MODEL_OPTION, number, seed, whole } from '../options';
import type { Running } from '../running';
import type { CommonOptions } from '../session';
import { count } from '../table';
import { npyName } from './neighbours';

interface Options extends CommonOptions {
  readonly model?: string;
  readonly kind: 'umap' | 'pca';
  readonly neighbours: number;
  readonly minDist: number;
  readonly seed: number;
  readonly output?: string;
}

const EXAMPLES = `
Examples:
  kindred project photos --output map.npy
  kindred project photos --kind pca --output pca.npy
  kindred project photos --neighbours 30 --min-dist 0.3 --seed 7`;

export function addProject(program: Command, running: Running): void {
  const command = program
    .command('project')
    .description('lay the images out on a map: x and y of each')
    .option(...MODEL_OPTION)
    .addOption(new Option('--kind <kind>', 'of projection').choices(['umap', 'pca']).default('umap'))
    .option('--neighbours <n>', 'UMAP: how many neighbours hold an image', whole(2, 200), 15)
    .option('--min-dist <distance>', 'UMAP: how tightly images may pack', number(0, 1), 0.1)
    .option('--seed <n>', 'UMAP: the same seed gives the same map', seed, 1)
    .option('--output <file.npy>', 'write the positions: float32, one row an image', npyName)
    .addHelpText('after', EXAMPLES);
  running.serve(command, async (session) => {
    const { kind, neighbours, minDist, seed: start, ...options } = command.opts<Options>();
    await session.open();
    const embedding = await session.embedding(await session.model(options.model));
    const settings = { kind, neighbours, minDist, seed: start };
    const projection = await session.call('projection.run', { dataset: session.ref, embedding, settings });
    const rows = projection.positions.length / 2;
    const output = options.output === undefined ? undefined : resolve(options.output);
    if (output !== undefined) await writeNpy(output, { data: projection.positions, shape: [rows, 2] });
    const { positions, ...described } = projection;
    const document = {
      projection: output === undefined ? { ...described, positions } : described,
      count: rows,
      output,
    };
    const text = `${count(rows, 'position')} by ${kind} of ${embedding}${output === undefined ? ' (kept in the store; --output writes them to a file)' : `: ${output}`}`;
    return { code: EXIT.fine, document, text };
  });
}
