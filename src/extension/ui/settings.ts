import path from 'node:path';
import * as vscode from 'vscode';

/** The settings of package.json, each read when it is needed. */
export const settings = {
  /** Where stores go that are not kept inside their dataset's folder. */
  storeFolder(): string | undefined {
    const folder = configuration().get<string>('storeFolder')?.trim() ?? '';
    return path.isAbsolute(folder) ? folder : undefined;
  },

  /** Minutes of a training, when neither the person nor kindred.json says otherwise; 0 leaves it to the suggestion. */
  trainingMinutes(): number {
    return configuration().get<number>('training.minutes') ?? 0;
  },

  /** What trainings are computed with, and on: `auto` leaves it to the trainer. */
  engine(): string {
    return configuration().get<string>('engine') ?? 'auto';
  },

  device(): string {
    return configuration().get<string>('device') ?? 'auto';
  },

  /** Threads of the trainer; 0 leaves it to the trainer. */
  threads(): number {
    return configuration().get<number>('threads') ?? 0;
  },
};

function configuration(): vscode.WorkspaceConfiguration {
  return vscode.workspace.getConfiguration('kindred');
}
