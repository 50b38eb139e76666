import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { EvaluationPart, EvaluationReport, EvaluationRow, ModelId } from '../../trainer/protocol';
import { EXIT } from '../exitCodes';
import { MODEL_OPTION, number } from '../options';
import type { Running } from '../running';
import type { CommonOptions } from '../session';
import { count, percent, table } from '../table';

interface Options extends CommonOptions {
  readonly model?: string;
  readonly html?: string;
  readonly falseMatchRate?: number;
}

const EXAMPLES = `
For every item the others are sorted by likeness:
  Recall@1     share of items whose nearest has the same label (Precision@1)
  Recall@5     share of items with the same label among the nearest five
  MRR          one over the place of the first with the same label
  R-precision  of the R nearest, where R items have the label: share that has it
  MAP@R        the same, counting how far in front they stand
  AMI          how much of the labels k-means finds again, less what chance finds
  ROC-AUC      chance that two of one label are more alike than two of different labels
In brackets: where it would be for other items of this kind, 19 times out of 20.

With --json: one document of a form that stays; docs/evaluation.md describes it.

Examples:
  kindred evaluate photos
  kindred evaluate photos --html report.html
  kindred evaluate photos --model first --json
  kindred evaluate faces --false-match-rate 0.001`;

export function addEvaluate(program: Command, running: Running): void {
  const command = program
    .command('evaluate')
    .description('measure the baselines and a model on items that it never saw')
    .option(...MODEL_OPTION)
    .option('--html <file>', 'write a report that stands alone, with curves and pictures')
    .option(
      '--false-match-rate <rate>',
      'calibrate the threshold so that this share of different pairs is taken for the same (default: 0.01)',
      number(1e-6, 0.999),
    )
    .addHelpText('after', EXAMPLES);
  running.serve(command, async (session) => {
    const { model: name, html, falseMatchRate } = command.opts<Options>();
    await session.open();
    const model = await session.model(name);
    const rate = falseMatchRate === undefined ? {} : { falseMatchRate };
    const report = await session.call('evaluation.run', { dataset: session.ref, model, ...rate });
    if (html === undefined) return { code: EXIT.fine, document: report, text: reportText(report) };
    const { file } = await session.call('evaluation.write', { dataset: session.ref, report, file: resolve(html) });
    return { code: EXIT.fine, document: { ...report, html: file }, text: `${reportText(report)}\n\nReport: ${file}` };
  });
}

export function reportText(report: EvaluationReport): string {
  const { heldOut, labelColumns, queries, unseenItems } = report;
  const columns = labelColumns === undefined ? '' : ` by ${labelColumns.join(' and ')}`;
  const what = {
    class: 'classes that were held out',
    item: 'items that were held out',
    split: 'the other splits',
    none: 'all labelled items',
  }[heldOut.by];
  const parts = [
    `Measured on ${what}: ${count(heldOut.items, 'item')} of ${count(heldOut.classes, 'class', 'classes')}${columns}, ${count(queries, 'query', 'queries')}.`,
    partText(report),
    ...thresholdText(report.rows.at(-1)),
  ];
  if (unseenItems !== undefined) {
    parts.push(
      `On items that were held out of classes that it knows: ${count(unseenItems.items, 'item')} of ${count(unseenItems.classes, 'class', 'classes')}.`,
      partText(unseenItems),
    );
  }
  return parts.join('\n\n');
}

function partText({ rows, differences }: EvaluationPart): string {
  const head = ['Model', 'Recall@1', '', 'Recall@5', 'MRR', 'R-precision', 'MAP@R', '', 'AMI', 'ROC-AUC'];
  const lines = rows.map((row) => [
    nameOf(row.model),
    row.recallAt1.toFixed(3),
    interval(row, 'recallAt1'),
    ...[row.recallAt5, row.mrr, row.rPrecision, row.mapAtR].map((measure) => measure.toFixed(3)),
    interval(row, 'mapAtR'),
    row.clustering?.ami.toFixed(3) ?? '-',
    row.verification?.rocAuc.toFixed(3) ?? '-',
  ]);
  const gain = differences.find(({ measure }) => measure === 'mapAtR');
  if (gain === undefined) return table(head, lines);
  const verdict = gain.low > 0 ? 'beats' : gain.high < 0 ? 'does not beat' : 'is not clearly different from';
  const { value, low, high } = gain;
  return `${table(head, lines)}\n\nThe model ${verdict} the best baseline, ${nameOf(gain.against)}: MAP@R ${signed(value)} [${signed(low)}, ${signed(high)}].`;
}

function thresholdText(row: EvaluationRow | undefined): string[] {
  const calibrated = row?.verification?.calibrated;
  if (calibrated === undefined) return [];
  const { wanted, threshold, trueMatchRate } = calibrated;
  return [
    `Two items are the same at a similarity of ${threshold.toFixed(3)} or more: ${percent(trueMatchRate)} of the same are found, and ${percent(wanted)} of the others pass.`,
  ];
}

function interval({ intervals }: EvaluationRow, measure: 'recallAt1' | 'mapAtR'): string {
  const { low, high } = intervals[measure];
  return `[${low.toFixed(2)}, ${high.toFixed(2)}]`;
}

function signed(value: number): string {
  return `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(3)}`;
}

function nameOf(model: ModelId): string {
  return model === 'pixels' ? 'raw pixels' : model.replace(/^run:/, '');
}
