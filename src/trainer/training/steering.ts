import { KindredError, throwIfCancelled } from '../../rpc/errors';
import type { TrainingAction } from '../types/training';
import type { RunControl } from './control';
import { LOOK_MS, type Mailbox } from './mailbox';

/** What a training does when it is asked. */
export interface Steered {
  readonly pause: () => Promise<void>;
  readonly goOn: () => Promise<void>;
  readonly changeRate: (factor: number) => Promise<void>;
}

/** Does between the steps of a training what a person asks of it, here or from another process. */
export class Steering {
  private paused = false;
  private waited = 0;

  constructor(
    private readonly control: RunControl,
    private readonly mailbox: Mailbox,
    private readonly training: Steered,
  ) {}

  /** Milliseconds that the training was paused. */
  get pausedFor(): number {
    return this.waited;
  }

  /**
   * Returns when the training shall go on: at once, or after a pause.
   * @throws KindredError `cancelled` when it shall stop
   */
  async obey(signal: AbortSignal): Promise<void> {
    await this.takeAll();
    const from = performance.now();
    while (this.paused) {
      throwIfCancelled(signal);
      await this.control.asked(signal, LOOK_MS);
      await this.takeAll();
    }
    this.waited += performance.now() - from;
  }

  private async takeAll(): Promise<void> {
    for (let request = this.control.next(); request; request = this.control.next()) {
      await this.act(request.action);
      request.done();
    }
    const letter = await this.mailbox.take();
    if (letter === undefined) return;
    await this.act(letter);
    await this.mailbox.answer();
  }

  private async act(action: TrainingAction): Promise<void> {
    switch (action.kind) {
      case 'pause':
        if (!this.paused) await this.training.pause();
        this.paused = true;
        return;
      case 'resume':
        if (this.paused) await this.training.goOn();
        this.paused = false;
        return;
      case 'rate':
        return this.training.changeRate(action.factor);
      case 'stop':
        // Whoever asked is told when the run has ended, which is when it is true.
        throw new KindredError('cancelled', 'Cancelled.');
    }
  }
}
