import * as vscode from 'vscode';
import { curationCommands } from './commands/curationCommands';
import { datasetCommands } from './commands/datasetCommands';
import { exportCommands } from './commands/exportCommands';
import { engineCommands } from './commands/engineCommands';
import { importCommands } from './commands/importCommands';
import { runCommands } from './commands/runCommands';
import type { Commands, Services } from './commands/services';
import { viewCommands } from './commands/viewCommands';
import { Datasets } from './datasets/datasets';
import { Panels, type PanelChange } from './panels/panels';
import { Reports } from './reports/reports';
import { crashNotices } from './client/crashNotice';
import { Trainer } from './client/trainer';
import { ConfigurationDiagnostics } from './training/configurationDiagnostics';
import { TrainingJobs } from './training/trainingJobs';
import { guarded } from './ui/errors';
import { disposeLog } from './ui/log';
import { DatasetTree } from './views/datasetTree';
import { TrainingStatus } from './views/trainingStatus';

/** Puts the parts together. What it returns is for the tests that run inside VS Code. */
export function activate(extension: vscode.ExtensionContext): Services {
  const keep = <T extends vscode.Disposable>(part: T): T => {
    extension.subscriptions.push(part);
    return part;
  };
  keep({ dispose: disposeLog });
  const trainer = keep(new Trainer(extension.extensionPath, extension.globalStorageUri.fsPath));
  const datasets = keep(new Datasets(trainer, extension.workspaceState));
  const jobs = keep(new TrainingJobs(trainer));
  const panels = keep(new Panels(extension.extensionUri, trainer, jobs));
  const tree = keep(new DatasetTree(datasets, jobs));
  const reports = keep(new Reports());
  const services: Services = { extension, trainer, datasets, jobs, panels, tree, reports };
  keep(new TrainingStatus(jobs));
  keep(new ConfigurationDiagnostics(trainer, datasets));
  keep(crashNotices(trainer, jobs));
  keep(panels.onDidChange((change) => tellOthers(services, change)));
  for (const commands of [
    datasetCommands,
    runCommands,
    viewCommands,
    curationCommands,
    importCommands,
    exportCommands,
    engineCommands,
  ]) {
    register(commands(services), keep);
  }
  void guarded(() => datasets.recognise())();
  return services;
}

function register(commands: Commands, keep: (part: vscode.Disposable) => void): void {
  for (const [name, run] of Object.entries(commands)) {
    keep(
      vscode.commands.registerCommand(
        name,
        guarded((...args: unknown[]) => Promise.resolve().then(() => run(...args))),
      ),
    );
  }
}

/** A panel changed something: the tree and the other panels show it too. */
function tellOthers({ datasets, panels }: Services, { source, what }: PanelChange): void {
  const { dataset } = source.subject;
  datasets.refresh(dataset);
  panels.refresh(dataset, what, source);
}
