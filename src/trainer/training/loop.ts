import { isCancelled, KindredError, throwIfCancelled } from '../../rpc/errors';
import type { CallContext } from '../../rpc/rpc';
import type { ItemTable } from '../dataset/itemTable';
import type { HostTensors, Runner } from '../engine/engine';
import type { NetworkInput } from '../models/modelOf';
import { writeFileAtomic } from '../store/atomic';
import { exists } from '../store/files';
import type { StorePaths } from '../store/paths';
import type { FileProblem } from '../types/dataset';
import type { TrainingMetrics, TrainingProgress } from '../types/training';
import type { BatchSource } from './batches';
import { isMeasured, measuresBetween, stepsFor, TIMED_STEPS } from './budget';
import { allFinite, type Checkpoint, checkpointInterval, type Position, writeCheckpoint } from './checkpoint';
import type { RunControl } from './control';
import { learningRateAt, withRateChange } from './learningRate';
import { Mailbox } from './mailbox';
import { type HeldOutMeasures, isBetter, type Measure } from './measure';
import { insightOf } from './probes';
import { keepProbes } from './probeStore';
import { RunLog } from './runLog';
import { runPaths, type RunRecord, writeRecord } from './runStore';
import { Steering } from './steering';
import { hostScalar, inferenceState, stepInputs } from './step';

const REPORT_MS = 100;

export interface LoopParts {
  readonly paths: StorePaths;
  readonly table: ItemTable;
  readonly context: CallContext<TrainingProgress>;
  /** With its state set. */
  readonly runner: Runner;
  readonly batches: BatchSource;
  /** What the network takes of an item. */
  readonly input: NetworkInput;
  readonly batchSize: number;
  readonly classes: number;
  /** Undefined when nothing was held out. */
  readonly measure: Measure | undefined;
  /** What raw pixels reach on the measured items; undefined when nothing was held out. */
  readonly baseline: (() => Promise<number | undefined>) | undefined;
  /** Files that turned out to be unreadable so far. */
  readonly pixelProblems: () => readonly FileProblem[];
  /** The network with these weights as an ONNX file. */
  readonly exportModel: (state: HostTensors) => Uint8Array;
  /** What a person asks of this run. */
  readonly control: RunControl;
  /** When the budget of minutes began, on the clock of `performance`. */
  readonly began: number;
}

/** What run.json holds, but for who writes it. */
export type LoopRecord = Omit<RunRecord, 'writer'>;

/** The steps of one run, from where it is to its end or until it is stopped. */
export class TrainingLoop {
  private readonly files: ReturnType<typeof runPaths>;
  private readonly log: RunLog;
  private readonly mailbox: Mailbox;
  private readonly steering: Steering;
  private readonly stepSeconds: number[] = [];
  private readonly secondsBefore: number;
  private readonly firstStep: number;
  private readonly started = performance.now();
  private readonly interval = checkpointInterval();
  /** Unreadable files that were known before. */
  private readonly problems: readonly FileProblem[];
  /** Raw pixels are measured beside the first steps, which do not wait for it. */
  private baseline: Promise<void> | undefined;
  /** When the last checkpoint was written. The first measure writes one, so that there is always something to go back to. */
  private saved = -Infinity;
  private unsavedBest: Checkpoint | undefined;
  private reported = -Infinity;

  constructor(
    private readonly parts: LoopParts,
    private record: LoopRecord,
    private position: Position,
  ) {
    this.files = runPaths(parts.paths, record.name);
    this.log = new RunLog(this.files.metrics);
    this.mailbox = new Mailbox(this.files.control);
    this.steering = new Steering(parts.control, this.mailbox, {
      pause: () => this.pause(),
      goOn: () => this.goOn(),
      changeRate: (factor) => this.changeRate(factor),
    });
    this.secondsBefore = position.metrics?.seconds ?? 0;
    this.firstStep = position.step;
    this.problems = record.problems;
  }

  /**
   * @returns the record of the finished run.
   * @throws KindredError `cancelled` when stopped: the checkpoint and the model are written; `bad-input` when the loss is no
   * number any more.
   */
  async run(): Promise<LoopRecord> {
    try {
      await this.mailbox.clear();
      await this.catchUp();
      while (!this.isSettled() && (this.record.steps === 0 || this.position.step < this.record.steps)) {
        throwIfCancelled(this.parts.context.signal);
        await this.steering.obey(this.parts.context.signal);
        await this.step();
        this.baseline ??= this.measureBaseline();
      }
      await this.baseline;
    } catch (error) {
      if (isCancelled(error)) await this.end('stopped');
      else await this.log.flush();
      throw error;
    }
    await this.end('finished');
    return this.record;
  }

