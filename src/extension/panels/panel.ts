import path from 'node:path';
import * as vscode from 'vscode';
import { isCancelled, KindredError } from '../../rpc/errors';
import type { Handlers } from '../../rpc/rpc';
import type { DatasetRef, ModelId, TrainingProgress } from '../../trainer/protocol';
import type { HostProtocol, PanelProtocol, PanelSubject, TrainingPage } from '../../webview/protocol';
import { datasetName } from '../datasets/datasetRef';
import { Disposable, type DisposableLike } from '../disposable';
import type { Trainer } from '../client/trainer';
import { withPreferredBudget } from '../training/preferredBudget';
import { saveConfiguration } from '../training/saveConfiguration';
import type { TrainingJobs } from '../training/trainingJobs';
import { t } from '../ui/l10n';
import { log } from '../ui/log';
import { settings } from '../ui/settings';
import { panelHtml } from './html';
import { openItem, revealItem } from './itemFile';
import { PageChannel, type PageRpc } from './pageChannel';
import { relays } from './relay';
import type { SharedCalls } from './sharedCalls';
import { isModelId, isPanelCommand, isTrainingPage } from './subject';

export interface PanelServices {
  readonly extensionUri: vscode.Uri;
  readonly trainer: Trainer;
  readonly jobs: TrainingJobs;
  readonly shared: SharedCalls;
  /** A panel changed what others may show. */
  readonly onDidChange: (source: Panel, what: PanelProtocol['panel.refresh']['params']['what']) => void;
}

/** One webview panel: its document, the channel to its page, and what it shows. */
export class Panel extends Disposable {
  private readonly channel: PageChannel;
  /** Gives up the shared work that a hidden page still wants. */
  private kept: (() => void)[] = [];

  constructor(
    private readonly webviewPanel: vscode.WebviewPanel,
    private shown: PanelSubject,
    private readonly services: PanelServices,
  ) {
    super();
    const { webview } = webviewPanel;
    this.channel = new PageChannel(
      (message) => void webview.postMessage(message),
      this.handlers(),
      (page) => this.greet(page),
    );
    this.register({ dispose: () => this.kept.forEach((release) => release()) });
    this.register({ dispose: () => this.channel.end() });
    this.register(webview.onDidReceiveMessage((message) => this.channel.receive(message)));
    this.register(webviewPanel.onDidChangeViewState(() => webviewPanel.visible || this.channel.end()));
    this.register(webviewPanel.onDidDispose(() => this.dispose()));
    webview.options = webviewOptions(services.extensionUri);
    this.title();
    webview.html = this.html();
  }

  get subject(): PanelSubject {
    return this.shown;
  }

  get active(): boolean {
    return this.webviewPanel.active;
  }

  /** Its page has made itself known. */
  get ready(): boolean {
    return this.channel.page !== undefined;
  }

  onDidDispose(listener: () => void): DisposableLike {
    return this.webviewPanel.onDidDispose(listener);
  }

  /** Brings it to the front, showing `subject`. */
  reveal(subject: PanelSubject): void {
    this.shown = subject;
    this.title();
    this.webviewPanel.reveal();
    this.tell('panel.show', subject);
  }

  /** Calls the page when there is one; a hidden panel asks for all it needs when it comes back. */
  tell<K extends keyof PanelProtocol>(method: K, params: PanelProtocol[K]['params']): void {
    this.channel.page?.call(method, params).catch((error: unknown) => {
      const gone = error instanceof KindredError && error.code === 'disconnected';
      if (!gone && !isCancelled(error)) log().error(`Panel ${this.shown.view}: ${method}: ${String(error)}`);
    });
  }

  close(): void {
    this.webviewPanel.dispose();
  }

  private greet(page: PageRpc): void {
    const progress = this.progressOfRun();
    if (progress) page.call('training.progress', progress).catch(() => undefined);
    // A page asks again for what it still wants; what it does not ask for is given up.
    const kept = this.kept.splice(0);
    setTimeout(() => kept.forEach((release) => release()), 10_000);
  }

  private progressOfRun(): TrainingProgress | undefined {
    const { shown } = this;
    const running = shown.view === 'training' && this.services.jobs.isRunning(shown.dataset, shown.run);
    return running ? this.services.jobs.current?.progress : undefined;
  }

