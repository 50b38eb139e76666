import { version } from '../../../package.json';
import type { Dataset } from '../dataset/dataset';
import { MAX_STRETCH } from '../dataset/squarePixels';
import type { HostTensors } from '../engine/engine';
import { exportModel } from '../engine/inference';
import type { ModelId } from '../types/embedding';
import { isFitted } from './features/fittedRun';
import type { RunRecord } from './runStore';
import { inferenceProgram, inferenceState, networkSettings } from './step';
import { trainingSet } from './trainingSet';

/** More names than this would make the file large, and tell little. */
const MOST_CLASSES = 10_000;

interface Origin extends Pick<RunRecord, 'name' | 'settings' | 'fingerprint' | 'heldOutHashes'> {
  /** Of a run on the features of an embedding. */
  readonly features?: OriginFeatures;
}

/** The embedding whose rows a model takes. */
export interface OriginFeatures {
  readonly dims: number;
  /** Names what makes the rows: with others the model gives nonsense. */
  readonly stamp: string;
}

/**
 * Makes the network of a run, with the weights of the moment, an ONNX file whose metadata says how to use it and where it is from.
 * The metadata is made once: with a million items that takes a while.
 */
export function modelFiles(dataset: Pick<Dataset, 'items'>, record: Origin): (state: HostTensors) => Uint8Array {
  const network = networkSettings(record.settings, record.features?.dims);
  const program = inferenceProgram({ ...network, batchSize: 1 });
  let metadata: Readonly<Record<string, string>> | undefined;
  return (state) => {
    metadata ??= modelMetadata(dataset, record);
    return exportModel(program, inferenceState(state), metadata);
  };
}

/** Texts by name, JSON where they are not plain. Nothing in them differs between two equal trainings of the same name. */
export function modelMetadata(
  { items }: Pick<Dataset, 'items'>,
  { name, settings, fingerprint, heldOutHashes, features }: Origin,
): Readonly<Record<string, string>> {
  const { imageSize, embeddingSize, loss } = settings;
  return {
    producer: 'kindred',
    version,
    run: name,
    embeddingSize: String(embeddingSize),
    ...(settings.features === undefined
      ? (textInput(settings) ?? imageInput(imageSize))
      : vectorInput(settings.features, features)),
    output: 'embeddings: float32 [batch, embeddingSize], each row of length 1; compare them by their dot product',
    ...(isFitted(settings) ? { method: settings.model.method } : { loss: JSON.stringify(loss) }),
    dataset: fingerprint,
    ...(settings.labelColumns === undefined ? {} : { labelColumns: JSON.stringify(settings.labelColumns) }),
    classes: JSON.stringify(classNames(items, new Set(heldOutHashes), settings)),
  };
}

/** Of a network on texts, from which `textEncoderOf` makes the encoder again. */
function textInput({ model }: Origin['settings']): Readonly<Record<string, string>> | undefined {
  if (model?.kind === 'ngram-bag') {
    const input = 'bags: float32 [batch, buckets], weights of hashed n-grams of words and characters, of sum 1';
    return { input, textModel: JSON.stringify(model) };
  }
  if (model?.kind !== 'text-convnet') return undefined;
  const input = 'tokens: int32 [batch, length], UTF-8 bytes from 1, 0 behind the end';
  return { input, textModel: JSON.stringify(model) };
}

function imageInput(imageSize: number): Readonly<Record<string, string>> {
  return {
    imageSize: String(imageSize),
    input: 'images: float32 [batch, height, width, 3], RGB, 0 to 1',
    preprocessing: JSON.stringify(preprocessingOf(imageSize)),
  };
}

function vectorInput(model: ModelId, features: OriginFeatures | undefined): Readonly<Record<string, string>> {
  return {
    input: 'vectors: float32 [batch, features], rows of the embedding that "features" names, each of length 1',
    features: model,
    ...(features === undefined ? {} : { featuresStamp: features.stamp, vectorSize: String(features.dims) }),
  };
}

/** How a picture becomes an input: what `shrink` and `toSquare` do, in words that other programs can go by. */
function preprocessingOf(imageSize: number): object {
  return {
    imageSize,
    orientation: 'exif',
    background: 'white',
    colourOrder: 'RGB',
    layout: 'NHWC',
    kernel: 'lanczos3',
    // Stretched to the square; a picture whose sides differ by more keeps its shape, in the middle of its own mean colour.
    largestStretch: MAX_STRETCH,
    padding: 'mean colour',
    range: [0, 1],
    mean: [0, 0, 0],
    std: [1, 1, 1],
  };
}

/** The labels that the run has learned from, none when it has learned from views or pairs, or when there are too many. */
function classNames(
  table: Dataset['items'],
  heldOut: ReadonlySet<string>,
  { loss, supervision }: Origin['settings'],
): string[] {
  if (supervision === 'none' || supervision === 'pairs') return [];
  const { classes, by } = trainingSet(table, heldOut, loss);
  if (by === 'image' || classes.length > MOST_CLASSES) return [];
  return classes.map(([first]) => table.label.categories[table.label.codes[first]]).sort();
}
