import type { EvaluationRow, Interval, Measure, RetrievalMeasures } from '../../types/evaluation';
import { html, type Html } from './html';
import { MEASURE_WORDS, modelName, modelNote, percent, range } from './words';

const SHOWN: readonly Measure[] = ['mapAtR', 'recallAt1', 'rPrecision', 'mrr', 'recallAt2', 'recallAt4', 'recallAt8'];
const ALL: readonly Measure[] = [...SHOWN, 'recallAt5', 'recallAt10'];

/** The class of a model's colour: the last one is the one that is evaluated. */
export function colourOf(index: number, models: number): string {
  return index === models - 1 ? 'cm' : `c${Math.min(index, 2)}`;
}

interface Kind {
  readonly means: (row: EvaluationRow) => RetrievalMeasures;
  readonly intervals: (row: EvaluationRow) => EvaluationRow['intervals'];
}

const MICRO: Kind = { means: (row) => row, intervals: (row) => row.intervals };
const MACRO: Kind = { means: (row) => row.macro, intervals: (row) => row.macroIntervals };

/** All models side by side, a row a measure, with a drawing of the values and their intervals. */
export function measuresTable(rows: readonly EvaluationRow[]): Html {
  return tableOf(rows, SHOWN, MICRO, rows.some((row) => row.clustering) ? clusterRows(rows) : html``);
}

/** The same with each class counting the same. */
export function macroTable(rows: readonly EvaluationRow[]): Html {
  return tableOf(rows, ALL, MACRO, html``);
}

function tableOf(rows: readonly EvaluationRow[], measures: readonly Measure[], kind: Kind, more: Html): Html {
  const heads = rows.map(
    ({ model }, i) =>
      html`<th scope="col" class="n">
        <span class="key ${colourOf(i, rows.length)}"></span><span class="name">${modelName(model)}</span
        ><small>${modelNote(model)}</small>
      </th>`,
  );
  const lines = measures.map((measure) => {
    const values = rows.map((row) => kind.means(row)[measure]);
    const intervals = rows.map((row) => kind.intervals(row)[measure]);
    return html`<tr>
      <th scope="row">${MEASURE_WORDS[measure].name}<small>${MEASURE_WORDS[measure].says}</small></th>
      ${values.map(
        (value, i) =>
          html`<td class="n${i === rows.length - 1 ? ' last' : ''}">
            ${percent(value)}<small>${range(intervals[i])}</small>
          </td>`,
      )}
      <td class="plot">${plot(values, intervals)}</td>
    </tr>`;
  });
  return html`<div class="wide" tabindex="0" role="region" aria-label="Measures of the models">
    <table class="compare">
      <thead>
        <tr>
          <th scope="col">Measure</th>
          ${heads}
          <th scope="col">0 to 100 %, with the interval</th>
        </tr>
      </thead>
      <tbody>
        ${lines}${more}
      </tbody>
    </table>
  </div>`;
}

/** A dot for each model, with a line for its interval. */
function plot(values: readonly number[], intervals: readonly (Interval | undefined)[]): Html {
  const x = (share: number): string => (4 + 192 * Math.min(1, Math.max(0, share))).toFixed(1);
  const height = 12 * values.length + 4;
  const marks = values.map((value, i) => {
    const y = 8 + 12 * i;
    const colour = colourOf(i, values.length);
    const interval = intervals[i];
    const whisker =
      interval === undefined
        ? html``
        : html`<line
            x1="${x(interval.low)}"
            x2="${x(interval.high)}"
            y1="${y}"
            y2="${y}"
            stroke="currentColor"
            stroke-width="3"
            stroke-linecap="round"
            opacity="0.35"
          />`;
    return html`<g class="${colour}">${whisker}<circle cx="${x(value)}" cy="${y}" r="4" fill="currentColor" /></g>`;
  });
  const grid = [0, 0.25, 0.5, 0.75, 1].map(
    (share) => html`<line class="grid" x1="${x(share)}" x2="${x(share)}" y1="0" y2="${height}" />`,
  );
  return html`<svg viewBox="0 0 200 ${height}" aria-hidden="true">${grid}${marks}</svg>`;
}

function clusterRows(rows: readonly EvaluationRow[]): Html {
  const line = (name: string, says: string, of: 'nmi' | 'ami'): Html => {
    const values = rows.map(({ clustering }) => clustering?.[of] ?? 0);
    return html`<tr>
      <th scope="row">${name}<small>${says}</small></th>
      ${values.map((value, i) => html`<td class="n${i === rows.length - 1 ? ' last' : ''}">${percent(value)}</td>`)}
      <td class="plot">
        ${plot(
          values,
          values.map(() => undefined),
        )}
      </td>
    </tr>`;
  };
  return html`${line('NMI', 'Grouped blindly into as many clusters as there are classes: how much of the classes is found again. Many small classes make it high by chance.', 'nmi')}${line('AMI', 'The same, less what chance would find.', 'ami')}`;
}
