import type { CategoryColumn, Estimate, ItemMeasure, ProjectionQuality } from '../../trainer/protocol';
import { formatCount, formatShare, h, type Choice } from '../shell';

/** Least value of each class of items, the best class first. */
interface Classes {
  readonly title: string;
  readonly choice: string;
  readonly classes: readonly (readonly [least: number, name: string])[];
}

/** Trustworthiness is near 1 on all but the worst maps, so its classes are narrow at the top. */
const CLASSES: Partial<Record<ItemMeasure, Classes>> = {
  trustworthiness: {
    title: 'Neighbours on the map: true?',
    choice: 'Map quality: neighbours true',
    classes: [
      [0.98, 'Almost all true'],
      [0.93, 'Mostly true'],
      [0.85, 'Partly true'],
      [0.7, 'Often false'],
      [-Infinity, 'Mostly false'],
    ],
  },
  preservation: {
    title: 'True neighbours: kept?',
    choice: 'Map quality: neighbours kept',
    classes: [
      [0.8, 'Almost all kept'],
      [0.6, 'Most kept'],
      [0.4, 'About half kept'],
      [0.2, 'Few kept'],
      [-Infinity, 'Hardly any kept'],
    ],
  },
};

/** From good to bad: blue over grey to orange and red, which differ in lightness too. */
const DARK = ['#3f8fd2', '#7fb8d8', '#c9c9b8', '#f0a830', '#e8534a'];
const LIGHT = ['#0b5394', '#4a90b8', '#8a8a7a', '#c26a00', '#b3201a'];

const PREFIX = 'quality:';

/** The ways to colour a map by its quality. */
export const QUALITY_CHOICES: readonly Choice[] = Object.entries(CLASSES).map(([measure, { choice }]) => ({
  value: `${PREFIX}${measure}`,
  label: choice,
}));

/** The measure that is coloured by, when it is one of quality. */
export function qualityMeasure(colourBy: string): ItemMeasure | undefined {
  return QUALITY_CHOICES.some(({ value }) => value === colourBy)
    ? (colourBy.slice(PREFIX.length) as ItemMeasure)
    : undefined;
}

/** Items by how good their neighbourhoods are, in words. */
export function qualityColumn({ perItem }: ProjectionQuality, measure: ItemMeasure): CategoryColumn {
  const { title, classes } = CLASSES[measure]!;
  const codes = Int32Array.from(perItem[measure], (value) => classes.findIndex(([least]) => value >= least));
  return { name: title, categories: classes.map(([, name]) => name), codes };
}

export function qualityColours(dark: boolean): readonly string[] {
  return dark ? DARK : LIGHT;
}

/** The figures of the whole map and what they mean, for someone who has never heard of them; none when another thing is coloured by. */
export function qualityNote(quality: ProjectionQuality | undefined, colourBy: string): HTMLElement | undefined {
  if (!quality || qualityMeasure(colourBy) === undefined) return undefined;
  const { k, items, anchors, trustworthiness, continuity, preservation, rnxAuc, spearman } = quality;
  const exact = anchors === items;
  const rows: [name: string, value: string, meaning: string][] = [
    ['Trustworthiness', estimate(trustworthiness), 'Are items that lie side by side really similar? 1 is always.'],
    ['Continuity', estimate(continuity), 'Do similar items still lie side by side? 1 is always.'],
    ['Kept', formatShare(preservation.value), `Of the ${k} most similar items, how many are the ${k} nearest here.`],
    ['All sizes', rnxAuc.toFixed(2), 'The same for neighbourhoods of every size: 0 is chance, 1 is perfect (R_NX).'],
    ['Distances', spearman.toFixed(2), 'Do far items lie far apart? 1 is always, 0 is chance (Spearman).'],
  ];
  return h(
    'div',
    { class: 'quality-note' },
    h(
      'dl',
      {},
      ...rows.flatMap(([name, value, meaning]) => [
        h('dt', { attributes: { title: meaning } }, name),
        h('dd', {}, value),
        h('dd', { class: 'muted quality-meaning' }, meaning),
      ]),
    ),
    h(
      'p',
      { class: 'muted' },
      exact
        ? 'Measured on all items.'
        : `Measured on ${formatCount(anchors)} of ${formatCount(items)} items; ± is for that.`,
    ),
  );
}

function estimate({ value, low, high }: Estimate): string {
  const half = (high - low) / 2;
  return half > 0.0005 ? `${value.toFixed(3)} ± ${half.toFixed(3)}` : value.toFixed(3);
}
