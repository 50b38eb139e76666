import * as vscode from 'vscode';
import { Disposable } from '../disposable';
import { t } from '../ui/l10n';

/** Shows the HTML reports of evaluations, each in a tab: the same file that a browser shows, which loads nothing by its own policy. */
export class EvaluationReports extends Disposable {
  private readonly panels = new Map<string, vscode.WebviewPanel>();

  constructor() {
    super();
    this.register({
      dispose: () => {
        for (const panel of this.panels.values()) panel.dispose();
      },
    });
  }

  /** A report of the same file takes the place of the one before. */
  show(title: string, { file, html }: { readonly file: string; readonly html: string }): vscode.WebviewPanel {
    const panel = this.panels.get(file) ?? this.create(file);
    panel.title = title;
    panel.webview.html = html;
    panel.reveal();
    void this.offerBrowser(file);
    return panel;
  }

  private create(file: string): vscode.WebviewPanel {
    // Its one script sorts the tables.
    const options = {
      enableScripts: true,
      enableFindWidget: true,
      localResourceRoots: [],
      retainContextWhenHidden: false,
    };
    const panel = vscode.window.createWebviewPanel('kindred.evaluation', '', vscode.ViewColumn.Active, options);
    this.panels.set(file, panel);
    panel.onDidDispose(() => this.panels.delete(file));
    return panel;
  }

  private async offerBrowser(file: string): Promise<void> {
    const open = t('Open in Browser');
    const folder = t('Show File');
    const choice = await vscode.window.showInformationMessage(
      t('The report is one file, to keep or to send: {0}', file),
      open,
      folder,
    );
    if (choice === open) await vscode.env.openExternal(vscode.Uri.file(file));
    if (choice === folder) await vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(file));
  }
}
