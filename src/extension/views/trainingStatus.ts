import * as vscode from 'vscode';
import { datasetName } from '../datasets/datasetRef';
import { Disposable } from '../disposable';
import type { TrainingJob, TrainingJobs } from '../training/trainingJobs';
import { t } from '../ui/l10n';
import { percent, timeLeft, trainingText } from '../ui/progressText';

/** The status bar's word on the training that goes on; a click opens its panel. */
export class TrainingStatus extends Disposable {
  private readonly item = this.register(
    vscode.window.createStatusBarItem('kindred.training', vscode.StatusBarAlignment.Left, 0),
  );

  private toldPaused = false;

  constructor(private readonly jobs: TrainingJobs) {
    super();
    this.item.name = t('Kindred Training');
    this.item.command = 'kindred.showTraining';
    this.register(jobs.onDidProgress((job) => this.show(job)));
    this.register(jobs.onDidChange(() => this.update()));
  }

  private update(): void {
    const job = this.jobs.current;
    void vscode.commands.executeCommand('setContext', 'kindred.training', job !== undefined);
    if (job) this.show(job);
    else {
      void this.tellPaused(false);
      this.item.hide();
    }
  }

  /** For the commands that make sense only then, or only otherwise. */
  private async tellPaused(paused: boolean): Promise<void> {
    if (paused === this.toldPaused) return;
    this.toldPaused = paused;
    await vscode.commands.executeCommand('setContext', 'kindred.trainingPaused', paused);
  }

  private show(job: TrainingJob): void {
    const { progress, latest } = job;
    const share = progress && progress.total > 0 ? ` ${percent(progress.done / progress.total)}` : '';
    const paused = progress?.paused === true;
    void this.tellPaused(paused);
    const done = `${progress?.stage ?? t('Preparing')}${share}`;
    const recall = latest.recallAt1 === undefined ? [] : [t('Recall@1 {0}', percent(latest.recallAt1))];
    const left = progress ? [timeLeft(progress, t)].filter((text) => text !== undefined) : [];
    this.item.text = [`$(${paused ? 'debug-pause' : 'sync~spin'}) ${done}`, ...recall, ...left].join(' · ');
    const where = t('Training on {0}', datasetName(job.dataset));
    this.item.tooltip = progress ? `${where}\n${trainingText(progress, latest, t)}` : where;
    this.item.accessibilityInformation = { label: `${where}, ${done}`, role: 'button' };
    this.item.show();
  }
}