  /** Whether so many measures were no better than the best that the rest would be for nothing. */
  private isSettled(): boolean {
    const { settings, steps } = this.record;
    const { best, step } = this.position;
    const { earlyStop = 0 } = settings;
    if (earlyStop === 0 || best === undefined || steps === 0) return false;
    return measuresBetween(best.step, step, steps) >= earlyStop;
  }

  /** Takes back what was logged after the checkpoint, and measures what was due when the run was stopped. */
  private async catchUp(): Promise<void> {
    const { metrics, step } = this.position;
    const isDue = metrics !== undefined && metrics.recallAt1 === undefined && this.isMeasureDue(step);
    await this.log.rewind(isDue ? step - 1 : step);
    if (isDue) await this.measure(metrics);
  }

  private async step(): Promise<void> {
    const start = performance.now();
    const metrics = await this.train();
    this.stepSeconds.push((performance.now() - start) / 1000);
    this.position = { ...this.position, step: metrics.step, metrics };
    if (this.record.steps === 0 && this.stepSeconds.length >= TIMED_STEPS) await this.settleLength();
    if (this.isMeasureDue(metrics.step)) await this.measure(metrics);
    else await this.log.add(metrics);
    this.report(this.position.metrics);
    if (this.isSaveDue(metrics.step)) await this.save(await this.parts.runner.getState());
  }

  /** The checkpoint is there before the run says that it waits: a process that is killed then loses nothing. */
  private async pause(): Promise<void> {
    this.record = { ...this.record, paused: true };
    await this.save(await this.parts.runner.getState());
    const { step } = this.position;
    const { steps, name } = this.record;
    this.parts.context.report({
      stage: 'Paused',
      ...{ done: step, total: Math.max(steps, TIMED_STEPS), unit: 'steps', run: name, paused: true },
    });
  }

  private async goOn(): Promise<void> {
    this.record = { ...this.record, paused: false };
    await writeRecord(this.parts.paths, this.record);
    this.reported = -Infinity;
  }

  /** Kept with the step, so that a run that goes on from an earlier checkpoint does the same again. */
  private async changeRate(factor: number): Promise<void> {
    const { rateChanges = [] } = this.record;
    this.record = { ...this.record, rateChanges: withRateChange(rateChanges, { step: this.position.step, factor }) };
    await writeRecord(this.parts.paths, this.record);
  }

  private isSaveDue(step: number): boolean {
    if (this.saved === -Infinity) return this.isMeasureDue(step) || performance.now() - this.started >= this.interval;
    return performance.now() - this.saved >= this.interval;
  }

  private async train(): Promise<TrainingMetrics> {
    const { runner, batches, input, batchSize, classes } = this.parts;
    const { step } = this.position;
    const { settings, rateChanges = [], steps } = this.record;
    const learningRate = learningRateAt(settings, rateChanges, step, steps);
    const asked = performance.now();
    const { values, labels, relation } = await batches.next();
    const waitSeconds = (performance.now() - asked) / 1000;
    const outputs = await runner.run({
      [input.name]: { shape: [batchSize, ...input.shape], data: values },
      labels: { shape: [batchSize], data: labels },
      ...(relation === undefined ? {} : { relation: { shape: [batchSize, batchSize], data: relation } }),
      ...stepInputs(settings, { batchSize, classes }, step, steps),
      learningRate: hostScalar(learningRate),
    });
    const loss = outputs['loss'].data[0];
    if (!Number.isFinite(loss)) throw this.diverged();
    return {
      step: step + 1,
      loss,
      activeShare: outputs['activeShare'].data[0],
      ...('parts' in outputs ? { lossParts: Array.from(outputs['parts'].data) } : {}),
      imagesPerSecond: this.speed(),
      seconds: this.secondsBefore + this.trainedFor() / 1000,
      waitSeconds,
      learningRate,
    };
  }

  /** Milliseconds, without those that it was paused. */
  private trainedFor(): number {
    return performance.now() - this.started - this.steering.pausedFor;
  }

  private measureBaseline(): Promise<void> {
    const { baseline } = this.parts;
    if (baseline === undefined || this.record.baselineRecallAt1 !== undefined) return Promise.resolve();
    const measured = baseline().then((recall) => {
      this.record = { ...this.record, baselineRecallAt1: recall };
    });
    // Told at the end of the run; a run that is stopped before goes on without.
    measured.catch(() => undefined);
    return measured;
  }

  /** Turns the minutes into steps, from the steps that were timed; they are recorded, so that a run can be repeated exactly. */
  private async settleLength(): Promise<void> {
    const { budget } = this.record.settings;
    if (!('minutes' in budget)) return;
    const timing = {
      stepSeconds: this.stepSeconds,
      elapsed: (performance.now() - this.parts.began - this.steering.pausedFor) / 1000,
      batchSize: this.parts.batchSize,
      measured: this.parts.measure?.count ?? 0,
    };
    this.record = { ...this.record, steps: this.firstStep + stepsFor(budget.minutes, timing) };
    await this.save(await this.parts.runner.getState());
  }

