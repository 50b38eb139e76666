/**
 * The form's fields, read from the schema of kindred.json: the same names, helps and limits as the editor shows in the file, so that
 * a setting that the schema has is in the form too.
 */
import schema from '../../../media/kindred.schema.json';

/** The little of JSON Schema that the settings use. */
interface Schema {
  readonly $ref?: string;
  readonly description?: string;
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly enumDescriptions?: readonly string[];
  readonly const?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
}

interface FieldBase {
  /** In the settings, with dots. */
  readonly key: string;
  readonly label: string;
  readonly help: string;
}

export type Field =
  | (FieldBase & { readonly kind: 'number'; readonly default: number | undefined })
  /** `emptyIsUnsaid`: nothing typed is no setting, where it is not a text by itself. */
  | (FieldBase & { readonly kind: 'text'; readonly emptyIsUnsaid: boolean })
  /** The name of an embedding, of which those that there are are offered. */
  | (FieldBase & { readonly kind: 'embedding' })
  /** The name of a column of the dataset. */
  | (FieldBase & { readonly kind: 'column' })
  /** Names of columns of the dataset. */
  | (FieldBase & { readonly kind: 'columns' })
  | (FieldBase & { readonly kind: 'flag' })
  | (FieldBase & { readonly kind: 'choice'; readonly values: readonly NamedHelp[] })
  /** A group whose `kind` says which settings it has. */
  | (FieldBase & { readonly kind: 'variants'; readonly variants: readonly Variant[] })
  | (FieldBase & { readonly kind: 'group'; readonly fields: readonly Field[] })
  /** Losses, each with its weight. */
  | (FieldBase & { readonly kind: 'parts'; readonly variants: readonly Variant[] })
  /** Steps or minutes. */
  | (FieldBase & { readonly kind: 'budget' })
  /** Has a form that only the file can give; its value is kept as it is. */
  | (FieldBase & { readonly kind: 'other' });

export interface NamedHelp {
  readonly value: string;
  readonly label: string;
  readonly help: string;
}

export interface Variant extends NamedHelp {
  readonly fields: readonly Field[];
  /** What a group of this kind begins with. */
  readonly start: Readonly<Record<string, unknown>>;
}

const root = schema as unknown as { readonly definitions: Readonly<Record<string, Schema>> };

/** All settings of a training, in the order of the schema. A preset is none: it is what they begin with. */
export function trainingFields(): Field[] {
  return fieldsOf(root.definitions['training'], '').filter(({ key }) => key !== 'preset');
}

/** What a training may begin with, each with its purpose. */
export function presetChoices(): readonly NamedHelp[] {
  const { enum: values = [], enumDescriptions } = root.definitions['training'].properties?.['preset'] ?? {};
  return choices(values, enumDescriptions);
}

function fieldsOf({ properties = {} }: Schema, prefix: string): Field[] {
  return Object.entries(properties)
    .filter(([name]) => name !== 'kind')
    .map(([name, property]) => fieldOf(`${prefix}${name}`, name, resolve(property)));
}

function fieldOf(key: string, name: string, own: Schema): Field {
  const base: FieldBase = { key, label: LABELS[key] ?? words(name), help: own.description ?? '' };
  if (key === 'budget') return { ...base, kind: 'budget' };
  if (key === 'superClass') return { ...base, kind: 'column' };
  if (key === 'labelColumns') return { ...base, kind: 'columns' };
  if (key === 'features') return { ...base, kind: 'embedding' };
  if (own.enum) return { ...base, kind: 'choice', values: choices(own.enum, own.enumDescriptions, key) };
  if (own.type === 'number' || own.type === 'integer') {
    return { ...base, kind: 'number', default: typeof own.default === 'number' ? own.default : undefined };
  }
  if (own.type === 'boolean') return { ...base, kind: 'flag' };
  if (own.type === 'string') {
    return { ...base, kind: 'text', emptyIsUnsaid: own.pattern === undefined || !new RegExp(own.pattern).test('') };
  }
  if (key === 'loss.parts') {
    const losses = (own.items?.properties?.['loss']?.anyOf ?? []).map(resolve);
    return { ...base, kind: 'parts', variants: losses.map((loss) => variantOf(key, loss)) };
  }
  const variants = (own.anyOf ?? []).map(resolve);
  // A name, or a group with numbers of one's own, which only the file can give.
  const names = variants.at(0);
  if (names?.enum) return { ...base, kind: 'choice', values: choices(names.enum, names.enumDescriptions) };
  if (variants.length > 0 && variants.every(({ properties }) => properties?.['kind']?.const !== undefined)) {
    return { ...base, kind: 'variants', variants: variants.map((variant) => variantOf(key, variant)) };
  }
  if (own.properties) return { ...base, kind: 'group', fields: fieldsOf(own, `${key}.`) };
  return { ...base, kind: 'other' };
}

