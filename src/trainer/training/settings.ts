import { KindredError } from '../../rpc/errors';
import type { HoldOut, SettingsProblem, TrainingSettings } from '../types/training';
import { CLASS_WEIGHTS, SAMPLINGS, SUPERVISIONS } from '../types/sampling';
import { lossConflicts } from '../losses/conflicts';
import { featureSize, TEXT_STRIDE } from '../models/featureSize';
import { supervisionConflicts } from './supervisionConflicts';
import { type Choice, CHOICES } from './choices';
import { GROUP, integer, isGroup, number, oneOf, optional, type Rule, type Rules, YES_OR_NO } from './rules';

export { DEFAULT_LOSSES } from './choices';

export const HOLD_OUTS = ['auto', 'class', 'item', 'split'] as const satisfies readonly HoldOut[];

/** The largest batch: its N x N distances and its pictures stay small beside the network's own memory. */
const LARGEST_BATCH = 1024;

const FIXED_FEATURES: ReadonlySet<string> = new Set(['descriptor', 'pixels']);
const isNamedFeatures = (value: string): boolean =>
  /^(run|vectors):/.test(value) && isRunName(value.slice(value.indexOf(':') + 1));

/** Where settings come from, for the messages. */
export interface SettingsSource {
  /** Absolute path of the file, when they come from one. */
  readonly file?: string;
}

const NAME: Rule = {
  allowed: 'empty, or up to 64 letters, digits, dots, dashes and underscores, the first a letter or digit',
  holds: (value) => typeof value === 'string' && (value === '' || isRunName(value)),
};

const FEATURES: Rule = {
  allowed: '"descriptor", "pixels", "run:<name>" with the name of a run, or "vectors:<name>" of imported vectors',
  holds: (value) => typeof value === 'string' && (FIXED_FEATURES.has(value) || isNamedFeatures(value)),
};

const PAIRS_FILE: Rule = {
  allowed: 'the path of a CSV, TSV or JSONL file in the dataset',
  holds: (value) => typeof value === 'string' && value.trim() !== '',
};

const COLUMN: Rule = {
  allowed: 'the name of a column of the dataset',
  holds: (value) => typeof value === 'string' && value !== '',
};

export const COLUMNS: Rule = {
  allowed: 'a list of 1 to 8 names of columns of the dataset, each once',
  holds: (value) =>
    Array.isArray(value) &&
    value.length >= 1 &&
    value.length <= 8 &&
    value.every(COLUMN.holds) &&
    new Set(value).size === value.length,
};

const TOP: Rules = {
  name: NAME,
  loss: GROUP,
  model: optional(GROUP),
  features: optional(FEATURES),
  supervision: optional(oneOf(SUPERVISIONS)),
  labelColumns: optional(COLUMNS),
  pairs: optional(PAIRS_FILE),
  sampling: optional(oneOf(SAMPLINGS)),
  superClass: optional(COLUMN),
  classWeights: optional(oneOf(CLASS_WEIGHTS)),
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
  earlyStop: optional(integer(0, 1000)),
  holdOut: oneOf(HOLD_OUTS),
  holdOutFraction: number(0.01, 0.9),
  seed: integer(0, Number.MAX_SAFE_INTEGER),
};
const BATCH: Rules = {
  classes: integer(2, LARGEST_BATCH / 2),
  perClass: integer(2, LARGEST_BATCH / 2),
  superClasses: optional(integer(1, LARGEST_BATCH / 2)),
};
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
  dropWords: optional(number(0, 0.9)),
};
const PART: Rules = { weight: number(0, 1e6), loss: GROUP };
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
  const first = findProblems(value).at(0);
  if (first !== undefined) throw asError(first, source);
  return value as TrainingSettings;
}

/** Everything that is wrong with settings, in the order of a person's reading; none when they can be trained with. */
export function settingsProblems(value: unknown): SettingsProblem[] {
  return findProblems(value).map(({ key, says, remedy }) => ({
    key,
    message: `${key === '' ? 'It' : `"${key}"`} ${says}.`,
    remedy: remedy ?? 'Change it, or leave it out to let Kindred choose.',
  }));
}

/** `key` with dots; `says` completes the setting's name to a sentence without its full stop. */
interface Problem {
  readonly key: string;
  readonly says: string;
  readonly remedy?: string;
}

function findProblems(value: unknown): Problem[] {
  if (!isGroup(value)) return [refusal('', value, GROUP)];
  const found = groupProblems(value, TOP, '');
  const groups: [string, (group: Record<string, unknown>, prefix: string) => Problem[]][] = [
    ['batch', (group, prefix) => groupProblems(group, BATCH, prefix)],
    ['augmentation', (group, prefix) => groupProblems(group, AUGMENTATION, prefix)],
    ['budget', (group, prefix) => groupProblems(group, 'minutes' in group ? MINUTES : STEPS, prefix)],
    ...Object.entries(CHOICES).map(([name, choice]): (typeof groups)[number] => [
      name,
      (group, prefix) => choiceProblems(group, choice, prefix),
    ]),
  ];
  for (const [name, check] of groups) {
    const group = value[name];
    if (isGroup(group)) found.push(...check(group, `${name}.`));
  }
  // What depends on each other can be told only of values that are sound by themselves.
  return found.length > 0 ? found : problemsTogether(value as unknown as TrainingSettings);
}

