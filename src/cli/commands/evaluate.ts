import type { Command } from 'commander';
import type { EvaluationReport, ModelId } from '../../trainer/protocol';
import { EXIT } from '../exitCodes';
import { MODEL_OPTION } from '../options';
import type { Running } from '../running';
import type { CommonOptions } from '../session';
import { count, table } from '../table';

interface Options extends CommonOptions {
  readonly model?: string;
}

const EXAMPLES = `
For every image the others are sorted by likeness:
  Recall@1     share of images whose nearest has the same label
  Recall@5     share of images with the same label among the nearest five
  R-precision  of the R nearest, where R images have the label: share that has it
  MAP@R        the same, counting how far in front they stand

Examples:
  kindred evaluate photos
  kindred evaluate photos --model first --json`;

export function addEvaluate(program: Command, running: Running): void {
  const command = program
    .command('evaluate')
    .description('measure raw pixels, descriptors and a model on images that it never saw')
    .option(...MODEL_OPTION)
    .addHelpText('after', EXAMPLES);
  running.serve(command, async (session) => {
    const options = command.opts<Options>();
    await session.open();
    const model = await session.model(options.model);
    const report = await session.call('evaluation.run', { dataset: session.ref, model });
    return { code: EXIT.fine, document: report, text: reportText(report) };
  });
}

function reportText({ heldOut, queries, rows }: EvaluationReport): string {
  const what = {
    class: 'classes that were held out',
    item: 'images that were held out',
    split: 'the other splits',
    none: 'all labelled images',
  }[heldOut.by];
  const head = ['Model', 'Recall@1', 'Recall@5', 'R-precision', 'MAP@R'];
  const lines = rows.map(({ model, recallAt1, recallAt5, rPrecision, mapAtR }) => [
    nameOf(model),
    ...[recallAt1, recallAt5, rPrecision, mapAtR].map((measure) => measure.toFixed(3)),
  ]);
  return `Measured on ${what}: ${count(heldOut.items, 'image')} of ${count(heldOut.classes, 'class', 'classes')}, ${count(queries, 'query', 'queries')}.\n\n${table(head, lines)}`;
}

function nameOf(model: ModelId): string {
  return model === 'pixels' ? 'raw pixels' : model.replace(/^run:/, '');
}
