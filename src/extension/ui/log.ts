import * as vscode from 'vscode';

let channel: vscode.LogOutputChannel | undefined;

/** Kindred's output channel, made with the first line. Its level is set by VS Code's "Set Log Level". */
export function log(): vscode.LogOutputChannel {
  channel ??= vscode.window.createOutputChannel('Kindred', { log: true });
  return channel;
}

export function disposeLog(): void {
  channel?.dispose();
  channel = undefined;
}
