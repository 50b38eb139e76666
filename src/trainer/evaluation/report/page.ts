import type { EvaluationReport } from '../../types/evaluation';
import { classSection, confusionSection, type LookOf } from './classSections';
import { html, Html } from './html';
import { macroTable, measuresTable } from './measuresTable';
import { POLICY, SCRIPT_ELEMENT } from './script';
import { STYLE } from './style';
import { verificationSection } from './verificationSection';
import { count, heldOutText, MEASURE_WORDS, modelName, percent, verdictOf } from './words';

/** The report as one file that needs nothing else: styles, drawings and pictures are in it, and nothing is loaded. */
export function reportPage(dataset: string, report: EvaluationReport, lookOf: LookOf): string {
  const name = modelName(report.model);
  return html`<!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Evaluation of ${name} on ${dataset}</title>
        <style>
          ${new Html(STYLE)}
        </style>
      </head>
      <body>
        <main>
          <header>
            <p class="eyebrow">Kindred · evaluation</p>
            <h1>${name} on ${dataset}</h1>
            <p class="soft">${heldOutText(report)}</p>
          </header>
          ${verdictCard(report)}
          <section id="measures">
            <h2>Side by side</h2>
            <p class="soft">
              Each item is searched among all the others; these say how well its own class is found. Under each number
              is its 95 % interval: where it would be for other
              ${report.bootstrap.over === 'classes' ? 'classes' : 'items'} of this kind, nineteen times out of twenty.
            </p>
            ${measuresTable(report.rows)}
            <details>
              <summary>Each class counting the same (macro averages), and more</summary>
              <p class="soft">
                Above, large classes weigh more, as they have more items. Here each class weighs the same.
              </p>
              ${macroTable(report.rows)}
            </details>
          </section>
          ${unseenSection(report)} ${verificationSection(report.rows)} ${confusionSection(report, lookOf)}
          ${classSection(report)} ${methodSection(report)}
        </main>
        ${new Html(SCRIPT_ELEMENT)}
      </body>
    </html> `.markup;
}

function verdictCard(report: EvaluationReport): Html {
  const verdict = verdictOf(report);
  const last = report.rows[report.rows.length - 1];
  return html`<div class="verdict ${verdict.kind}">
    <div>
      <h2>${verdict.headline}</h2>
      <p>${verdict.detail}</p>
    </div>
    <div class="figures">
      ${(['recallAt1', 'mapAtR'] as const).map(
        (measure) => html`<div><b>${percent(last[measure])}</b><span>${MEASURE_WORDS[measure].name}</span></div>`,
      )}
    </div>
  </div>`;
}

/** What was held out of the classes that the training knows, beside whole classes. */
function unseenSection({ unseenItems }: EvaluationReport): Html {
  if (unseenItems === undefined) return html``;
  const { items, classes, rows } = unseenItems;
  return html`<section id="unseen-items">
    <h2>New items of known classes</h2>
    <p class="soft">
      Above are classes that the training never saw, which is the harder task. These are ${count(items, 'item')} of
      ${count(classes, 'class', 'classes')} that it learned from, though not these items.
    </p>
    ${measuresTable(rows)}
  </section>`;
}

function methodSection({ bootstrap, rows, queries, heldOut }: EvaluationReport): Html {
  const clusters = rows.at(-1)?.clustering;
  return html`<section id="method">
    <h2>How this was measured</h2>
    <dl class="swatch">
      <dt>Search</dt>
      <dd>
        ${count(queries, 'query', 'queries')} among ${count(heldOut.items, 'item')}, by cosine similarity. The query
        itself is left out; a duplicate of it counts as a neighbour.
      </dd>
      <dt>Intervals</dt>
      <dd>
        Bootstrap over ${bootstrap.over}: ${count(bootstrap.resamples, 'resample')}, 2.5 % to 97.5 %, seed
        ${bootstrap.seed}. Models were resampled together, so that gains are paired.
      </dd>
      ${
        clusters === undefined
          ? html``
          : html`<dt>Clusters</dt>
              <dd>
                k-means (k-means++, several starts) with ${count(clusters.clusters, 'cluster')} on
                ${count(clusters.items, 'item')}.
              </dd>`
      }
      <dt>Threshold</dt>
      <dd>Calibrated on the pairs of these items; what it does on other classes is tried by halves of the classes.</dd>
    </dl>
  </section>`;
}
