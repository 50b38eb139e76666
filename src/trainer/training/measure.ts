import { embedPixels, PIXEL_DIMS, SOURCE_SIZE } from '../embedding/pixels';
import type { Engine, HostTensors, Runner } from '../engine/engine';
import type { ItemTable } from '../dataset/itemTable';
import type { PixelStore } from '../dataset/pixels';
import { modelOf, type NetworkSettings } from '../models/modelOf';
import { Random } from '../random';
import { throwIfCancelled } from '../../rpc/errors';
import { retrievalMeasures } from '../evaluation/measures';
import type { BestCheckpoint, TrainingMetrics } from '../types/training';
import { emptyInputs, type InputValues } from './batches';
import type { HeldOut } from './heldOut';
import type { LabelledRows } from './probes';
import { recallAt1 } from './recall';
import { embeddingSpread } from './spread';
import { inferenceProgram, inferenceState } from './step';

/** More held-out items than this make a measure slower but hardly sharper. */
const MOST_ITEMS = 4000;
const BATCH = 64;

export interface MeasureSettings {
  readonly engine: Engine;
  readonly network: NetworkSettings;
  readonly items: Int32Array;
  readonly labels: Int32Array;
  readonly unseenItems?: LabelledItems;
}

export interface LabelledItems {
  readonly items: Int32Array;
  readonly labels: Int32Array;
}

/** What one measure adds to its step's line of the training curve. */
export type HeldOutMeasures = Required<Pick<TrainingMetrics, 'recallAt1' | 'meanAveragePrecision' | 'spread'>> &
  Pick<TrainingMetrics, 'unseenItems'>;

/** Whether a checkpoint is to be kept instead of the best so far: by MAP@R, as Musgrave 2020 advises; it tells more than Recall@1. */
export function isBetter(candidate: Required<BestCheckpoint>, best: BestCheckpoint | undefined): boolean {
  if (best === undefined) return true;
  if (best.meanAveragePrecision === undefined) return candidate.recallAt1 > best.recallAt1;
  return candidate.meanAveragePrecision > best.meanAveragePrecision;
}

/** Reads items as the network takes them, one after the other. */
export type InputReader = (items: Int32Array) => Promise<InputValues>;

/** Pictures, 0 to 1. */
export function pixelInputs(pixels: PixelStore): InputReader {
  return async (items) => Float32Array.from(await pixels.read(items), (value) => value / 255);
}

/** Measures held-out items with the weights of the moment. The network is compiled once. */
export class Measure {
  private runner: Runner | undefined;
  private embedded: Float32Array | undefined;

  constructor(
    private readonly settings: MeasureSettings,
    private readonly read: InputReader,
  ) {}

  /** How many images one measure embeds. */
  get count(): number {
    return this.settings.items.length + (this.settings.unseenItems?.items.length ?? 0);
  }

  /** Undefined when no item has another of its class. */
  async measures(state: HostTensors, signal: AbortSignal): Promise<HeldOutMeasures | undefined> {
    const { engine, network, unseenItems } = this.settings;
    this.runner ??= await engine.compile(inferenceProgram({ ...network, batchSize: BATCH }));
    this.runner.setState(inferenceState(state));
    const main = await this.retrieval(this.runner, this.settings, signal);
    if (main === undefined) return undefined;
    this.embedded = main.embeddings;
    const unseen = unseenItems && (await this.retrieval(this.runner, unseenItems, signal));
    const { recallAt1: recall, meanAveragePrecision, embeddings } = main;
    return {
      recallAt1: recall,
      meanAveragePrecision,
      spread: embeddingSpread(embeddings, this.settings.items.length, network.embeddingSize),
      ...(unseen === undefined
        ? {}
        : { unseenItems: { recallAt1: unseen.recallAt1, meanAveragePrecision: unseen.meanAveragePrecision } }),
    };
  }

