import path from 'node:path';
import * as vscode from 'vscode';
import type { ConfigurationProblem, DatasetRef, TextPosition } from '../../trainer/protocol';
import type { Trainer } from '../client/trainer';
import type { Datasets } from '../datasets/datasets';
import { Disposable } from '../disposable';
import { log } from '../ui/log';
import { configurationFile } from './configuration';

/** The person is still typing. */
const DELAY_MS = 300;

/** Marks in an open kindred.json what the trainer would refuse, by its own rules. */
export class ConfigurationDiagnostics extends Disposable {
  private readonly collection = this.register(vscode.languages.createDiagnosticCollection('kindred'));
  private readonly timers = new Map<string, NodeJS.Timeout>();

  constructor(
    private readonly trainer: Trainer,
    private readonly datasets: Datasets,
  ) {
    super();
    this.register({ dispose: () => this.timers.forEach(clearTimeout) });
    this.register(vscode.workspace.onDidOpenTextDocument((document) => this.schedule(document, 0)));
    this.register(vscode.workspace.onDidChangeTextDocument(({ document }) => this.schedule(document, DELAY_MS)));
    this.register(vscode.workspace.onDidCloseTextDocument((document) => this.collection.delete(document.uri)));
    this.register(datasets.onDidChange(() => this.scheduleAll()));
    this.scheduleAll();
  }

  private scheduleAll(): void {
    for (const document of vscode.workspace.textDocuments) this.schedule(document, 0);
  }

  private schedule(document: vscode.TextDocument, delay: number): void {
    if (document.uri.scheme !== 'file' || path.basename(document.fileName) !== 'kindred.json') return;
    const key = document.uri.toString();
    clearTimeout(this.timers.get(key));
    this.timers.set(
      key,
      setTimeout(() => void this.check(document), delay),
    );
  }

  private async check(document: vscode.TextDocument): Promise<void> {
    const dataset = this.datasets.all.find((ref) => configurationFile(ref) === document.fileName);
    if (dataset === undefined) {
      this.collection.delete(document.uri);
      return;
    }
    const { version } = document;
    const problems = await this.problems(dataset, document.getText());
    if (document.isClosed || document.version !== version) return;
    this.collection.set(document.uri, problems.map(diagnostic));
  }

  /** None when they cannot be found out: the training itself tells what it refuses. */
  private async problems(dataset: DatasetRef, text: string): Promise<readonly ConfigurationProblem[]> {
    try {
      return await this.trainer.call('training.checkFile', { dataset, text });
    } catch (error) {
      log().info(`kindred.json could not be checked: ${String(error)}`);
      return [];
    }
  }
}

function diagnostic({ start, end, message, remedy }: ConfigurationProblem): vscode.Diagnostic {
  const range = new vscode.Range(position(start), position(end));
  const found = new vscode.Diagnostic(range, `${message} ${remedy}`, vscode.DiagnosticSeverity.Error);
  found.source = 'Kindred';
  return found;
}

function position({ line, character }: TextPosition): vscode.Position {
  return new vscode.Position(line, character);
}
