import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Services } from '../../../src/extension/commands/services';
import type { DatasetRef } from '../../../src/trainer/protocol';
import { makeDataset } from './pictures';

export const ID = 'kindred.kindred';

/** The extension as VS Code has activated it. */
export async function kindred(): Promise<Services> {
  const extension = vscode.extensions.getExtension<Services>(ID);
  assert.ok(extension, `${ID} is not installed`);
  return extension.activate();
}

let opened: Promise<DatasetRef> | undefined;

/** A dataset made for this suite and opened by the command, once. */
export function dataset(): Promise<DatasetRef> {
  opened ??= open();
  return opened;
}

async function open(): Promise<DatasetRef> {
  const folder = vscode.Uri.file(await makeDataset());
  const ref = await vscode.commands.executeCommand<DatasetRef | undefined>('kindred.openDataset', folder);
  assert.equal(ref?.root, folder.fsPath);
  return ref;
}
