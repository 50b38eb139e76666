import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ID, kindred } from './kindred';
import { test } from './runner';

interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string; readonly title: string }[] };
}

test('every contributed command is registered, and every registered one contributed', async () => {
  await kindred();
  const manifest = vscode.extensions.getExtension(ID)?.packageJSON as Manifest;
  const contributed = manifest.contributes.commands.map((entry) => entry.command).sort();
  // VS Code adds commands of its own for each view: focus, reset, toggle ...
  const isOwn = (name: string): boolean => name.startsWith('kindred.') && !name.startsWith('kindred.datasets.');
  const registered = (await vscode.commands.getCommands(true)).filter(isOwn).sort();
  assert.deepEqual(registered, contributed);
});

test('titles are translated', () => {
  const manifest = vscode.extensions.getExtension(ID)?.packageJSON as Manifest;
  for (const { title } of manifest.contributes.commands) assert.doesNotMatch(title, /%/);
});
