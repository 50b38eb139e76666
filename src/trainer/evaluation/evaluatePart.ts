import { throwIfCancelled } from '../../rpc/errors';
import type { CallContext } from '../../rpc/rpc';
import type { Dataset } from '../dataset/dataset';
import { PIXEL_DIMS } from '../embedding/pixels';
import type { Matrix } from '../store/matrix';
import { ProgressMeter } from '../store/progressMeter';
import type { ModelId } from '../types/embedding';
import type { Difference, EvaluationPart, EvaluationReport, EvaluationRow, Measure } from '../types/evaluation';
import type { Progress } from '../types/progress';
import { bootstrap, type Bootstrapped } from './bootstrap';
import { clustering } from './clustering';
import type { Searched } from './itemsToSearch';
import { macroMeans, microMeans } from './measures';
import { scorePairs } from './pairs';
import { type QueryResults, searchQueries } from './queries';
import { rowsOf } from './rowsOf';
import { verification } from './verification';

/** Multiplications of the largest comparison, about half a minute; beyond it only some of the items are queries. */
const MOST_WORK = 2e12;
const FEWEST_QUERIES = 1000;
/** The measures whose gain over the baselines is told. */
const COMPARED: readonly Measure[] = ['recallAt1', 'mapAtR'];

export interface PartSettings {
  /** The last is the one that is evaluated. */
  readonly models: readonly ModelId[];
  readonly over: EvaluationReport['bootstrap']['over'];
  readonly falseMatchRate: number;
  readonly seed: number;
}

export interface EvaluatedPart extends EvaluationPart {
  /** Of the last model. */
  readonly results: QueryResults;
}

/** Measures models on one set of items. */
export async function evaluatePart(
  dataset: Dataset,
  searched: Searched,
  settings: PartSettings,
  context: CallContext<Progress>,
): Promise<EvaluatedPart> {
  const measured: Measured[] = [];
  for (const model of settings.models) {
    const vectors = await rowsOf(dataset, model, searched.items, context);
    measured.push(await measure(model, vectors, searched.labels, settings, context));
    if (measured[0].results.rows.length === 0) return { queries: 0, rows: [], differences: [], ...measured[0] };
  }
  const intervals = await bootstrap(
    measured.map(({ results }) => results),
    { over: settings.over, seed: settings.seed, signal: context.signal },
  );
  const rows = measured.map(({ row }, i) => ({
    ...row,
    intervals: intervals[i].micro,
    macroIntervals: intervals[i].macro,
  }));
  const { results } = measured[measured.length - 1];
  return { queries: results.rows.length, rows, differences: differencesOf(rows, intervals), results };
}

interface Measured {
  readonly row: Omit<EvaluationRow, 'intervals' | 'macroIntervals'>;
  readonly results: QueryResults;
}

async function measure(
  model: ModelId,
  vectors: Matrix,
  labels: Int32Array,
  { falseMatchRate, seed }: PartSettings,
  context: CallContext<Progress>,
): Promise<Measured> {
  const { signal } = context;
  const results = await search(vectors, labels, context);
  throwIfCancelled(signal);
  const row = { model, dims: vectors.dims, ...microMeans(results), macro: macroMeans(results) };
  if (results.rows.length === 0) return { row, results };
  const meter = new ProgressMeter(context.report, 'Clustering and comparing pairs', 2, 'measures');
  const clusters = await clustering(vectors, labels, { seed, signal });
  meter.add();
  const verified = verification(await scorePairs(vectors, labels, { seed, signal }), falseMatchRate);
  meter.add();
  return {
    row: {
      ...row,
      ...(clusters === undefined ? {} : { clustering: clusters }),
      ...(verified === undefined ? {} : { verification: verified }),
    },
    results,
  };
}

function search(
  { data, rows, dims }: Matrix,
  labels: Int32Array,
  { signal, report }: CallContext<Progress>,
): Promise<QueryResults> {
  let meter: ProgressMeter | undefined;
  let before = 0;
  return searchQueries(data, rows, dims, labels, {
    maxQueries: Math.max(FEWEST_QUERIES, Math.floor(MOST_WORK / (Math.max(1, rows) * PIXEL_DIMS))),
    signal,
    report: (done, total) => {
      meter ??= new ProgressMeter(report, 'Searching', total, 'queries');
      meter.add(done - before);
      before = done;
    },
  });
}

/** By how much the last model is above the best of the others, by MAP@R. */
function differencesOf(rows: readonly EvaluationRow[], intervals: readonly Bootstrapped[]): Difference[] {
  const last = rows.length - 1;
  if (/^(pixels|descriptor)$/.test(rows[last].model)) return [];
  const best = rows.slice(0, last).reduce((top, row, i) => (row.mapAtR > rows[top].mapAtR ? i : top), 0);
  return COMPARED.map((measure) => ({
    measure,
    against: rows[best].model,
    value: rows[last][measure] - rows[best][measure],
    ...intervals[last].difference(best, measure),
  }));
}
