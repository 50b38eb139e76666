import type { EvaluationRow, Verification } from '../../types/evaluation';
import { html, type Html } from './html';
import { colourOf } from './measuresTable';
import { rocCurve } from './rocCurve';
import { count, modelName, oneIn, percent } from './words';

/** Whether two pictures are of one class, by a threshold: the curve, the rates, the calibrated threshold. */
export function verificationSection(rows: readonly EvaluationRow[]): Html {
  const last = rows.at(-1)?.verification;
  if (last === undefined) return html``;
  const { same, different, sampled } = last.pairs;
  const pairs = `${count(same, 'pair')} of one class and ${different.toLocaleString('en-US')} of two${sampled ? ', drawn at random' : ''}`;
  return html`<section id="verification">
    <h2>Same or not: verification</h2>
    <p class="soft">A threshold on the similarity decides whether two items are of one class. Measured on ${pairs}.</p>
    <div class="columns">
      <div>${rocCurve(rows)}</div>
      <div>${callout(last)}</div>
    </div>
    ${ratesTable(rows)}
  </section>`;
}

function callout({ calibrated }: Verification): Html {
  if (calibrated === undefined) {
    return html`<div class="callout">
      <p>
        No threshold keeps to the false-match rate that was asked for: some items of different classes are the most
        similar of all.
      </p>
    </div>`;
  }
  const { wanted, threshold, falseMatchRate, trueMatchRate, check } = calibrated;
  const carried =
    check === undefined
      ? html``
      : html`<p class="soft">
          Calibrated on half of the classes and tried on the other, such a threshold let
          ${percent(check.falseMatchRate, 2)} through and recognised ${percent(check.trueMatchRate)}.
        </p>`;
  return html`<div class="callout">
    <h3>Threshold for ${oneIn(wanted)} taken for the same wrongly</h3>
    <b>${threshold.toFixed(3)}</b> <span class="soft">cosine similarity (distance ${(1 - threshold).toFixed(3)})</span>
    <p>
      At or above it: ${percent(trueMatchRate)} of the pairs of one class are recognised, and
      ${percent(falseMatchRate, 2)} of the others pass too.
    </p>
    ${carried}
  </div>`;
}

function ratesTable(rows: readonly EvaluationRow[]): Html {
  const heads = rows.map(
    ({ model }, i) =>
      html`<th scope="col" class="n"><span class="key ${colourOf(i, rows.length)}"></span>${modelName(model)}</th>`,
  );
  const line = (name: string, says: string, of: (verified: Verification) => string): Html =>
    html`<tr>
      <th scope="row">${name}<small>${says}</small></th>
      ${rows.map(({ verification }, i) => html`<td class="n${i === rows.length - 1 ? ' last' : ''}">${verification === undefined ? '–' : of(verification)}</td>`)}
    </tr>`;
  const rates = rows.at(-1)?.verification?.trueMatchRates ?? [];
  return html`<div class="wide" tabindex="0" role="region" aria-label="Verification of the models">
    <table class="compare">
      <thead>
        <tr>
          <th scope="col">Measure</th>
          ${heads}
        </tr>
      </thead>
      <tbody>
        ${line('ROC-AUC', 'Chance that a pair of one class is the more similar; 50 % is guessing.', ({ rocAuc }) => percent(rocAuc))}
        ${line('EER', 'Error where as many are let in wrongly as are missed; less is better.', ({ equalErrorRate }) => percent(equalErrorRate))}
        ${rates.map(({ wanted }) =>
          line(
            `TAR@FAR ${percent(wanted, wanted < 0.01 ? 2 : 0)}`,
            `Recognised, when ${oneIn(wanted)} may pass wrongly.`,
            ({ trueMatchRates }) => {
              const point = trueMatchRates.find((each) => each.wanted === wanted);
              return point === undefined ? '–' : percent(point.trueMatchRate);
            },
          ),
        )}
      </tbody>
    </table>
  </div>`;
}
