import { KindredError } from '../../rpc/errors';
import type { TrainingAction } from '../types/training';

/** An action that somebody waits for. */
export interface ControlRequest {
  readonly action: TrainingAction;
  /** Tells whoever asked that it was done. */
  readonly done: () => void;
}

interface Waiting extends ControlRequest {
  readonly refuse: (error: KindredError) => void;
}

/** What a person asks of one training, until its loop takes it between two steps. */
export class RunControl {
  private readonly waiting: Waiting[] = [];
  /** Is being done; a stop stays so until the run has ended. */
  private taken: Waiting | undefined;
  private wake: (() => void) | undefined;
  private closed = false;

  /**
   * Resolves when the loop has done it.
   * @throws KindredError `invalid-argument` when the run ends before
   */
  ask(action: TrainingAction): Promise<void> {
    if (this.closed) return Promise.reject(notTraining());
    return new Promise((resolve, reject) => {
      this.waiting.push({ action, done: resolve, refuse: reject });
      this.wake?.();
    });
  }

  /** The oldest that was not taken yet. */
  next(): ControlRequest | undefined {
    this.taken = this.waiting.shift();
    return this.taken;
  }

  /** Resolves when something is asked, the signal is aborted, or `milliseconds` have passed. */
  async asked(signal: AbortSignal, milliseconds: number): Promise<void> {
    if (this.waiting.length > 0 || signal.aborted) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      timer = setTimeout(resolve, milliseconds);
      signal.addEventListener('abort', this.wake, { once: true });
    });
    clearTimeout(timer);
    if (this.wake) signal.removeEventListener('abort', this.wake);
    this.wake = undefined;
  }

  /** The run has ended: a stop has come true by that, everything else cannot be done any more. */
  close(): void {
    this.closed = true;
    // Done twice is done once: a promise keeps its first outcome.
    const open = this.taken === undefined ? this.waiting : [this.taken, ...this.waiting];
    for (const { action, done, refuse } of open) {
      if (action.kind === 'stop') done();
      else refuse(notTraining());
    }
  }
}

/** A factor that a person may set: neither nothing nor a certain divergence. */
export const RATE_FACTORS = { lowest: 0.001, highest: 100 } as const;

/** @throws KindredError `invalid-argument` when it is nothing that can be asked of a training */
export function checkAction(action: unknown): TrainingAction {
  const { kind, factor } = (typeof action === 'object' && action !== null ? action : {}) as Record<string, unknown>;
  if (kind === 'pause' || kind === 'resume' || kind === 'stop') return { kind };
  if (kind !== 'rate') {
    throw new KindredError('invalid-argument', `"${String(kind)}" cannot be asked of a training.`, {
      remedy: 'Ask to pause, resume, stop, or change the rate.',
    });
  }
  const { lowest, highest } = RATE_FACTORS;
  if (typeof factor === 'number' && factor >= lowest && factor <= highest) return { kind, factor };
  throw new KindredError('invalid-argument', `The learning rate cannot be multiplied by ${String(factor)}.`, {
    remedy: `Give a factor from ${lowest} to ${highest}; 1 is the schedule itself.`,
  });
}

export function notTraining(): KindredError {
  return new KindredError('invalid-argument', 'The run is not being trained now.', {
    remedy: 'Only a training that goes on can be paused, stopped or changed; resume the run first.',
  });
}
