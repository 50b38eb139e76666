import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { DatasetRef } from '../../src/trainer/protocol';
import { kindred } from './suite/kindred';
import { Stalls } from './suite/stalls';

/**
 * Called in the extension host by test/vscode/manyItems.test.ts: opens the workspace folder as a dataset, explores its descriptors,
 * and writes how long the extension host was ever busy at a stretch. `done.txt` says when the window is done with looking.
 */
export async function run(): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  if (!folder) throw new Error('There is no folder.');
  const { trainer } = await kindred();
  const stalls = new Stalls();
  const dataset = await vscode.commands.executeCommand<DatasetRef>('kindred.openDataset', folder);
  const opened = stalls.next();
  await vscode.commands.executeCommand('kindred.explore', { dataset, model: 'descriptor' });
  await trainer.call('embedding.compute', { dataset, model: 'descriptor' });
  const embedded = stalls.next();
  while (!(await isDone(folder.fsPath))) await new Promise((resolve) => setTimeout(resolve, 200));
  const explored = stalls.next();
  stalls.dispose();
  await writeFile(path.join(folder.fsPath, 'stalls.json'), JSON.stringify({ opened, embedded, explored }));
}

async function isDone(folder: string): Promise<boolean> {
  return readFile(path.join(folder, 'done.txt')).then(
    () => true,
    () => false,
  );
}