  /** The embeddings of the last measure, of what was held out first of all. */
  get newest(): (LabelledRows & { readonly items: Int32Array }) | undefined {
    if (this.embedded === undefined) return undefined;
    const { items, labels, network } = this.settings;
    return { data: this.embedded, dims: network.embeddingSize, labels, items };
  }

  private async retrieval(
    runner: Runner,
    { items, labels }: LabelledItems,
    signal: AbortSignal,
  ): Promise<{ recallAt1: number; meanAveragePrecision: number; embeddings: Float32Array } | undefined> {
    const { embeddingSize } = this.settings.network;
    const embeddings = new Float32Array(items.length * embeddingSize);
    for (let first = 0; first < items.length; first += BATCH) {
      throwIfCancelled(signal);
      const rows = await this.embed(runner, items.subarray(first, first + BATCH));
      embeddings.set(rows, first * embeddingSize);
    }
    const found = await retrievalMeasures(embeddings, items.length, embeddingSize, labels, { signal, shallow: true });
    if (found.queries === 0) return undefined;
    return { recallAt1: found.recallAt1, meanAveragePrecision: found.mapAtR, embeddings };
  }

  async dispose(): Promise<void> {
    await this.runner?.dispose();
  }

  /** The program's batch is of one length: the last one is filled up with zeros. */
  private async embed(runner: Runner, items: Int32Array): Promise<Float32Array> {
    const { embeddingSize } = this.settings.network;
    const { name, shape, dtype } = modelOf(this.settings.network).input;
    const values = emptyInputs({ shape, dtype }, BATCH);
    values.set(await this.read(items));
    const { embeddings } = await runner.run({ [name]: { shape: [BATCH, ...shape], data: values } });
    return (embeddings.data as Float32Array).subarray(0, items.length * embeddingSize);
  }
}

/** The labelled items to measure on: all, or as many as are measured quickly, chosen by the seed, whole classes together. */
export function itemsToMeasure(
  table: ItemTable,
  { items, unseenItems }: Pick<HeldOut, 'items' | 'unseenItems'>,
  seed: number,
): LabelledItems & Pick<MeasureSettings, 'unseenItems'> {
  return {
    ...labelledItems(table, items, seed),
    ...(unseenItems === undefined ? {} : { unseenItems: labelledItems(table, unseenItems, seed) }),
  };
}

function labelledItems(table: ItemTable, heldOut: Int32Array, seed: number): LabelledItems {
  const { codes } = table.label;
  const labelled = heldOut.filter((item) => codes[item] >= 0);
  const items = labelled.length <= MOST_ITEMS ? labelled : someClasses(labelled, codes, seed);
  return { items, labels: items.map((item) => codes[item]) };
}

function someClasses(items: Int32Array, codes: Int32Array, seed: number): Int32Array {
  const order = new Random(seed).fork('measure').shuffle([...new Set(items.map((item) => codes[item]))]);
  const rank = new Map(order.map((code, place) => [code, place]));
  const sorted = items.toSorted((a, b) => rank.get(codes[a])! - rank.get(codes[b])! || a - b);
  return sorted.slice(0, MOST_ITEMS).sort();
}

/** Recall@1 of raw pixels, as the evaluation measures it too. `pixels` has pictures of `SOURCE_SIZE`. */
export async function baselineRecall(
  pixels: PixelStore,
  items: Int32Array,
  labels: Int32Array,
  signal: AbortSignal,
): Promise<number | undefined> {
  const part = 256;
  const rows = new Float32Array(items.length * PIXEL_DIMS);
  for (let first = 0; first < items.length; first += part) {
    throwIfCancelled(signal);
    const some = items.subarray(first, first + part);
    rows.set(embedPixels(await pixels.read(some), some.length), first * PIXEL_DIMS);
  }
  return recallAt1(rows, PIXEL_DIMS, labels, signal);
}

export { SOURCE_SIZE as BASELINE_SIZE };
