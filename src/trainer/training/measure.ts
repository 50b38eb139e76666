import { embedPixels, PIXEL_DIMS, SOURCE_SIZE } from '../embedding/pixels';
import type { Engine, HostTensors, Runner } from '../engine/engine';
import type { ItemTable } from '../dataset/itemTable';
import type { PixelStore } from '../dataset/pixels';
import { modelOf, type NetworkSettings } from '../models/modelOf';
import { Random } from '../random';
import { throwIfCancelled } from '../../rpc/errors';
import { recallAt1 } from './recall';
import { inferenceProgram, inferenceState } from './step';

/** More held-out items than this make a measure slower but hardly sharper. */
const MOST_ITEMS = 4000;
const BATCH = 64;

export interface MeasureSettings {
  readonly engine: Engine;
  readonly network: NetworkSettings;
  readonly items: Int32Array;
  readonly labels: Int32Array;
}

/** Reads items as the network takes them, one after the other. */
export type InputReader = (items: Int32Array) => Promise<Float32Array>;

/** Pictures, 0 to 1. */
export function pixelInputs(pixels: PixelStore): InputReader {
  return async (items) => Float32Array.from(await pixels.read(items), (value) => value / 255);
}

/** Recall@1 on held-out items with the weights of the moment. The network is compiled once. */
export class Measure {
  private runner: Runner | undefined;

  constructor(
    private readonly settings: MeasureSettings,
    private readonly read: InputReader,
  ) {}

  /** How many images one measure embeds. */
  get count(): number {
    return this.settings.items.length;
  }

  /** Undefined when no item has another of its class. */
  async recall(state: HostTensors, signal: AbortSignal): Promise<number | undefined> {
    const { engine, network, items, labels } = this.settings;
    const { embeddingSize } = network;
    this.runner ??= await engine.compile(inferenceProgram({ ...network, batchSize: BATCH }));
    this.runner.setState(inferenceState(state));
    const embeddings = new Float32Array(items.length * embeddingSize);
    for (let first = 0; first < items.length; first += BATCH) {
      throwIfCancelled(signal);
      const rows = await this.embed(this.runner, items.subarray(first, first + BATCH));
      embeddings.set(rows, first * embeddingSize);
    }
    return recallAt1(embeddings, embeddingSize, labels, signal);
  }

  async dispose(): Promise<void> {
    await this.runner?.dispose();
  }

  /** The program's batch is of one length: the last one is filled up with zeros. */
  private async embed(runner: Runner, items: Int32Array): Promise<Float32Array> {
    const { embeddingSize } = this.settings.network;
    const { name, shape } = modelOf(this.settings.network).input;
    const values = new Float32Array(shape.reduce((product, length) => product * length, BATCH));
    values.set(await this.read(items));
    const { embeddings } = await runner.run({ [name]: { shape: [BATCH, ...shape], data: values } });
    return (embeddings.data as Float32Array).subarray(0, items.length * embeddingSize);
  }
}

/** The labelled items to measure on: all, or as many as are measured quickly, chosen by the seed, whole classes together. */
export function itemsToMeasure(
  table: ItemTable,
  heldOut: Int32Array,
  seed: number,
): { items: Int32Array; labels: Int32Array } {
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