function variantOf(key: string, own: Schema): Variant {
  const { properties = {}, description = '' } = own;
  const value = properties['kind'].const!;
  const defaults = Object.entries(properties).flatMap(([name, property]) => {
    const start = resolve(property).default;
    return start === undefined ? [] : [[name, start] as const];
  });
  return {
    value,
    label: KINDS[value] ?? words(value),
    help: description,
    fields: fieldsOf(own, `${key}.`),
    start: { kind: value, ...Object.fromEntries(defaults) },
  };
}

function choices(values: readonly string[], helps: readonly string[] = [], key = ''): NamedHelp[] {
  return values.map((value, i) => ({
    value,
    label: VALUES[`${key}.${value}`] ?? VALUES[value] ?? words(value),
    help: helps[i] ?? '',
  }));
}

function resolve(own: Schema): Schema {
  if (own.$ref === undefined) return own;
  const { $ref, ...rest } = own;
  return { ...resolve(root.definitions[$ref.replace('#/definitions/', '')]), ...rest };
}

const LABELS: Readonly<Record<string, string>> = {
  name: 'Name of the run',
  supervision: 'Learn from',
  pairs: 'Table of pairs',
  features: 'Frozen features',
  model: 'Network',
  embeddingSize: 'Numbers in an embedding',
  imageSize: 'Image size in pixels',
  'batch.classes': 'Classes in a batch',
  'batch.perClass': 'Images of each class',
  'batch.superClasses': 'Super-classes in a batch',
  labelColumns: 'Columns that are the label',
  superClass: 'Column of the super-class',
  clipNorm: 'Largest gradient norm',
  budget: 'How long',
  holdOut: 'Hold out',
  holdOutFraction: 'Share that is held out',
  'loss.parts': 'Parts of the sum',
  'augmentation.crop': 'Crop',
  'augmentation.flip': 'Mirror',
  'augmentation.colour': 'Colour jitter',
};

const KINDS: Readonly<Record<string, string>> = {
  'nt-xent': 'NT-Xent',
  contrastive: 'Contrastive (siamese)',
  convnet: 'Residual convolutional network',
  separable: 'Depthwise-separable network',
  vit: 'Vision transformer',
  mlp: 'Multilayer perceptron',
  'ngram-bag': 'Embedding bag of n-grams (texts)',
  'text-convnet': 'One-dimensional convolutional network (texts)',
  adamw: 'AdamW',
  sgd: 'SGD',
  'n-pair': 'N-pair',
  'sup-con': 'SupCon',
  supcon: 'SupCon',
  arcface: 'ArcFace',
  cosface: 'CosFace',
  'fast-ap': 'FastAP',
  vicreg: 'VICReg',
  nca: 'NCA',
  sum: 'Several losses at once',
};

/** Chosen values that are no words, or too few; of one setting by its key. */
const VALUES: Readonly<Partial<Record<string, string>>> = {
  mlp: 'MLP',
  pca: 'Principal axes (PCA)',
  lda: 'Discriminant analysis (LDA)',
  nca: 'Neighbourhood components (NCA)',
  lmnn: 'Large margin (LMNN)',
  itml: 'Information-theoretic (ITML)',
  mmc: 'Metric for clustering (MMC)',
  gradient: 'By the loss, in steps',
  'supervision.labels': 'Labels',
  'supervision.pairs': 'Pairs that are given',
  'supervision.none': 'Two views of each item, no labels',
};

/** "learningRate" and "learning-rate" -> "Learning rate". */
export function words(name: string): string {
  const text = name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/-/g, ' ')
    .toLowerCase();
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
