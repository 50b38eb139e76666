import { InvalidArgumentError, Option, type Command } from 'commander';
import { checkProjectionSettings } from '../../trainer/projection/settings';
import type { ProjectionSettings } from '../../trainer/protocol';
import { number, seed as anySeed, whole } from '../options';

type Optional = 'columns' | 'like';

/** As the options of `addProjectionOptions` arrive: all others have a default. */
export type ProjectionOptions = Required<Omit<ProjectionSettings, Optional>> & Pick<ProjectionSettings, Optional>;

/** Options that say how a map is made. */
export function addProjectionOptions(command: Command): Command {
  return command
    .addOption(new Option('--kind <kind>', 'of map').choices(['umap', 'tsne', 'pca', 'columns']).default('umap'))
    .option('--dims <n>', 'of the map: 2 (flat) or 3 (space)', whole(2, 3), 2)
    .option('--neighbours <n>', 'UMAP: how many neighbours hold an image', whole(2, 200), 15)
    .option('--min-dist <distance>', 'UMAP: how tightly images may pack, at most the spread', number(0, 10), 0.1)
    .option('--spread <width>', 'UMAP: how wide the whole is laid out', number(0.1, 10), 1)
    .option('--density <n>', 'UMAP: how much dense groups lie dense (densMAP; 2 is usual)', number(0, 10), 0)
    .option('--supervision <n>', 'UMAP: how much the labels pull, up to 1; 0 does not look at them', number(0, 1), 0)
    .option('--perplexity <n>', 't-SNE: about how many neighbours each image looks at', number(2, 200), 30)
    .addOption(
      new Option('--metric <metric>', 'UMAP, t-SNE: by what images are near')
        .choices(['cosine', 'euclidean'])
        .default('cosine'),
    )
    .addOption(
      new Option('--implementation <name>', 'UMAP: who lays out; umap-js is slow and the reference')
        .choices(['kernels', 'umap-js'])
        .default('kernels'),
    )
    .addOption(
      new Option('--start <where>', 'UMAP: where images lie at first')
        .choices(['principal', 'spectral'])
        .default('spectral'),
    )
    .option('--like <id>', 'UMAP, t-SNE: begin from another map of the same images, and lie like it')
    .option('--seed <n>', 'UMAP, t-SNE: the same seed gives the same map', anySeed, 1)
    .addOption(
      new Option('--columns <x,y>', "no computing: two columns of the dataset's own table, or three: x,y,z")
        .argParser(columnNames)
        .implies({ kind: 'columns' }),
    );
}

/**
 * The settings that the options of a command say.
 * @throws KindredError `invalid-argument` for options that do not go together
 */
export function projectionSettings(options: ProjectionOptions): ProjectionSettings {
  const { kind, neighbours, minDist, spread, perplexity, metric, implementation, seed, columns, like } = options;
  const { start, density, supervision } = options;
  const dims = columns?.length === 3 ? 3 : options.dims;
  const own = {
    ...(columns === undefined ? {} : { columns }),
    ...(like === undefined ? {} : { like }),
    ...(dims === 2 ? {} : { dims }),
  };
  const numbers = { neighbours, minDist, spread, density, supervision, perplexity, seed };
  const settings = { kind, metric, implementation, start, ...numbers, ...own };
  checkProjectionSettings(settings);
  return settings;
}

function columnNames(text: string): [x: string, y: string, z?: string] {
  const [x = '', y = '', ...rest] = text.split(',').map((name) => name.trim());
  if (rest.length > 1 || [x, y, ...rest].includes(''))
    throw new InvalidArgumentError('It must be two or three names with commas between them, such as x,y.');
  return rest.length === 0 ? [x, y] : [x, y, rest[0]];
}
