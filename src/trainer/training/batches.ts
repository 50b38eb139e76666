import type { Worker } from 'node:worker_threads';
import { KindredError } from '../../rpc/errors';
import type { PixelStore } from '../dataset/pixels';
import type { Random } from '../random';
import type { AugmentationSettings } from '../types/training';
import { startWorker } from '../workers';
import type { AugmentationReply, AugmentationRequest } from './augmentationWorker';
import type { ClassSampler } from './sampler';

/** Batches made ahead of the one in use: enough that the step never waits, few enough that they cost little memory. */
const AHEAD = 3;

export interface Batch {
  /** [N, size, size, 3], 0 to 1. */
  readonly images: Float32Array;
  readonly labels: Int32Array;
}

export interface BatchSettings {
  readonly sampler: ClassSampler;
  readonly pixels: PixelStore;
  readonly augmentation: AugmentationSettings;
  readonly random: Random;
}

interface Waiting {
  readonly resolve: (images: Float32Array) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Augmented batches by number, from a worker thread that runs ahead. Batch n is the same whenever and after whatever it is
 * made.
 */
export class BatchStream {
  private readonly worker: Worker = startWorker('augmentationWorker');
  private readonly waiting = new Map<number, Waiting>();
  private readonly made: Promise<Batch>[] = [];
  /** Reads one after the other: they come from one file. */
  private reading: Promise<unknown> = Promise.resolve();
  private nextNumber: number;
  private failure: Error | undefined;

  /** @param first number of the first batch that `next` gives. */
  constructor(
    private readonly settings: BatchSettings,
    first: number,
  ) {
    this.nextNumber = first;
    this.worker.on('message', ({ batch, images }: AugmentationReply) => {
      this.waiting.get(batch)?.resolve(images);
      this.waiting.delete(batch);
    });
    this.worker.on('error', (cause) =>
      this.fail(new KindredError('internal', 'The thread that prepares images failed.', { cause })),
    );
  }

  async next(): Promise<Batch> {
    while (this.made.length <= AHEAD) {
      const batch = this.make(this.nextNumber++);
      // A failure is told to whoever asks for this batch; until then nobody does.
      batch.catch(() => undefined);
      this.made.push(batch);
    }
    return this.made.shift()!;
  }

  /** Returns when nothing is read any more: the pixels may then be closed. */
  async close(): Promise<void> {
    this.fail(new KindredError('cancelled', 'Cancelled.'));
    await this.reading;
    await this.worker.terminate();
  }

  private async make(number: number): Promise<Batch> {
    const { items, labels } = this.settings.sampler.batch(number);
    const pixels = await this.read(items);
    if (this.failure) throw this.failure;
    const images = await new Promise<Float32Array>((resolve, reject) => {
      this.waiting.set(number, { resolve, reject });
      const request: AugmentationRequest = {
        batch: number,
        pixels,
        size: this.settings.pixels.size,
        settings: this.settings.augmentation,
        random: this.settings.random.fork(`augmentation ${number}`).state(),
      };
      this.worker.postMessage(request, [pixels.buffer]);
    });
    return { images, labels };
  }

  /** A copy of its own, which can be handed to the thread. */
  private async read(items: Int32Array): Promise<Uint8Array<ArrayBuffer>> {
    const turn = this.reading.then(() => this.settings.pixels.read(items));
    this.reading = turn.catch(() => undefined);
    return Uint8Array.from(await turn);
  }

  private fail(error: Error): void {
    this.failure ??= error;
    for (const { reject } of this.waiting.values()) reject(this.failure);
    this.waiting.clear();
  }
}
