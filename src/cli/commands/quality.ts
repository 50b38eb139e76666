import type { Command } from 'commander';
import type { Estimate, ProjectionQuality } from '../../trainer/protocol';
import { EXIT } from '../exitCodes';
import { MODEL_OPTION, whole } from '../options';
import type { Running } from '../running';
import type { CommonOptions } from '../session';
import { count, table } from '../table';
import { addProjectionOptions, projectionSettings, type ProjectionOptions } from './projectionOptions';

interface Options extends CommonOptions, ProjectionOptions {
  readonly model?: string;
  readonly k: number;
}

const EXAMPLES = `
The map is that of "kindred project" with the same options.

Examples:
  kindred quality photos
  kindred quality photos --kind pca -k 5 --json
  kindred quality photos --columns umap_x,umap_y`;

export function addQuality(program: Command, running: Running): void {
  const command = addProjectionOptions(
    program
      .command('quality')
      .description('how much of the neighbourhoods a map keeps')
      .option(...MODEL_OPTION),
  )
    .option('-k <n>', 'how many neighbours of each item are looked at', whole(1, 200), 15)
    .addHelpText('after', EXAMPLES);
  running.serve(command, async (session) => {
    const { model, k, ...options } = command.opts<Options>();
    const settings = projectionSettings(options);
    await session.open();
    const embedding = await session.embedding(await session.model(model));
    const quality = await session.call('projection.quality', { dataset: session.ref, embedding, settings, k });
    return { code: EXIT.fine, document: { embedding, settings, ...quality }, text: qualityText(quality, embedding) };
  });
}

function qualityText(quality: ProjectionQuality, embedding: string): string {
  const { k, items, anchors, trustworthiness, continuity, preservation, rnxAuc, spearman } = quality;
  const rows = [
    ['Trustworthiness', ...estimate(trustworthiness), 'neighbours on the map are true (1: always)'],
    ['Continuity', ...estimate(continuity), 'true neighbours are on the map (1: always)'],
    ['Kept', ...estimate(preservation), `share of the ${k} true neighbours that are the ${k} on the map`],
    ['R_NX', rnxAuc.toFixed(3), '', 'the same over all sizes (0: chance, 1: perfect)'],
    ['Spearman', spearman.toFixed(3), '', 'do distances have the same order (1: yes, 0: chance)'],
  ];
  const head = `The map of ${embedding}, measured on ${anchors === items ? 'all' : `${anchors} of`} ${count(items, 'item')}:`;
  return `${head}\n\n${table(['Measure', 'Value', 'Interval', 'Meaning'], rows)}`;
}

function estimate({ value, low, high }: Estimate): [string, string] {
  return [value.toFixed(3), low === high ? '' : `${low.toFixed(3)} to ${high.toFixed(3)}`];
}
