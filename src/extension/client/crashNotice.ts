import * as vscode from 'vscode';
import type { TrainingJobs } from '../training/trainingJobs';
import { guarded } from '../ui/errors';
import { t } from '../ui/l10n';
import { log } from '../ui/log';
import type { Trainer } from './trainer';
import type { TrainerCrash } from './trainerClient';

/** Tells the person that the trainer stopped, what became of their work, and how to go on. */
export function crashNotices(trainer: Trainer, jobs: TrainingJobs): vscode.Disposable {
  return trainer.onDidCrash(guarded((crash) => notice(crash, jobs)));
}

async function notice(crash: TrainerCrash, jobs: TrainingJobs): Promise<void> {
  const training = crash.interrupted.some((method) => method === 'training.run' || method === 'training.resume');
  const job = training ? jobs.current : undefined;
  const showLog = t('Show Log');
  const resume = t('Resume');
  const canResume = job?.run !== undefined && !crash.givenUp;
  const choice = await vscode.window.showErrorMessage(
    [lead(crash), safety(training, job?.run)].join(' '),
    ...(canResume ? [resume] : []),
    showLog,
  );
  if (choice === showLog) log().show();
  if (choice === resume && job?.run !== undefined) {
    await vscode.commands.executeCommand('kindred.resumeRun', { dataset: job.dataset, run: job.run });
  }
}

function lead(crash: TrainerCrash): string {
  return crash.givenUp
    ? t('The trainer stopped three times within a minute and is not started again for now.')
    : t('The trainer stopped unexpectedly. It is started again when it is needed.');
}

function safety(training: boolean, run: string | undefined): string {
  if (training && run !== undefined) {
    return t('Nothing is lost: decisions are on the disk, and run "{0}" goes on from its last checkpoint.', run);
  }
  return t('Nothing is lost: decisions and finished work are on the disk.');
}