function choiceProblems(group: Record<string, unknown>, { kinds, rules }: Choice, prefix: string): Problem[] {
  const kind = oneOf(kinds);
  if (!kind.holds(group['kind'])) return [refusal(`${prefix}kind`, group['kind'], kind)];
  const found = groupProblems(group, { kind, ...rules[group['kind'] as string] }, prefix);
  return group['kind'] === 'sum' ? [...found, ...partProblems(group['parts'], prefix)] : found;
}

/** Of the losses of a sum, none of which is a sum itself. */
function partProblems(parts: unknown, prefix: string): Problem[] {
  if (!Array.isArray(parts)) return [];
  const single: Choice = { ...CHOICES.loss, kinds: CHOICES.loss.kinds.filter((kind) => kind !== 'sum') };
  return parts.filter(isGroup).flatMap((part, place) => {
    const at = `${prefix}parts.${place}.`;
    const { loss } = part;
    return [...groupProblems(part, PART, at), ...(isGroup(loss) ? choiceProblems(loss, single, `${at}loss.`) : [])];
  });
}

/** What settings may be only depends on each other here. */
function problemsTogether(settings: TrainingSettings): Problem[] {
  const { features, batch, loss, model, imageSize, embeddingSize } = settings;
  const found: Problem[] = [];
  const refuse = (key: string, value: unknown, allowed: string): unknown =>
    found.push(refusal(key, value, { allowed, holds: () => false }));
  if (batch.classes * batch.perClass > LARGEST_BATCH) {
    refuse('batch', batch, `such that classes times perClass is at most ${LARGEST_BATCH}`);
  }
  const conflicts = [...lossConflicts(loss, batch), ...supervisionConflicts(settings)];
  for (const { key, value, allowed } of conflicts) refuse(key, value, allowed);
  if (features !== undefined && model !== undefined && model.kind !== 'linear' && model.kind !== 'mlp') {
    refuse('model.kind', model.kind, '"linear" or "mlp" on features');
  }
  if (features === undefined && model?.kind === 'linear' && model.method !== 'gradient') {
    refuse('model.method', model.method, '"gradient" where features are not set');
  }
  const size = model && featureSize(model);
  if (size !== undefined && size !== embeddingSize) {
    refuse('embeddingSize', embeddingSize, `${size}, the features of this network, where model.head is "none"`);
  }
  if (model?.kind === 'text-convnet' && model.length % TEXT_STRIDE !== 0) {
    refuse('model.length', model.length, `a length that can be divided by ${TEXT_STRIDE}`);
  }
  if (model?.kind !== 'vit') return found;
  if (imageSize % model.patch !== 0) {
    refuse('model.patch', model.patch, `a length by which imageSize, ${imageSize}, can be divided`);
  }
  if (model.width % model.heads !== 0) {
    refuse('model.heads', model.heads, `a number by which model.width, ${model.width}, can be divided`);
  }
  return found;
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
  if (isGroup(merged['loss'])) merged['loss'] = withPartDefaults(merged['loss']);
  return merged;
}

/** The losses of a sum with the defaults of their kinds. */
function withPartDefaults(loss: Record<string, unknown>): Record<string, unknown> {
  const { parts } = loss;
  if (!Array.isArray(parts)) return loss;
  const filled = parts.map((part: unknown) =>
    isGroup(part) && isGroup(part['loss'])
      ? { weight: 1, ...part, loss: { ...choiceBase(undefined, part['loss']['kind'], CHOICES.loss), ...part['loss'] } }
      : part,
  );
  return { ...loss, parts: filled };
}

/** What a choice begins from: what is there, when it is of that kind; otherwise the defaults of the kind. */
function choiceBase(base: { readonly kind: string } | undefined, kind: unknown, choice: Choice): object | undefined {
  const { defaults, kinds, unsaid } = choice;
  const known = base ?? (unsaid === undefined ? undefined : defaults[unsaid]);
  if (kind === undefined || kind === known?.kind || !oneOf(kinds).holds(kind)) return known;
  return defaults[kind as string];
}

function groupProblems(values: Record<string, unknown>, rules: Rules, prefix: string): Problem[] {
  const found: Problem[] = [];
  for (const key of Object.keys(values)) {
    if (Object.hasOwn(rules, key)) continue;
    const remedy = `Remove it, or choose one of ${Object.keys(rules).join(', ')}.`;
    found.push({ key: prefix + key, says: 'is not a setting', remedy });
  }
  for (const [key, rule] of Object.entries(rules)) {
    if (!rule.holds(values[key])) found.push(refusal(prefix + key, values[key], rule));
  }
  return found;
}

function refusal(key: string, value: unknown, rule: Rule): Problem {
  const shown = value === undefined ? 'missing' : typeof value === 'number' ? String(value) : JSON.stringify(value);
  return { key, says: `is ${shown}; it must be ${rule.allowed}` };
}

function nameOf({ file }: SettingsSource, key: string): string {
  if (file === undefined) return key === '' ? 'The settings of the training' : `The setting "${key}" of the training`;
  return `${file}: "training${key === '' ? '' : '.'}${key}"`;
}

function asError({ key, says, remedy }: Problem, source: SettingsSource): KindredError {
  const message = `${nameOf(source, key)} ${says}.`;
  if (source.file === undefined) {
    return new KindredError('invalid-argument', message, { remedy: remedy ?? 'Change this setting.' });
  }
  return new KindredError('bad-input', message, {
    remedy: remedy ?? 'Change it in the file, or remove it to let Kindred choose.',
    path: source.file,
  });
}
