import { KindredError, throwIfCancelled } from '../../rpc/errors';
import type { CallContext } from '../../rpc/rpc';
import type { Dataset } from '../dataset/dataset';
import { labelledBy } from '../dataset/labelColumns';
import { openEmbedder } from '../embedding/embedder';
import { labelColumnsOfRun } from '../training/runLabels';
import type { ModelId } from '../types/embedding';
import type { EvaluationReport } from '../types/evaluation';
import type { Progress } from '../types/progress';
import { LEVEL, RESAMPLES } from './bootstrap';
import { baselinesOf } from './baselines';
import { type EvaluatedPart, evaluatePart, type PartSettings } from './evaluatePart';
import { itemsToSearch, type Searched } from './itemsToSearch';
import { classMeasures, type ClassNames, confusionsOf } from './perClass';

export interface EvaluationOptions {
  /** The false-match rate for which a threshold is calibrated; 0.01 when not given. */
  readonly falseMatchRate?: number;
  /** Of the bootstrap, k-means and the drawing of pairs. */
  readonly seed?: number;
}

/**
 * Measures the baselines (raw pixels, the hand-made descriptors, and the frozen features when the model is a head on some), then
 * the model, on the same items: those that the run held out, or all labelled items when the model is no run. They are searched
 * among themselves. Above 25,000 items or so an even share of them are the queries.
 *
 * @throws KindredError `bad-input` when no item has another of its class, `invalid-argument` for a false-match rate that is none,
 *   and what `openEmbedder` and `heldOutItems` throw
 */
export async function evaluate(
  opened: Dataset,
  model: ModelId,
  context: CallContext<Progress>,
  options: EvaluationOptions = {},
): Promise<EvaluationReport> {
  const { falseMatchRate = 0.01, seed = 1 } = options;
  if (!(falseMatchRate > 0 && falseMatchRate < 1)) {
    throw new KindredError('invalid-argument', `A false-match rate cannot be ${falseMatchRate}.`, {
      remedy: 'Give a number between 0 and 1, such as 0.01 for one in a hundred.',
    });
  }
  throwIfCancelled(context.signal);
  // Opened before anything is measured, so that an unknown model is told at once.
  (await openEmbedder(opened, model)).dispose();
  const labelColumns = await labelColumnsOfRun(opened.paths, model);
  const dataset = await labelledBy(opened, labelColumns);
  const { main, unseenItems } = await itemsToSearch(dataset, model);
  const models = [...(await baselinesOf(dataset, model)), model];
  const over = main.by === 'class' && main.classes >= 2 ? 'classes' : 'queries';
  const how = { models, falseMatchRate, seed };
  const part = await evaluatePart(dataset, main, { ...how, over }, context);
  if (part.queries === 0) throw nothingToFind(dataset);
  const second = unseenItems && (await evaluateUnseen(dataset, unseenItems, how, context));
  return {
    model,
    ...(labelColumns === undefined ? {} : { labelColumns }),
    heldOut: { by: main.by, classes: main.classes, items: main.items.length },
    queries: part.queries,
    rows: part.rows,
    differences: part.differences,
    bootstrap: { over, resamples: RESAMPLES, level: LEVEL, seed },
    ...detailsOf(dataset, main, part),
    ...(second === undefined ? {} : { unseenItems: second }),
  };
}

function detailsOf(
  dataset: Dataset,
  { items, labels }: Searched,
  { results }: EvaluatedPart,
): Pick<EvaluationReport, 'classes' | 'confusions'> {
  const { categories } = dataset.items.label;
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const names: ClassNames = { nameOf: (label) => categories[label], itemsOf: (label) => counts.get(label) ?? 0 };
  const nearestLabels = results.nearest.map((row) => labels[row]);
  return {
    classes: classMeasures(results, nearestLabels, names),
    confusions: confusionsOf(results, nearestLabels, names, (row) => items[row]),
  };
}

/** Undefined when none of the items has another of its class. */
async function evaluateUnseen(
  dataset: Dataset,
  searched: Searched,
  settings: Omit<PartSettings, 'over'>,
  context: CallContext<Progress>,
): Promise<EvaluationReport['unseenItems'] | undefined> {
  const part = await evaluatePart(dataset, searched, { ...settings, over: 'queries' }, context);
  const { queries, rows, differences } = part;
  if (queries === 0) return undefined;
  return { queries, rows, differences, classes: searched.classes, items: searched.items.length };
}

function nothingToFind(dataset: Dataset): KindredError {
  return new KindredError(
    'bad-input',
    `No item of ${dataset.summary.name} can be measured: none has another of its class to find.`,
    {
      remedy: 'Label at least two images alike: put them into one folder, or give them one label in the manifest.',
    },
  );
}
