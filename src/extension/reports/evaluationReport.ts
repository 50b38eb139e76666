import type { EvaluationReport } from '../../trainer/protocol';
import type { Translate } from '../ui/l10n';
import { modelName } from '../ui/models';
import { count, percent } from '../ui/progressText';
import { document, escape, table } from './markdown';

/** The measures of a model beside those of raw pixels, with what they mean. */
export function evaluationReport(dataset: string, report: EvaluationReport, t: Translate): string {
  const rows = report.rows.map((row) => [
    modelName(row.model, t),
    percent(row.recallAt1),
    percent(row.recallAt5),
    percent(row.rPrecision),
    percent(row.mapAtR),
  ]);
  return document(
    `# ${t('Evaluation on {0}', escape(dataset))}`,
    heldOutText(report, t),
    table([t('Model'), 'Recall@1', 'Recall@5', 'R-Precision', 'MAP@R'], rows),
    verdict(report, t),
    `## ${t('What the measures mean')}`,
    [
      t('**Recall@1**: how often the nearest neighbour has the same label.'),
      t('**Recall@5**: how often one of the five nearest has it.'),
      t('**R-Precision**: the share of right ones among the R nearest, where R is how many right ones there are.'),
      t('**MAP@R**: the same, and right ones that come first count more.'),
    ]
      .map((line) => `- ${line}`)
      .join('\n'),
  );
}

function heldOutText({ heldOut, queries }: EvaluationReport, t: Translate): string {
  const items = count(heldOut.items);
  const asked = t('{0} of them were used as queries.', count(queries));
  switch (heldOut.by) {
    case 'class':
      return `${t('Measured on {0} images of {1} classes that the training never saw.', items, count(heldOut.classes))} ${asked}`;
    case 'item':
      return `${t('Measured on {0} images that the training never saw.', items)} ${asked}`;
    case 'split':
      return `${t('Measured on the {0} images of the held-out split.', items)} ${asked}`;
    case 'none':
      return `${t('Measured on all {0} labelled images.', items)} ${asked}`;
  }
}

function verdict({ rows }: EvaluationReport, t: Translate): string {
  const baseline = rows.at(0);
  const best = rows.slice(1).at(-1);
  if (!baseline || !best) return '';
  const gain = Math.round(1000 * (best.recallAt1 - baseline.recallAt1)) / 10;
  const name = escape(modelName(best.model, t));
  return gain > 0
    ? t('{0}: Recall@1 is {1} points above that of raw pixels.', name, gain.toFixed(1))
    : t('{0}: not better than raw pixels on these images. Train for longer, or with another loss.', name);
}
