import type { Preset, PresetName, PresetWish } from '../types/presets';
import { DEFAULT_LOSSES, UNLABELLED_TEXT_VIEWS, UNLABELLED_VIEWS } from './choices';
import type { DatasetShape } from './suggest';

/**
 * Without so many items, or so many of a class, a network learns them by heart; closed forms on frozen features cannot. On the sample
 * (two of each class) Recall@1 of unseen classes was 0.64 with `few-samples` after ten seconds, 0.50 with a network after three minutes. On
 * Fashion-MNIST a network of 600 steps was behind in Recall@1 with 50 pictures of each class, and as good with 300 (docs/losses.md). Networks
 * for texts were better than the descriptors with tens of each label, so that the limit is lower there; it is not measured.
 */
const FEW_ITEMS = 500;
const FEW_PER_CLASS = { image: 100, text: 10 } as const;

const ALL: readonly Preset[] = [
  {
    name: 'quick-look',
    title: 'Quick look',
    description: 'A minute (of pictures: small ones), to see whether there is something to learn.',
    settings: { imageSize: 32, budget: { minutes: 1 } },
  },
  {
    name: 'network',
    title: 'Network of its own',
    description: 'A network that learns from the pictures or texts themselves, in minutes; needs many of each label.',
    settings: {},
  },
  {
    name: 'best-quality',
    title: 'Best quality',
    description: 'Half an hour with longer embeddings, of pictures larger ones; it ends early when it gets no better.',
    settings: { imageSize: 96, embeddingSize: 256, budget: { minutes: 30 }, earlyStop: 4 },
  },
  {
    name: 'unlabelled',
    title: 'Unlabelled',
    description: 'No labels needed: two altered views of each item are learned to be the same.',
    settings: {
      supervision: 'none',
      loss: DEFAULT_LOSSES['nt-xent'],
      batch: { classes: 64, perClass: 2 },
      augmentation: UNLABELLED_VIEWS,
    },
  },
  {
    name: 'few-samples',
    title: 'Few samples',
    description: 'Discriminant analysis with shrinkage on the descriptors: in seconds, and it cannot learn by heart.',
    settings: { features: 'descriptor', model: { kind: 'linear', method: 'lda' } },
  },
  {
    name: 'verification',
    title: 'Faces and verification',
    description:
      'ArcFace, for one threshold that tells whether two items are the same: faces, animals, products, or authors of texts.',
    settings: { loss: DEFAULT_LOSSES.arcface, embeddingSize: 256 },
  },
  {
    name: 'frozen-features',
    title: 'Frozen features',
    description: 'A linear layer on the descriptors (or on imported vectors: set features), trained in seconds.',
    settings: { features: 'descriptor', model: { kind: 'linear', method: 'gradient' } },
  },
];

/** All presets, the simplest first. */
export function presets(): readonly Preset[] {
  return ALL;
}

/** The preset that is wished for, or that suits the dataset best, with the reason as a sentence. */
export function presetFor(shape: DatasetShape, wish: PresetWish): { preset: Preset; reason: string } {
  if (wish !== 'auto') {
    const preset = suited(named(wish), shape);
    return { preset, reason: `Preset "${preset.title}": ${lowered(preset.description)}` };
  }
  const { name, why } = recommended(shape);
  const preset = suited(named(name), shape);
  return { preset, reason: `Preset "${preset.title}", ${why}` };
}

/** Without what a preset sets for pictures only, where the dataset has texts: they have no size, and other views. */
function suited(preset: Preset, { modality }: DatasetShape): Preset {
  if (modality !== 'text') return preset;
  const settings = Object.fromEntries(Object.entries(preset.settings).filter(([key]) => key !== 'imageSize'));
  return {
    ...preset,
    settings: 'augmentation' in settings ? { ...settings, augmentation: UNLABELLED_TEXT_VIEWS } : settings,
  };
}

function recommended({ items, labels, perClass, smallest, largest, modality = 'image' }: DatasetShape): {
  name: PresetName;
  why: string;
} {
  if (labels < 2) return { name: 'unlabelled', why: 'because there are no two labels to compare.' };
  if (items < FEW_ITEMS) {
    return { name: 'few-samples', why: `because ${items} ${modality}s are too few for a network to learn from.` };
  }
  if (perClass < FEW_PER_CLASS[modality]) {
    return { name: 'few-samples', why: `because half of the labels have ${perClass} or fewer ${modality}s.` };
  }
  const balance =
    smallest !== undefined && largest !== undefined && largest >= 10 * smallest
      ? ` The largest has ${largest} ${modality}s, the smallest ${smallest}; batches take all labels equally often.`
      : '';
  return {
    name: 'network',
    why: `because ${items} ${modality}s of ${labels} labels are enough to learn from.${balance}`,
  };
}

function named(name: PresetName): Preset {
  return ALL.find((preset) => preset.name === name)!;
}

function lowered(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
