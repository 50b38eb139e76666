import path from 'node:path';
import * as vscode from 'vscode';
import type { CallOptions } from '../../rpc/rpc';
import type { TrainerProtocol } from '../../trainer/protocol';
import { Disposable } from '../disposable';
import { log } from '../ui/log';
import { settings } from '../ui/settings';
import { TrainerClient, type TrainerCrash, type TrainerMethod } from './trainerClient';

/** Settings that the trainer is told when it starts. */
const COMPUTING = ['kindred.threads', 'kindred.engine', 'kindred.device'];

function environment(storage: string): Record<string, string> {
  const [engine, device, threads] = [settings.engine(), settings.device(), settings.threads()];
  return {
    KINDRED_TENSORFLOW: process.env['KINDRED_TENSORFLOW'] ?? path.join(storage, 'tensorflow'),
    // What the editor itself was started with holds unless a setting says otherwise.
    ...(engine === 'auto' ? {} : { KINDRED_ENGINE: engine }),
    ...(device === 'auto' ? {} : { KINDRED_DEVICE: device }),
    ...(threads > 0 ? { KINDRED_THREADS: String(threads) } : {}),
  };
}

/** The trainer of this window: its process, its log, and word of its crashes. */
export class Trainer extends Disposable {
  private readonly crashed = this.register(new vscode.EventEmitter<TrainerCrash>());
  readonly onDidCrash = this.crashed.event;
  private readonly client: TrainerClient;

  /** @param storage the extension's own folder, of all windows */
  constructor(extensionPath: string, storage: string) {
    super();
    this.client = new TrainerClient({
      launch: () => ({
        entry: path.join(extensionPath, 'dist', 'trainer.js'),
        env: environment(storage),
        onLine: (line) => log().info(`[trainer] ${line}`),
      }),
      onStart: (pid) => log().info(`The trainer starts (process ${String(pid)}).`),
      onCrash: (crash) => this.tell(crash),
    });
    this.register({ dispose: () => this.client.dispose() });
    this.register(
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (COMPUTING.some((setting) => change.affectsConfiguration(setting))) this.client.recycle();
      }),
    );
  }

  get pid(): number | undefined {
    return this.client.pid;
  }

  call<K extends TrainerMethod>(
    method: K,
    params: TrainerProtocol[K]['params'],
    options?: CallOptions<TrainerProtocol[K]['progress']>,
  ): Promise<TrainerProtocol[K]['result']> {
    return this.client.call(method, params, options);
  }

  /** Has the next call start a new trainer; the old one ends when it is idle. */
  recycle(): void {
    this.client.recycle();
  }

  private tell(crash: TrainerCrash): void {
    const how = crash.exit.signal ?? `exit code ${String(crash.exit.code)}`;
    log().error(`The trainer stopped unexpectedly (${how}) during: ${crash.interrupted.join(', ') || 'nothing'}.`);
    this.crashed.fire(crash);
  }
}
