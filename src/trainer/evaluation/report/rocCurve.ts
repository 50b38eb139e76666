import type { EvaluationRow } from '../../types/evaluation';
import { html, type Html } from './html';
import { colourOf } from './measuresTable';
import { modelName, percent } from './words';

const LEFT = 52;
const TOP = 12;
const WIDTH = 440;
const HEIGHT = 320;

/** True-match rate over the false-match rate, which is drawn by its powers of ten, as the small ones matter. */
export function rocCurve(rows: readonly EvaluationRow[]): Html {
  const different = Math.max(1, ...rows.map(({ verification }) => verification?.pairs.different ?? 1));
  const decades = Math.min(5, Math.max(1, Math.floor(Math.log10(different))));
  const x = (rate: number): number => LEFT + WIDTH * Math.max(0, 1 + Math.log10(Math.max(rate, 1e-12)) / decades);
  const y = (rate: number): number => TOP + HEIGHT * (1 - rate);
  const curves = rows.map(({ verification, model }, i) =>
    verification === undefined
      ? html``
      : html`<path class="curve ${colourOf(i, rows.length)}" d="${pathOf(verification.roc, x, y)}"
          ><title>${modelName(model)}</title></path
        >`,
  );
  const chance = Array.from({ length: 41 }, (_, i) => 10 ** (decades * (i / 40 - 1)));
  const chancePath = chance.map((rate, i) => `${i === 0 ? 'M' : 'L'}${place(x(rate), y(rate))}`).join('');
  const says = rows.map(
    ({ model, verification }) => `${modelName(model)}: ROC-AUC ${percent(verification?.rocAuc ?? 0)}`,
  );
  return html`<svg
      viewBox="0 0 ${LEFT + WIDTH + 24} ${TOP + HEIGHT + 48}"
      role="img"
      aria-label="ROC curve. ${says.join('; ')}"
    >
      ${grid(decades, x, y)}
      <path class="chance" d="${chancePath}" />
      ${curves}${chosenPoint(rows.at(-1), x, y)}
      <text x="${LEFT + WIDTH / 2}" y="${TOP + HEIGHT + 42}" text-anchor="middle">
        taken for the same wrongly (FAR)
      </text>
      <text transform="translate(12 ${TOP + HEIGHT / 2}) rotate(-90)" text-anchor="middle">recognised (TAR)</text></svg
    >${legend(rows)}`;
}

function grid(decades: number, x: (rate: number) => number, y: (rate: number) => number): Html {
  const across = [0, 0.25, 0.5, 0.75, 1].map(
    (rate) =>
      html`<line class="grid" x1="${LEFT}" x2="${LEFT + WIDTH}" y1="${y(rate)}" y2="${y(rate)}" /><text
          x="${LEFT - 8}"
          y="${y(rate) + 4}"
          text-anchor="end"
          >${percent(rate, 0)}</text
        >`,
  );
  const along = Array.from({ length: decades + 1 }, (_, i) => 10 ** (i - decades)).map((rate) => {
    const at = x(rate).toFixed(1);
    return html`<line class="grid" x1="${at}" x2="${at}" y1="${TOP}" y2="${TOP + HEIGHT}" /><text
        x="${at}"
        y="${TOP + HEIGHT + 20}"
        text-anchor="middle"
        >${percent(rate, Math.max(0, Math.round(-Math.log10(rate)) - 2))}</text
      >`;
  });
  return html`${across}${along}<rect
      class="axis"
      x="${LEFT}"
      y="${TOP}"
      width="${WIDTH}"
      height="${HEIGHT}"
      fill="none"
    />`;
}

/** Where the calibrated threshold puts the model. */
function chosenPoint(row: EvaluationRow | undefined, x: (rate: number) => number, y: (rate: number) => number): Html {
  const point = row?.verification?.calibrated;
  if (point === undefined) return html``;
  const at = { x: x(point.falseMatchRate).toFixed(1), y: y(point.trueMatchRate).toFixed(1) };
  return html`<g class="cm"
    ><circle cx="${at.x}" cy="${at.y}" r="6" fill="var(--card)" stroke="currentColor" stroke-width="3"
  /></g>`;
}

function pathOf(
  roc: readonly { readonly falseMatchRate: number; readonly trueMatchRate: number }[],
  x: (rate: number) => number,
  y: (rate: number) => number,
): string {
  // What lies left of the axis is drawn at its edge, the last of it only.
  const first = Math.max(
    0,
    roc.findLastIndex(({ falseMatchRate }) => x(falseMatchRate) <= LEFT),
  );
  let path = '';
  roc.slice(first).forEach(({ falseMatchRate, trueMatchRate }, i, kept) => {
    // A step: until the next false match, the rate of true matches is known only at the point itself.
    if (i > 0) path += `L${place(x(falseMatchRate), y(kept[i - 1].trueMatchRate))}`;
    path += `${i === 0 ? 'M' : 'L'}${place(x(falseMatchRate), y(trueMatchRate))}`;
  });
  return path;
}

function place(x: number, y: number): string {
  return `${x.toFixed(1)} ${y.toFixed(1)}`;
}

function legend(rows: readonly EvaluationRow[]): Html {
  return html`<ul class="legend">
    ${rows.map(
      ({ model }, i) =>
        html`<li class="${colourOf(i, rows.length)}"><span class="key"></span><span>${modelName(model)}</span></li>`,
    )}
    <li class="soft">○ the calibrated threshold</li>
    <li class="soft">┄ guessing</li>
  </ul>`;
}
