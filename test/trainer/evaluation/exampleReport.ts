import { eachMeasure } from '../../../src/trainer/evaluation/measures';
import type { EvaluationReport, EvaluationRow, ModelId } from '../../../src/trainer/protocol';

/** A row all of whose measures are `value` but Recall@1, which is twice that. */
export function exampleRow(model: ModelId, value: number): EvaluationRow {
  const measures = { ...eachMeasure(() => value), recallAt1: 2 * value };
  const intervals = eachMeasure((measure) => ({ low: measures[measure] - 0.05, high: measures[measure] + 0.05 }));
  return {
    model,
    dims: 128,
    ...measures,
    macro: eachMeasure((measure) => measures[measure] / 2),
    intervals,
    macroIntervals: intervals,
    clustering: { nmi: 0.8, ami: 0.4, clusters: 80, items: 160 },
    verification: {
      pairs: { same: 80, different: 12_640, sampled: false },
      rocAuc: 0.9,
      equalErrorRate: 0.15,
      trueMatchRates: [
        { wanted: 0.1, threshold: 0.3, falseMatchRate: 0.0999, trueMatchRate: 0.8 },
        { wanted: 0.01, threshold: 0.625, falseMatchRate: 0.0099, trueMatchRate: 0.4 },
        { wanted: 0.001, threshold: 0.8, falseMatchRate: 0.00095, trueMatchRate: 0.2 },
      ],
      calibrated: {
        wanted: 0.01,
        threshold: 0.625,
        falseMatchRate: 0.0099,
        trueMatchRate: 0.4,
        check: { falseMatchRate: 0.012, trueMatchRate: 0.41 },
      },
      roc: [
        { falseMatchRate: 0, trueMatchRate: 0 },
        { falseMatchRate: 0.001, trueMatchRate: 0.2 },
        { falseMatchRate: 0.01, trueMatchRate: 0.4 },
        { falseMatchRate: 0.1, trueMatchRate: 0.8 },
        { falseMatchRate: 1, trueMatchRate: 1 },
      ],
    },
  };
}

export function exampleReport(changes: Partial<EvaluationReport> = {}): EvaluationReport {
  return {
    model: 'run:nt-xent-1',
    heldOut: { by: 'class', classes: 80, items: 160 },
    queries: 150,
    rows: [exampleRow('pixels', 0.125), exampleRow('descriptor', 0.15), exampleRow('run:nt-xent-1', 0.266)],
    differences: [
      { measure: 'recallAt1', against: 'descriptor', value: 0.232, low: 0.1, high: 0.3 },
      { measure: 'mapAtR', against: 'descriptor', value: 0.116, low: 0.08, high: 0.15 },
    ],
    bootstrap: { over: 'classes', resamples: 1000, level: 0.95, seed: 1 },
    classes: [
      {
        label: 'cat',
        items: 2,
        queries: 2,
        recallAt1: 0.5,
        rPrecision: 0.5,
        mapAtR: 0.5,
        takenFor: { label: 'dog', count: 1 },
      },
      { label: 'dog', items: 2, queries: 2, recallAt1: 1, rPrecision: 1, mapAtR: 1 },
    ],
    confusions: [
      {
        label: 'cat',
        takenFor: 'dog',
        count: 1,
        share: 0.5,
        examples: [{ item: 0, nearest: 2, similarity: 0.91 }],
      },
    ],
    ...changes,
  };
}