  private handlers(): Handlers<HostProtocol> {
    const { services } = this;
    const dataset = (): DatasetRef => this.shown.dataset;
    const relayed = relays({
      target: services.trainer,
      dataset,
      shared: services.shared,
      keep: (release) => this.keep(release),
      onDone: (method, params) => {
        if (method === 'embedding.compute' && 'model' in params) this.follow(params.model);
        if (method === 'embedding.compute') services.onDidChange(this, 'runs');
        if (method === 'decisions.record' || method === 'decisions.undo') services.onDidChange(this, 'decisions');
      },
    });
    return {
      ...relayed,
      'training.suggest': async (params, context) => {
        const suggestion = await relayed['training.suggest'](params, context);
        // A preset is a wish of the moment, and may say how long.
        if (params.preset !== undefined) return suggestion;
        return withPreferredBudget(params.dataset, suggestion, settings.trainingMinutes(), t);
      },
      'panel.subject': () => this.shown,
      'panel.openItem': ({ item }) => openItem(services.trainer, dataset(), item),
      'panel.revealItem': ({ item }) => revealItem(services.trainer, dataset(), item),
      'panel.command': (params) => this.command(params),
      'training.show': ({ run, page }) => this.showTraining(run, page),
      'training.save': (params) => saveConfiguration(dataset(), params.settings),
      'training.stop': () => this.stop(),
      'panel.log': ({ level, message }) => {
        log()[level === 'error' ? 'error' : 'info'](`[${this.shown.view}] ${message.slice(0, 10_000)}`);
        return null;
      },
    };
  }

  /** A page that is hidden (not one that cancels, nor a panel that is closed) keeps its part in long work. */
  private keep(release: () => void): boolean {
    if (this.disposed || this.channel.page !== undefined) return false;
    this.kept.push(release);
    return true;
  }

  /** The person chose another model in the panel: when its page is made anew, it is asked to show that one. */
  private follow(model: ModelId): void {
    if ('model' in this.shown && isModelId(model)) this.shown = { ...this.shown, model };
  }

  private command({ command, run, settings }: HostProtocol['panel.command']['params']): null {
    if (!isPanelCommand(command)) {
      throw new KindredError('invalid-argument', `A panel may not run the command "${String(command)}".`);
    }
    const { dataset } = this.shown;
    const named = run ?? (this.shown.view === 'training' ? this.shown.run : '');
    const argument = { dataset, ...(named === '' ? {} : { model: `run:${named}` }), ...(settings ? { settings } : {}) };
    // Not awaited: a command may ask the person something, and the panel must not wait for that.
    void vscode.commands.executeCommand(command, argument);
    return null;
  }

  private showTraining(run: string, page: TrainingPage): null {
    if (this.shown.view !== 'training' || !isTrainingPage(page, run)) {
      throw new KindredError('invalid-argument', 'There is no such page.');
    }
    this.shown = { ...this.shown, run, page };
    this.title();
    const progress = this.progressOfRun();
    if (progress) this.tell('training.progress', progress);
    return null;
  }

  private stop(): null {
    const { shown, services } = this;
    if (shown.view === 'training' && services.jobs.isRunning(shown.dataset, shown.run)) services.jobs.stop();
    return null;
  }

  private title(): void {
    const name = datasetName(this.shown.dataset);
    this.webviewPanel.title = titleOf(this.shown, name);
    const icon = (theme: string): vscode.Uri =>
      vscode.Uri.joinPath(this.services.extensionUri, 'media', 'panels', `${this.shown.view}-${theme}.svg`);
    this.webviewPanel.iconPath = { light: icon('light'), dark: icon('dark') };
  }

  private html(): string {
    const { webview } = this.webviewPanel;
    const folder = vscode.Uri.joinPath(this.services.extensionUri, 'dist', 'webview');
    return panelHtml({
      view: this.shown.view,
      title: this.webviewPanel.title,
      language: vscode.env.language,
      cspSource: webview.cspSource,
      resource: (file) => webview.asWebviewUri(vscode.Uri.joinPath(folder, ...file.split('/'))).toString(),
      loading: t('Loading...'),
    });
  }
}

function titleOf(subject: PanelSubject, name: string): string {
  switch (subject.view) {
    case 'explore':
      return t('Map: {0}', name);
    case 'review':
      return t('Duplicates: {0}', name);
    case 'suspects':
      return t('Suspected labels: {0}', name);
    case 'training':
      return t('Training: {0}', subject.run === '' ? name : subject.run);
  }
}

export function webviewOptions(extensionUri: vscode.Uri): vscode.WebviewOptions {
  const folders = [path.posix.join('dist', 'webview'), 'media'];
  return {
    enableScripts: true,
    localResourceRoots: folders.map((folder) => vscode.Uri.joinPath(extensionUri, folder)),
  };
}
