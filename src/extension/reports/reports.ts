import * as vscode from 'vscode';
import { Disposable } from '../disposable';
import { EvaluationReports } from './evaluationReport';

const SCHEME = 'kindred-report';

/** Reports are read-only Markdown documents, shown as VS Code's own preview; those of evaluations are pages of their own. */
export class Reports extends Disposable implements vscode.TextDocumentContentProvider {
  private readonly texts = new Map<string, string>();
  private readonly changed = this.register(new vscode.EventEmitter<vscode.Uri>());
  readonly onDidChange = this.changed.event;
  readonly evaluations = this.register(new EvaluationReports());

  constructor() {
    super();
    this.register(vscode.workspace.registerTextDocumentContentProvider(SCHEME, this));
    this.register(
      vscode.workspace.onDidCloseTextDocument(({ uri }) => uri.scheme === SCHEME && this.texts.delete(uri.toString())),
    );
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.toString()) ?? '';
  }

  /** Shows `text`; a report of the same name takes the place of the one before. */
  async show(name: string, text: string): Promise<vscode.Uri> {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${name.replace(/[\\/]/g, '-')}.md` });
    this.texts.set(uri.toString(), text);
    this.changed.fire(uri);
    try {
      await vscode.commands.executeCommand('markdown.showPreview', uri);
    } catch {
      // The Markdown extension is disabled: the plain text reads well too.
      await vscode.window.showTextDocument(uri, { preview: true });
    }
    return uri;
  }
}
