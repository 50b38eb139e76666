import type { Worker } from 'node:worker_threads';
import { availableParallelism } from 'node:os';
import { KindredError } from '../../rpc/errors';
import type { PixelStore } from '../dataset/pixels';
import type { NetworkInput } from '../models/modelOf';
import type { Random } from '../random';
import type { AugmentationSettings } from '../types/training';
import { startWorker } from '../workers';
import type { AugmentationReply, AugmentationRequest } from './augmentationWorker';
import type { Sampler } from './sampler';

/** Batches made ahead of the one in use: enough that the step never waits, few enough that they cost little memory. */
export const AHEAD = 3;
/** More threads than this would not be fed by the disk. */
const MOST_WORKERS = 4;

/** What a network takes, item after item. */
export type InputValues = Float32Array | Int32Array;

/** Of so many items, all 0. */
export function emptyInputs({ shape, dtype }: Pick<NetworkInput, 'shape' | 'dtype'>, items: number): InputValues {
  const size = shape.reduce((product, length) => product * length, items);
  return dtype === 'int32' ? new Int32Array(size) : new Float32Array(size);
}

export interface Batch {
  /** Of images [N, size, size, 3], 0 to 1. */
  readonly values: InputValues;
  readonly labels: Int32Array;
  /** As `BatchItems` has it. */
  readonly relation?: Float32Array;
}

/** Batches by number, one after the other; batch n is the same whatever came before. */
export interface BatchSource {
  /** Begins to make batches before the first is asked for. */
  prefetch(): void;
  next(): Promise<Batch>;
  /** Returns when nothing is read any more. */
  close(): Promise<void>;
}

export interface BatchSettings {
  readonly sampler: Sampler;
  readonly pixels: PixelStore;
  readonly augmentation: AugmentationSettings;
  readonly random: Random;
}

interface Waiting {
  readonly resolve: (images: Float32Array) => void;
  readonly reject: (error: Error) => void;
}

/** A batch on its way: its pictures are read, then varied by a thread. */
interface Made {
  readonly batch: Promise<Batch>;
  readonly at: { stage: 'reading' | 'varying' | 'ready' };
}

/**
 * Augmented batches by number, from worker threads that run ahead. Batch n is the same whenever, after whatever and by however many
 * threads it is made. One thread begins; another joins whenever a batch was asked for while it was still being varied.
 */
export class BatchStream implements BatchSource {
  private readonly workers: Worker[] = [];
  private readonly waiting = new Map<number, Waiting>();
  private readonly made: Made[] = [];
  /** Reads one after the other: they come from one file. */
  private reading: Promise<unknown> = Promise.resolve();
  private nextNumber: number;
  private failure: Error | undefined;

  /**
   * @param first number of the first batch that `next` gives.
   * @param mostWorkers threads at most; the machine's cores but one when not given.
   */
  constructor(
    private readonly settings: BatchSettings,
    first: number,
    private readonly mostWorkers = Math.max(1, Math.min(MOST_WORKERS, availableParallelism() - 1)),
  ) {
    this.nextNumber = first;
    this.addWorker();
  }

  prefetch(): void {
    while (this.made.length <= AHEAD) this.made.push(this.begin(this.nextNumber++));
  }

  async next(): Promise<Batch> {
    this.prefetch();
    const first = this.made.shift()!;
    if (first.at.stage === 'varying' && this.workers.length < this.mostWorkers) this.addWorker();
    return first.batch;
  }

  /** Returns when nothing is read any more: the pixels may then be closed. */
  async close(): Promise<void> {
    this.fail(new KindredError('cancelled', 'Cancelled.'));
    await this.reading;
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }

  /** How many threads vary pictures. */
  get threads(): number {
    return this.workers.length;
  }

  private addWorker(): void {
    const worker = startWorker('augmentationWorker');
    worker.on('message', ({ batch, images }: AugmentationReply) => {
      this.waiting.get(batch)?.resolve(images);
      this.waiting.delete(batch);
    });
    worker.on('error', (cause) =>
      this.fail(new KindredError('internal', 'A thread that prepares images failed.', { cause })),
    );
    this.workers.push(worker);
  }

  private begin(number: number): Made {
    const at: Made['at'] = { stage: 'reading' };
    const batch = this.make(number, at);
    // A failure is told to whoever asks for this batch; until then nobody does.
    batch.catch(() => undefined);
    return { batch, at };
  }

  private async make(number: number, at: Made['at']): Promise<Batch> {
    const { items, ...known } = this.settings.sampler.batch(number);
    const pixels = await this.read(items);
    if (this.failure) throw this.failure;
    at.stage = 'varying';
    const images = await new Promise<Float32Array>((resolve, reject) => {
      this.waiting.set(number, { resolve, reject });
      const request: AugmentationRequest = {
        batch: number,
        pixels,
        size: this.settings.pixels.size,
        settings: this.settings.augmentation,
        random: this.settings.random.fork(`augmentation ${number}`).state(),
      };
      this.workers[number % this.workers.length].postMessage(request, [pixels.buffer]);
    });
    at.stage = 'ready';
    return { values: images, ...known };
  }

  /** A copy of its own, which can be handed to the thread. */
  private async read(items: Int32Array): Promise<Uint8Array<ArrayBuffer>> {
    const turn = this.reading.then(() => {
      if (this.failure) throw this.failure;
      return this.settings.pixels.read(items);
    });
    this.reading = turn.catch(() => undefined);
    return Uint8Array.from(await turn);
  }

  private fail(error: Error): void {
    this.failure ??= error;
    for (const { reject } of this.waiting.values()) reject(this.failure);
    this.waiting.clear();
  }
}
