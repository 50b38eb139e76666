import { KindredError } from '../../rpc/errors';
import type { HoldOut, LossKind, LossSettings, TrainingSettings } from '../types/training';
import { LOSSES, TRIPLET_MINERS } from '../types/training';

/** Parameters of each loss when nothing else is said. */
export const DEFAULT_LOSSES: { readonly [K in LossKind]: Extract<LossSettings, { kind: K }> } = {
  contrastive: { kind: 'contrastive', positiveMargin: 0, negativeMargin: 1 },
  triplet: { kind: 'triplet', margin: 0.05, miner: 'semi-hard' },
  'nt-xent': { kind: 'nt-xent', temperature: 0.07 },
};

export const HOLD_OUTS = ['auto', 'class', 'item', 'split'] as const satisfies readonly HoldOut[];

/** The largest batch: its N x N distances and its pictures stay small beside the network's own memory. */
const LARGEST_BATCH = 1024;

/** Where settings come from, for the messages. */
export interface SettingsSource {
  /** Absolute path of the file, when they come from one. */
  readonly file?: string;
}

/** What one setting may be: a test and its words, as they complete "must be ...". */
interface Rule {
  readonly allowed: string;
  readonly holds: (value: unknown) => boolean;
}

type Rules = Readonly<Record<string, Rule>>;

function number(lowest: number, highest: number): Rule {
  return {
    allowed: `a number from ${lowest} to ${highest}`,
    holds: (value) => typeof value === 'number' && value >= lowest && value <= highest,
  };
}

function integer(lowest: number, highest: number): Rule {
  return {
    allowed: `a whole number from ${lowest} to ${highest}`,
    holds: (value) => Number.isSafeInteger(value) && (value as number) >= lowest && (value as number) <= highest,
  };
}

function oneOf(values: readonly string[]): Rule {
  return {
    allowed: `one of ${values.map((value) => `"${value}"`).join(', ')}`,
    holds: (value) => typeof value === 'string' && values.includes(value),
  };
}

function optional({ allowed, holds }: Rule): Rule {
  return { allowed, holds: (value) => value === undefined || holds(value) };
}

const YES_OR_NO: Rule = { allowed: 'true or false', holds: (value) => typeof value === 'boolean' };
const GROUP: Rule = { allowed: 'a group of settings in braces', holds: isGroup };
const NAME: Rule = {
  allowed: 'empty, or up to 64 letters, digits, dots, dashes and underscores, the first a letter or digit',
  holds: (value) => typeof value === 'string' && (value === '' || isRunName(value)),
};

const TOP: Rules = {
  name: NAME,
  loss: GROUP,
  embeddingSize: integer(1, 4096),
  imageSize: integer(16, 256),
  batch: GROUP,
  learningRate: number(1e-7, 1),
  weightDecay: number(0, 1),
  budget: GROUP,
  augmentation: GROUP,
  holdOut: oneOf(HOLD_OUTS),
  holdOutFraction: number(0.01, 0.9),
  seed: integer(0, Number.MAX_SAFE_INTEGER),
};
const BATCH: Rules = { classes: integer(2, LARGEST_BATCH / 2), perClass: integer(2, LARGEST_BATCH / 2) };
const AUGMENTATION: Rules = {
  crop: number(0.05, 1),
  flip: YES_OR_NO,
  colour: number(0, 1),
  grey: number(0, 1),
  hue: optional(number(0, 0.5)),
  rotate: optional(number(0, 180)),
  scale: optional(number(0, 1)),
  blur: optional(number(0, 1)),
  erase: optional(number(0, 1)),
};
const KIND: Rules = { kind: oneOf(LOSSES) };
const LOSS: Readonly<Record<LossKind, Rules>> = {
  contrastive: { ...KIND, positiveMargin: number(0, 2), negativeMargin: number(0, 2) },
  triplet: { ...KIND, margin: number(0, 2), miner: oneOf(TRIPLET_MINERS) },
  'nt-xent': { ...KIND, temperature: number(0.001, 10) },
};
const STEPS: Rules = { steps: integer(1, 10_000_000) };
const MINUTES: Rules = { minutes: number(0.01, 10_080) };

