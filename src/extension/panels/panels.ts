import * as vscode from 'vscode';
import type { DatasetRef } from '../../trainer/protocol';
import type { PanelProtocol, PanelSubject } from '../../webview/protocol';
import { sameDataset } from '../datasets/datasetRef';
import { Disposable } from '../disposable';
import type { Trainer } from '../client/trainer';
import type { TrainingJobs } from '../training/trainingJobs';
import { Panel, webviewOptions, type PanelServices } from './panel';
import { SharedCalls } from './sharedCalls';
import { subjectOf, type PanelView } from './subject';

const VIEWS: readonly PanelView[] = ['explore', 'review', 'suspects', 'training'];

type Change = PanelProtocol['panel.refresh']['params']['what'];

export interface PanelChange {
  readonly source: Panel;
  readonly what: Change;
}

/** All open panels: at most one of a view for a dataset. They come back after a reload of the window. */
export class Panels extends Disposable {
  private readonly open = new Set<Panel>();
  private readonly changed = this.register(new vscode.EventEmitter<PanelChange>());
  /** A panel changed something of a dataset. */
  readonly onDidChange = this.changed.event;
  private readonly services: PanelServices;

  constructor(extensionUri: vscode.Uri, trainer: Trainer, jobs: TrainingJobs) {
    super();
    this.services = {
      extensionUri,
      trainer,
      jobs,
      shared: new SharedCalls(),
      onDidChange: (source, what) => this.changed.fire({ source, what }),
    };
    this.register({ dispose: () => this.open.forEach((panel) => panel.dispose()) });
    for (const view of VIEWS) this.register(this.serializer(view));
    this.register(
      jobs.onDidProgress((job) => {
        if (!job.progress) return;
        for (const panel of this.of(job.dataset)) {
          const { subject } = panel;
          if (subject.view === 'training' && subject.run === job.run) panel.tell('training.progress', job.progress);
        }
      }),
    );
  }

  /** The panel that has the focus, if it is one of Kindred's. */
  get active(): Panel | undefined {
    return [...this.open].find((panel) => panel.active);
  }

  get all(): readonly Panel[] {
    return [...this.open];
  }

  show(subject: PanelSubject): Panel {
    const known = this.of(subject.dataset).find((panel) => panel.subject.view === subject.view);
    if (known) {
      known.reveal(subject);
      return known;
    }
    const { extensionUri } = this.services;
    const column = vscode.window.activeTextEditor?.viewColumn ?? vscode.ViewColumn.Active;
    return this.host(
      vscode.window.createWebviewPanel(viewType(subject.view), '', column, webviewOptions(extensionUri)),
      subject,
    );
  }

  /** Tells the panels of a dataset that what they show has changed; not the one that changed it, which knows. */
  refresh(dataset: DatasetRef, what: Change, except?: Panel): void {
    for (const panel of this.of(dataset)) if (panel !== except) panel.tell('panel.refresh', { what });
  }

  closeAll(dataset: DatasetRef): void {
    for (const panel of this.of(dataset)) panel.close();
  }

  of(dataset: DatasetRef): Panel[] {
    return [...this.open].filter((panel) => sameDataset(panel.subject.dataset, dataset));
  }

  /** Takes over a panel of the window before, with the state that its page had kept. */
  restore(webviewPanel: vscode.WebviewPanel, view: PanelView, state: unknown): void {
    const subject = subjectOf(state, view);
    // A state that cannot be read shows nothing, so the empty frame is not left behind.
    if (subject === undefined) webviewPanel.dispose();
    else this.host(webviewPanel, subject);
  }

  private host(webviewPanel: vscode.WebviewPanel, subject: PanelSubject): Panel {
    const panel = new Panel(webviewPanel, subject, this.services);
    this.open.add(panel);
    panel.onDidDispose(() => this.open.delete(panel));
    return panel;
  }

  private serializer(view: PanelView): vscode.Disposable {
    return vscode.window.registerWebviewPanelSerializer(viewType(view), {
      deserializeWebviewPanel: (webviewPanel, state) => {
        this.restore(webviewPanel, view, state);
        return Promise.resolve();
      },
    });
  }
}

export function viewType(view: PanelView): string {
  return `kindred.${view}`;
}
