import { Option, type Command } from 'commander';
import type { ClusterSettings, Clusters } from '../../trainer/protocol';
import { EXIT } from '../exitCodes';
import { MODEL_OPTION, number, seed, whole } from '../options';
import type { Running } from '../running';
import type { CommonOptions } from '../session';
import { count, percent, table } from '../table';

interface Options extends CommonOptions, ClusterSettings {
  readonly model?: string;
}

const EXAMPLES = `
Examples:
  kindred clusters photos
  kindred clusters photos --kind hdbscan --min-size 20 --json
  kindred clusters photos --kind kmeans --count 12`;

export function addClusters(program: Command, running: Running): void {
  const command = program
    .command('clusters')
    .description('groups of items that are alike, named by what they contain')
    .option(...MODEL_OPTION)
    .addOption(
      new Option('--kind <kind>', 'communities of neighbours, dense regions, or k-means')
        .choices(['leiden', 'hdbscan', 'kmeans'])
        .default('leiden'),
    )
    .option('--min-size <n>', 'fewer items are no cluster', whole(2, 100_000))
    .option('--resolution <r>', 'leiden: above 1 for smaller clusters', number(0.01, 100))
    .addOption(new Option('--selection <which>', 'hdbscan: most stable or finest').choices(['eom', 'leaf']))
    .option('--min-samples <n>', 'hdbscan: how many items make a place dense', whole(2, 100))
    .option('--count <n>', 'kmeans: how many clusters', whole(2, 1000))
    .option('--seed <n>', 'the same seed gives the same clusters', seed, 1)
    .addHelpText('after', EXAMPLES);
  running.serve(command, async (session) => {
    const {
      model,
      kind,
      selection,
      minSize,
      resolution,
      minSamples,
      count: clusters,
      seed: start,
    } = command.opts<Options>();
    const wished = { minSize, resolution, selection, minSamples, count: clusters };
    const given = Object.fromEntries(Object.entries(wished).filter(([, value]) => value !== undefined));
    const settings: ClusterSettings = { kind, seed: start, ...given };
    await session.open();
    const embedding = await session.embedding(await session.model(model));
    const found = await session.call('clusters.find', { dataset: session.ref, embedding, settings });
    return { code: EXIT.fine, document: { embedding, ...found }, text: clustersText(found, embedding) };
  });
}

function clustersText({ clusters, noise }: Clusters, embedding: string): string {
  const whole = clusters.filter(({ parent }) => parent < 0);
  const rows = whole.map(({ name, size, label, words }) => [
    name,
    size,
    label === undefined ? '' : `${percent(label.purity)} ${label.name}`,
    words.join(', '),
  ]);
  const head = `${count(whole.length, 'cluster')} by ${embedding}; ${count(noise, 'item')} in none.`;
  return rows.length === 0 ? head : `${head}\n\n${table(['Cluster', 'Items', 'Label', 'Words'], rows)}`;
}
