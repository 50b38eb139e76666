import { resolve } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { KindredError } from '../../rpc/errors';
import type { TrainerProtocol } from '../../trainer/protocol';
import { writeNpy } from '../../trainer/store/npy';
import { EXIT } from '../exitCodes';
import { MODEL_OPTION, whole } from '../options';
import type { Outcome } from '../output';
import type { Running } from '../running';
import type { CommonOptions, Session } from '../session';
import { count, table } from '../table';

interface Options extends CommonOptions {
  readonly model?: string;
  readonly item?: string;
  readonly k: number;
  readonly output?: string;
  readonly hashes: boolean;
}

const EXAMPLES = `
Examples:
  kindred neighbours photos --item cats/1.png -k 5
  kindred neighbours photos --item 17 --model descriptor --json
  kindred neighbours photos -k 15 --output graph.npy     (all items: row numbers; distances in graph.distances.npy)
  kindred neighbours photos -k 5 --hashes --output near.npy`;

export function addNeighbours(program: Command, running: Running): void {
  const command = program
    .command('neighbours')
    .description('the nearest neighbours of an item, or of all of them as .npy')
    .option(...MODEL_OPTION)
    .option('--item <path|number>', 'the item')
    .option('-k <n>', 'how many neighbours', whole(1, 10_000), 10)
    .option('--output <file.npy>', 'write the neighbours of all items', npyName)
    .option('--hashes', 'with --output: by the bits in which perceptual hashes differ, without a model', false)
    .addHelpText('after', EXAMPLES);
  running.serve(command, async (session) => {
    const options = command.opts<Options>();
    if ((options.item === undefined) === (options.output === undefined)) {
      throw new KindredError('invalid-argument', 'Neighbours of what?', {
        remedy: 'Give either --item for one, or --output for all of them.',
      });
    }
    if (options.hashes && options.output === undefined)
      throw new KindredError('invalid-argument', 'By hashes, the neighbours of all items are written.', {
        remedy: 'Give --output, or leave out --hashes.',
      });
    const { items } = await session.open();
    if (options.hashes) return hashesOutcome(session, options.k, resolve(options.output ?? ''));
    const embedding = await session.embedding(await session.model(options.model));
    return options.item === undefined
      ? graphOutcome(session, embedding, options.k, resolve(options.output ?? ''))
      : itemOutcome(session, embedding, await session.item(options.item, items), options.k);
  });
}

export function npyName(text: string): string {
  if (!text.endsWith('.npy')) throw new InvalidArgumentError('It must end with .npy.');
  return text;
}

async function itemOutcome(session: Session, embedding: string, item: number, k: number): Promise<Outcome> {
  const dataset = session.ref;
  const { items, distances } = await session.call('neighbours.of', { dataset, embedding, item, k });
  const [query, ...details] = await session.call('dataset.items', { dataset, items: [item, ...items] });
  const neighbours = details.map(({ item: number, path, label }, at) => ({
    item: number,
    path,
    label,
    distance: distances[at],
  }));
  const rows = neighbours.map(({ item: number, path, label, distance }, at) => [
    at + 1,
    distance.toFixed(4),
    number,
    label ?? '',
    path,
  ]);
  const text = `Nearest to ${query.path}${query.label === undefined ? '' : ` (${query.label})`} by ${embedding}:\n\n${table(['Rank', 'Distance', 'Item', 'Label', 'Path'], rows)}`;
  return { code: EXIT.fine, document: { embedding, item, path: query.path, neighbours }, text };
}

async function graphOutcome(session: Session, embedding: string, wanted: number, output: string): Promise<Outcome> {
  const graph = await session.call('neighbours.graph', { dataset: session.ref, embedding, k: wanted });
  return writtenOutcome(graph, embedding, output);
}

async function hashesOutcome(session: Session, k: number, output: string): Promise<Outcome> {
  return writtenOutcome(
    await session.call('neighbours.hashes', { dataset: session.ref, k }),
    'perceptual hashes',
    output,
  );
}

async function writtenOutcome(
  { k, indices, distances }: TrainerProtocol['neighbours.graph']['result'],
  by: string,
  output: string,
): Promise<Outcome> {
  const rows = k === 0 ? 0 : indices.length / k;
  const distancesFile = output.replace(/\.npy$/, '.distances.npy');
  await writeNpy(output, { data: indices, shape: [rows, k] });
  await writeNpy(distancesFile, { data: distances, shape: [rows, k] });
  const text = `${k} neighbours of ${count(rows, 'item')} by ${by}: ${output}, distances: ${distancesFile}`;
  return { code: EXIT.fine, document: { embedding: by, count: rows, k, output, distances: distancesFile }, text };
}