/** Whether a text can name a run: it becomes a folder on every system. */
export function isRunName(name: string): boolean {
  return (
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name) &&
    !/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(name) &&
    !name.endsWith('.')
  );
}

/**
 * The settings when each has a value it may have, whoever sent them.
 * @throws KindredError `invalid-argument`, or `bad-input` for a file: names the setting, its value and what it may be.
 */
export function checkSettings(value: unknown, source: SettingsSource = {}): TrainingSettings {
  if (!isGroup(value)) throw refusal(source, '', value, GROUP);
  checkGroup(value, TOP, '', source);
  checkGroup(value['batch'], BATCH, 'batch.', source);
  checkGroup(value['augmentation'], AUGMENTATION, 'augmentation.', source);
  const budget = value['budget'] as Record<string, unknown>;
  checkGroup(budget, 'minutes' in budget ? MINUTES : STEPS, 'budget.', source);
  const loss = value['loss'] as Record<string, unknown>;
  if (!KIND['kind'].holds(loss['kind'])) throw refusal(source, 'loss.kind', loss['kind'], KIND['kind']);
  checkGroup(loss, LOSS[loss['kind'] as LossKind], 'loss.', source);
  const settings = value as unknown as TrainingSettings;
  const size = settings.batch.classes * settings.batch.perClass;
  if (size > LARGEST_BATCH) {
    const rule = { allowed: `such that classes times perClass is at most ${LARGEST_BATCH}`, holds: () => false };
    throw refusal(source, 'batch', settings.batch, rule);
  }
  return settings;
}

/**
 * `base` with what `partial` says instead. A group is merged setting by setting, but another loss brings its own defaults and
 * a budget is taken whole. The result is not checked.
 */
export function overrideSettings(base: TrainingSettings, partial: Record<string, unknown>): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...base, ...partial };
  for (const group of ['batch', 'augmentation'] as const) {
    const value = partial[group];
    if (isGroup(value)) merged[group] = { ...base[group], ...value };
  }
  const loss = partial['loss'];
  if (isGroup(loss)) merged['loss'] = { ...lossBase(base.loss, loss['kind']), ...loss };
  return merged;
}

function lossBase(base: LossSettings, kind: unknown): LossSettings {
  if (kind === undefined || kind === base.kind || !KIND['kind'].holds(kind)) return base;
  return DEFAULT_LOSSES[kind as LossKind];
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function checkGroup(group: unknown, rules: Rules, prefix: string, source: SettingsSource): void {
  const values = group as Record<string, unknown>;
  for (const key of Object.keys(values)) {
    if (Object.hasOwn(rules, key)) continue;
    throw problem(
      source,
      `${nameOf(source, prefix + key)} is not a setting.`,
      `Remove it, or choose one of ${Object.keys(rules).join(', ')}.`,
    );
  }
  for (const [key, rule] of Object.entries(rules)) {
    if (!rule.holds(values[key])) throw refusal(source, prefix + key, values[key], rule);
  }
}

function refusal(source: SettingsSource, key: string, value: unknown, rule: Rule): KindredError {
  const shown = value === undefined ? 'missing' : typeof value === 'number' ? String(value) : JSON.stringify(value);
  return problem(
    source,
    `${nameOf(source, key)} is ${shown}; it must be ${rule.allowed}.`,
    source.file === undefined ? 'Change this setting.' : 'Change it in the file, or remove it to let Kindred choose.',
  );
}

function nameOf({ file }: SettingsSource, key: string): string {
  if (file === undefined) return key === '' ? 'The settings of the training' : `The setting "${key}" of the training`;
  return `${file}: "training${key === '' ? '' : '.'}${key}"`;
}

function problem({ file }: SettingsSource, message: string, remedy: string): KindredError {
  if (file === undefined) return new KindredError('invalid-argument', message, { remedy });
  return new KindredError('bad-input', message, { remedy, path: file });
}
