import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Projection } from '../../trainer/protocol';
import { writeNpy } from '../../trainer/store/npy';
import { EXIT } from '../exitCodes';
import { MODEL_OPTION } from '../options';
import type { Running } from '../running';
import type { CommonOptions } from '../session';
import { count } from '../table';
import { npyName } from './neighbours';
import { addProjectionOptions, projectionSettings, type ProjectionOptions } from './projectionOptions';

interface Options extends CommonOptions, ProjectionOptions {
  readonly model?: string;
  readonly output?: string;
  readonly anew: boolean;
}

const EXAMPLES = `
Examples:
  kindred project photos --output map.npy
  kindred project photos --kind tsne --perplexity 50 --output tsne.npy
  kindred project photos --kind pca --output pca.npy
  kindred project photos --dims 3 --output space.npy
  kindred project photos --columns umap_x,umap_y
  kindred project photos --neighbours 30 --min-dist 0.3 --seed 7`;

export function addProject(program: Command, running: Running): void {
  const command = addProjectionOptions(
    program
      .command('project')
      .description('lay the items out on a map: x and y of each, or x, y and z')
      .option(...MODEL_OPTION),
  )
    .option(
      '--anew',
      'lay out all items, also those whose places are known, when new ones were placed among them',
      false,
    )
    .option('--output <file.npy>', 'write the positions: float32, one row an item', npyName)
    .addHelpText('after', EXAMPLES);
  running.serve(command, async (session) => {
    const { anew, ...options } = command.opts<Options>();
    const settings = projectionSettings(options);
    await session.open();
    const embedding = await session.embedding(await session.model(options.model));
    const projection = await session.call('projection.run', { dataset: session.ref, embedding, settings, anew });
    const { dims = 2 } = settings;
    const rows = projection.positions.length / dims;
    const output = options.output === undefined ? undefined : resolve(options.output);
    if (output !== undefined) await writeNpy(output, { data: projection.positions, shape: [rows, dims] });
    const { positions, ...described } = projection;
    const document = {
      projection: output === undefined ? { ...described, positions } : described,
      count: rows,
      output,
    };
    const text = [
      `${count(rows, 'position')} by ${settings.kind} of ${embedding}${place(output, settings.kind)}`,
      ...remarks(projection),
    ].join('\n');
    return { code: EXIT.fine, document, text };
  });
}

function place(output: string | undefined, kind: Projection['settings']['kind']): string {
  if (output !== undefined) return `: ${output}`;
  return kind === 'columns'
    ? ' (--output writes them to a file)'
    : ' (kept in the store; --output writes them to a file)';
}

/** What should be known about the positions. */
function remarks({ recall = 1, unplaced = 0, placed = 0 }: Projection): string[] {
  const found = `${Number((100 * recall).toFixed(1))} % of the nearest neighbours were found.`;
  const beneath = `${count(unplaced, 'image')} without numbers in these columns: in a row beneath the others.`;
  const among = `${count(placed, 'new item')} placed among the others, which keep their places; --anew lays out all of them.`;
  return [...(recall < 1 ? [found] : []), ...(unplaced > 0 ? [beneath] : []), ...(placed > 0 ? [among] : [])];
}
