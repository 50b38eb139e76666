import { KindredError } from '../../rpc/errors';
import type { HoldOut, TrainingSettings } from '../types/training';
import { type Choice, CHOICES } from './choices';
import { GROUP, integer, isGroup, number, oneOf, optional, type Rule, type Rules, YES_OR_NO } from './rules';

export { DEFAULT_LOSSES } from './choices';

export const HOLD_OUTS = ['auto', 'class', 'item', 'split'] as const satisfies readonly HoldOut[];

/** The largest batch: its N x N distances and its pictures stay small beside the network's own memory. */
const LARGEST_BATCH = 1024;

/** Where settings come from, for the messages. */
export interface SettingsSource {
  /** Absolute path of the file, when they come from one. */
  readonly file?: string;
}

const NAME: Rule = {
  allowed: 'empty, or up to 64 letters, digits, dots, dashes and underscores, the first a letter or digit',
  holds: (value) => typeof value === 'string' && (value === '' || isRunName(value)),
};

const TOP: Rules = {
  name: NAME,
  loss: GROUP,
  model: optional(GROUP),
  embeddingSize: integer(1, 4096),
  imageSize: integer(16, 256),
  batch: GROUP,
  learningRate: number(1e-7, 1),
  weightDecay: number(0, 1),
  optimiser: optional(GROUP),
  schedule: optional(GROUP),
  clipNorm: optional(number(0, 1e6)),
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
  for (const [name, choice] of Object.entries(CHOICES)) checkChoice(value[name], choice, name, source);
  const settings = value as unknown as TrainingSettings;
  checkTogether(settings, source);
  return settings;
}

function checkChoice(value: unknown, { kinds, rules }: Choice, name: string, source: SettingsSource): void {
  if (value === undefined) return;
  const group = value as Record<string, unknown>;
  const kind = oneOf(kinds);
  if (!kind.holds(group['kind'])) throw refusal(source, `${name}.kind`, group['kind'], kind);
  checkGroup(group, { kind, ...rules[group['kind'] as string] }, `${name}.`, source);
}

/** What settings may be only depends on each other here. */
function checkTogether({ batch, model, imageSize }: TrainingSettings, source: SettingsSource): void {
  const refuse = (key: string, value: unknown, allowed: string): KindredError =>
    refusal(source, key, value, { allowed, holds: () => false });
  if (batch.classes * batch.perClass > LARGEST_BATCH) {
    throw refuse('batch', batch, `such that classes times perClass is at most ${LARGEST_BATCH}`);
  }
  if (model?.kind !== 'vit') return;
  if (imageSize % model.patch !== 0) {
    throw refuse('model.patch', model.patch, `a length by which imageSize, ${imageSize}, can be divided`);
  }
  if (model.width % model.heads !== 0) {
    throw refuse('model.heads', model.heads, `a number by which model.width, ${model.width}, can be divided`);
  }
}

/**
 * `base` with what `partial` says instead. A group is merged setting by setting, but another kind of loss, model, optimiser or
 * schedule brings its own defaults, and a budget is taken whole. The result is not checked.
 */
export function overrideSettings(base: TrainingSettings, partial: Record<string, unknown>): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...base, ...partial };
  for (const group of ['batch', 'augmentation'] as const) {
    const value = partial[group];
    if (isGroup(value)) merged[group] = { ...base[group], ...value };
  }
  for (const [name, choice] of Object.entries(CHOICES)) {
    const value = partial[name];
    if (isGroup(value))
      merged[name] = { ...choiceBase(base[name as keyof typeof CHOICES], value['kind'], choice), ...value };
  }
  return merged;
}

/** What a choice begins from: what is there, when it is of that kind; otherwise the defaults of the kind. */
function choiceBase(base: { readonly kind: string } | undefined, kind: unknown, choice: Choice): object | undefined {
  const { defaults, kinds, unsaid } = choice;
  const known = base ?? (unsaid === undefined ? undefined : defaults[unsaid]);
  if (kind === undefined || kind === known?.kind || !oneOf(kinds).holds(kind)) return known;
  return defaults[kind as string];
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
