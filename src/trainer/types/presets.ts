import type { TrainingSettings } from './training';

export const PRESETS = [
  'quick-look',
  'network',
  'best-quality',
  'unlabelled',
  'few-samples',
  'verification',
  'frozen-features',
] as const;
export type PresetName = (typeof PRESETS)[number];

/** `auto` is the one that suits the dataset. */
export type PresetWish = PresetName | 'auto';

type Partly<T> = { readonly [K in keyof T]?: T[K] extends object ? Partial<T[K]> : T[K] };

/** A purpose, with what it sets; everything else is chosen from the dataset. */
export interface Preset {
  readonly name: PresetName;
  readonly title: string;
  /** One line: for what it is, and what it costs. */
  readonly description: string;
  readonly settings: Partly<TrainingSettings>;
}
