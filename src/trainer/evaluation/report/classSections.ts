import type { ClassMeasures, Confusion, EvaluationReport } from '../../types/evaluation';
import { html, type Html } from './html';
import { count, percent } from './words';

/** Confusions that are shown with pictures. */
export const PICTURED = 12;
const MOST_CLASSES = 2000;

/** A picture as a data URI, or the beginning of a text. */
export type ItemLook = { readonly picture: string } | { readonly text: string };
/** Undefined when the file is gone. */
export type LookOf = (item: number) => ItemLook | undefined;

/** Which class is taken for which, the most frequent first. */
export function confusionSection({ confusions }: EvaluationReport, lookOf: LookOf): Html {
  if (confusions.length === 0) {
    return html`<section id="confusions">
      <h2>What is taken for what</h2>
      <p class="soft">Nothing: every item’s nearest neighbour is of its own class.</p>
    </section>`;
  }
  return html`<section id="confusions">
    <h2>What is taken for what</h2>
    <p class="soft">
      Items whose nearest neighbour is of another class, the most frequent pairs first. Look at them: some are mistakes
      of the model, others are wrong labels or classes that are one.
    </p>
    <ul class="cards">
      ${confusions.slice(0, PICTURED).map((each) => card(each, lookOf))}
    </ul>
    <details>
      <summary>
        All ${count(confusions.length, 'pair')}${confusions.length === 200 ? ' (the 200 most frequent)' : ''}
      </summary>
      ${confusionTable(confusions)}
    </details>
  </section>`;
}

function card({ label, takenFor, count: times, share, examples }: Confusion, lookOf: LookOf): Html {
  const [example] = examples;
  return html`<li>
    <div class="pair">
      ${look(lookOf(example.item), label)}<span class="arrow" aria-hidden="true">→</span
      >${look(lookOf(example.nearest), takenFor)}
    </div>
    <div class="names"><b>${label}</b> taken for <b>${takenFor}</b></div>
    <small
      >${count(times, 'time')}, ${percent(share, 0)} of its class; similarity ${example.similarity.toFixed(2)}</small
    >
  </li>`;
}

function look(shown: ItemLook | undefined, label: string): Html {
  if (shown === undefined) return html`<span class="gone">gone</span>`;
  return 'text' in shown
    ? html`<blockquote>${shown.text}</blockquote>`
    : html`<img src="${shown.picture}" alt="${label}" width="84" height="84" />`;
}

function confusionTable(confusions: readonly Confusion[]): Html {
  const rows = confusions.map(
    (each) =>
      html`<tr>
        <td>${each.label}</td>
        <td>${each.takenFor}</td>
        <td class="n" data-value="${each.count}">${each.count}</td>
        <td class="n" data-value="${each.share}">${percent(each.share, 0)}</td>
      </tr>`,
  );
  return html`<div class="scroll" tabindex="0" role="region" aria-label="All confusions">
    <table>
      <thead>
        <tr>
          ${heading('Class', 1)}${heading('Taken for', 1)}${heading('Times', -1, true)}${heading('Share of the class', -1, true)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

/** Every class with its measures, the worst first. */
export function classSection({ classes }: EvaluationReport): Html {
  const worst = classes.toSorted((a, b) => a.mapAtR - b.mapAtR || a.recallAt1 - b.recallAt1).slice(0, MOST_CLASSES);
  const rest =
    classes.length > worst.length
      ? ` The ${count(worst.length, 'worst', 'worst')} of ${classes.length} are shown.`
      : '';
  return html`<section id="classes">
    <h2>Class by class</h2>
    <p class="soft">The classes that the model knows least come first; press a heading to sort otherwise.${rest}</p>
    <div class="scroll" tabindex="0" role="region" aria-label="Classes">
      <table>
        <thead>
          <tr>
            ${heading('Class', 1)}${heading('Items', -1, true)}${heading('MAP@R', 1, true)}${heading('Recall@1', 1, true)}${heading('R-precision', 1, true)}${heading('Most often taken for', 1)}
          </tr>
        </thead>
        <tbody>
          ${worst.map(classRow)}
        </tbody>
      </table>
    </div>
  </section>`;
}

function classRow({ label, items, mapAtR, recallAt1, rPrecision, takenFor }: ClassMeasures): Html {
  const taken = takenFor === undefined ? '' : `${takenFor.label} (${takenFor.count})`;
  return html`<tr>
    <td>${label}</td>
    <td class="n" data-value="${items}">${items.toLocaleString('en-US')}</td>
    ${[mapAtR, recallAt1, rPrecision].map(
      (share) =>
        html`<td class="n" data-value="${share}">
          ${percent(share)}<span class="bar" aria-hidden="true"
            ><i style="width:${(100 * share).toFixed(0)}%"></i
          ></span>
        </td>`,
    )}
    <td>${taken}</td>
  </tr>`;
}

/** @param first 1 when the first press sorts upwards, -1 when downwards */
function heading(text: string, first: 1 | -1, isNumber = false): Html {
  return html`<th scope="col" class="${isNumber ? 'n' : ''}" data-first="${first}">
    <button type="button">${text}</button>
  </th>`;
}
