import * as vscode from 'vscode';
import { KindredError } from '../../rpc/errors';
import type { CallOptions } from '../../rpc/rpc';
import type {
  DatasetRef,
  RunSummary,
  TrainingAction,
  TrainingProgress,
  TrainingSettings,
} from '../../trainer/protocol';
import { sameDataset } from '../datasets/datasetRef';
import { Disposable } from '../disposable';
import type { Trainer } from '../client/trainer';
import { t } from '../ui/l10n';
import { latestMetrics, type LatestMetrics } from '../ui/progressText';

/** A training that is going on. */
export interface TrainingJob {
  readonly dataset: DatasetRef;
  /** Known with the first progress. */
  readonly run: string | undefined;
  readonly progress: TrainingProgress | undefined;
  readonly latest: LatestMetrics;
}

interface ActiveJob {
  dataset: DatasetRef;
  run: string | undefined;
  progress: TrainingProgress | undefined;
  latest: LatestMetrics;
  readonly controller: AbortController;
}

type Work = (options: CallOptions<TrainingProgress>) => Promise<RunSummary>;

/** The trainings of this window: one at a time, since each takes the whole machine. */
export class TrainingJobs extends Disposable {
  private active: ActiveJob | undefined;
  private readonly changed = this.register(new vscode.EventEmitter<DatasetRef>());
  private readonly progressed = this.register(new vscode.EventEmitter<TrainingJob>());
  /** A training began or ended. */
  readonly onDidChange = this.changed.event;
  readonly onDidProgress = this.progressed.event;

  constructor(private readonly trainer: Trainer) {
    super();
  }

  get current(): TrainingJob | undefined {
    return this.active;
  }

  isRunning(dataset: DatasetRef, run: string): boolean {
    return this.active?.run === run && sameDataset(this.active.dataset, dataset);
  }

  /** Trains until the budget is used or `stop`; a stopped run is kept. */
  start(dataset: DatasetRef, settings: TrainingSettings, options: CallOptions<TrainingProgress>): Promise<RunSummary> {
    return this.run(dataset, undefined, options, (own) =>
      this.trainer.call('training.run', { dataset, settings }, own),
    );
  }

  resume(dataset: DatasetRef, run: string, options: CallOptions<TrainingProgress>): Promise<RunSummary> {
    return this.run(dataset, run, options, (own) => this.trainer.call('training.resume', { dataset, run }, own));
  }

  stop(): void {
    this.active?.controller.abort();
  }

  get paused(): boolean {
    return this.active?.progress?.paused === true;
  }

  /** Asks something of the training that goes on; ends when it was done. */
  async control(action: TrainingAction): Promise<void> {
    const { dataset, run } = this.active ?? {};
    if (dataset === undefined || run === undefined) {
      throw new KindredError('not-found', t('No training is running.'), { remedy: t('Train a model first.') });
    }
    await this.trainer.call('training.control', { dataset, run, action });
  }

  /** Throws when a training is going on. */
  assertIdle(): void {
    if (!this.active) return;
    throw new KindredError('invalid-argument', t('A training is running, and it takes the whole machine.'), {
      remedy: t('Wait for its end, or stop it with "Kindred: Stop Training"; what it learned is kept.'),
    });
  }

  private async run(
    dataset: DatasetRef,
    run: string | undefined,
    options: CallOptions<TrainingProgress>,
    work: Work,
  ): Promise<RunSummary> {
    this.assertIdle();
    const job: ActiveJob = { dataset, run, progress: undefined, latest: {}, controller: new AbortController() };
    this.active = job;
    options.signal?.addEventListener('abort', () => job.controller.abort(), { once: true });
    const onProgress = (progress: TrainingProgress): void => {
      job.run = progress.run;
      job.progress = progress;
      job.latest = latestMetrics(job.latest, progress.metrics);
      options.onProgress?.(progress);
      this.progressed.fire(job);
    };
    this.changed.fire(dataset);
    try {
      return await work({ signal: job.controller.signal, onProgress });
    } finally {
      this.active = undefined;
      this.changed.fire(dataset);
    }
  }
}
