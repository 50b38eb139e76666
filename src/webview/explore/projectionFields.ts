import type { ProjectionSettings } from '../../trainer/protocol';

export type ProjectionKind = ProjectionSettings['kind'];

/** A number that the person can set. */
export interface NumberSetting {
  readonly name: 'neighbours' | 'minDist' | 'spread' | 'perplexity' | 'density' | 'supervision' | 'seed';
  readonly label: string;
  readonly help: string;
  readonly from: number;
  readonly to: number;
  readonly whole: boolean;
  /** Kinds of map that it means something to. */
  readonly kinds: readonly ProjectionKind[];
}

/** What a newcomer may want to change. */
export const ESSENTIALS: readonly NumberSetting[] = [
  {
    name: 'neighbours',
    label: 'Neighbours',
    help: 'How many similar items hold each point. Few: fine detail. Many: the large picture.',
    from: 2,
    to: 200,
    whole: true,
    kinds: ['umap'],
  },
  {
    name: 'minDist',
    label: 'Minimum distance',
    help: 'How tightly points may pack. Small: tight islands. Large: an even spread.',
    from: 0,
    to: 10,
    whole: false,
    kinds: ['umap'],
  },
  {
    name: 'perplexity',
    label: 'Perplexity',
    help: 'About how many similar items each point looks at. Small: many little islands. Large: fewer and wider.',
    from: 2,
    to: 200,
    whole: false,
    kinds: ['tsne'],
  },
];

/** The rest, folded away under "More". */
export const SPREAD: NumberSetting = {
  name: 'spread',
  label: 'Spread',
  help: 'How far apart islands may lie. Raise it together with the minimum distance for a looser map.',
  from: 0.1,
  to: 10,
  whole: false,
  kinds: ['umap'],
};
export const DENSITY: NumberSetting = {
  name: 'density',
  label: 'Densities',
  help: 'Above 0, groups whose items are more alike lie denser (densMAP; try 2). At 0 all groups lie about as dense.',
  from: 0,
  to: 10,
  whole: false,
  kinds: ['umap'],
};
export const SUPERVISION: NumberSetting = {
  name: 'supervision',
  label: 'Pull of the labels',
  help: 'Above 0, equal labels pull together, up to 1. Such a map shows the labels more than what the model sees.',
  from: 0,
  to: 1,
  whole: false,
  kinds: ['umap'],
};
export const SEED: NumberSetting = {
  name: 'seed',
  label: 'Seed',
  help: 'Another number arranges the same data in another way; the same number repeats the map.',
  from: 0,
  to: 2 ** 31 - 1,
  whole: true,
  kinds: ['umap', 'tsne'],
};

/** What holds where a setting does not say. */
export const USUAL = {
  neighbours: 15,
  minDist: 0.1,
  spread: 1,
  density: 0,
  supervision: 0,
  perplexity: 30,
  metric: 'cosine',
  seed: 42,
} as const;

/** The number that was written, or what is wrong with it. */
export function readNumber({ from, to, whole }: NumberSetting, text: string): number | string {
  const value = Number(text);
  const fits = text.trim() !== '' && value >= from && value <= to;
  if (fits && (!whole || Number.isInteger(value))) return value;
  return whole && fits ? 'A whole number, please.' : `A number from ${from} to ${to}.`;
}