  private isMeasureDue(step: number): boolean {
    return this.parts.measure !== undefined && this.record.steps > 0 && step > 0 && isMeasured(step, this.record.steps);
  }

  /** Measures, keeps the weights when they are the best so far, and logs the step's line with the measure. */
  private async measure(metrics: TrainingMetrics): Promise<void> {
    const state = await this.parts.runner.getState();
    if (!allFinite(state)) throw this.diverged();
    const measured = await this.measured(state, metrics);
    if (measured === undefined) {
      await this.log.add(metrics);
      return;
    }
    const whole = { ...metrics, ...measured };
    this.position = { ...this.position, metrics: whole };
    const { recallAt1, meanAveragePrecision } = measured;
    const candidate = { step: metrics.step, recallAt1, meanAveragePrecision };
    if (isBetter(candidate, this.position.best)) {
      this.position = { ...this.position, best: candidate };
      this.unsavedBest = { ...this.position, state: inferenceState(state) };
    }
    await this.keepProbes(metrics.step);
    await this.log.add(whole);
  }

  /** The pictures behind the numbers; when the run is stopped meanwhile, the measure counts without them. */
  private async keepProbes(step: number): Promise<void> {
    const { measure, table, context } = this.parts;
    const rows = measure?.newest;
    if (rows === undefined || context.signal.aborted) return;
    try {
      await keepProbes(this.files.probes, table, rows.items, step, await insightOf(rows, context.signal));
    } catch (error) {
      if (!isCancelled(error)) throw error;
    }
  }

  /** When it is cancelled in the middle, the step's line is logged as it is. */
  private async measured(state: HostTensors, metrics: TrainingMetrics): Promise<HeldOutMeasures | undefined> {
    try {
      return await this.parts.measure?.measures(state, this.parts.context.signal);
    } catch (error) {
      if (isCancelled(error)) await this.log.add(metrics);
      throw error;
    }
  }

  /** The best weights go first: what the last checkpoint says of them is true then. */
  private async save(state: HostTensors): Promise<void> {
    if (!allFinite(state)) throw this.diverged();
    await this.log.flush();
    if (this.unsavedBest) {
      await writeCheckpoint(this.files.bestCheckpoint, this.unsavedBest);
      await writeFileAtomic(this.files.model, this.parts.exportModel(this.unsavedBest.state));
      this.unsavedBest = undefined;
    }
    await writeCheckpoint(this.files.lastCheckpoint, { ...this.position, state });
    const problems = [...this.problems, ...this.parts.pixelProblems()];
    this.record = { ...this.record, step: this.position.step, best: this.position.best, problems };
    await writeRecord(this.parts.paths, this.record);
    this.saved = performance.now();
  }

  private async end(state: 'finished' | 'stopped'): Promise<void> {
    const values = await this.parts.runner.getState();
    await this.save(values);
    if (this.position.best === undefined || !(await exists(this.files.model))) {
      await writeFileAtomic(this.files.model, this.parts.exportModel(values));
    }
    this.record = { ...this.record, state, paused: false };
    await writeRecord(this.parts.paths, this.record);
    // What was asked in the last moment has come true, or cannot any more.
    await this.mailbox.clear();
  }

  private diverged(): KindredError {
    const { learningRate } = this.record.settings;
    return new KindredError('bad-input', `The loss is no longer a number after ${this.position.step} steps.`, {
      remedy: `Train again with a smaller learning rate (it is ${learningRate} now); the checkpoint before it is kept.`,
      path: this.files.folder,
    });
  }

  /** Images a second over the last steps. */
  private speed(): number {
    const recent = this.stepSeconds.slice(-10);
    const seconds = recent.reduce((sum, value) => sum + value, 0);
    return seconds === 0 ? 0 : (recent.length * this.parts.batchSize) / seconds;
  }

  private report(metrics: TrainingMetrics | undefined): void {
    const now = performance.now();
    const { step } = this.position;
    const { steps, settings, name } = this.record;
    const isNews = metrics?.recallAt1 !== undefined || step === steps;
    if (!isNews && now - this.reported < REPORT_MS) return;
    this.reported = now;
    const perStep = this.trainedFor() / 1000 / (step - this.firstStep);
    const secondsLeft =
      steps > 0 ? perStep * (steps - step) : 'minutes' in settings.budget ? settings.budget.minutes * 60 : 0;
    const stage = steps > 0 ? 'Training' : 'Timing the first steps';
    const total = steps > 0 ? steps : TIMED_STEPS;
    const progress = { stage, done: step, total, unit: 'steps', secondsLeft, run: name };
    this.parts.context.report(metrics === undefined ? progress : { ...progress, metrics });
  }
}
