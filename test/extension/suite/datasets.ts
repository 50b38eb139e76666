import assert from 'node:assert/strict';
import { access } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Node } from '../../../src/extension/views/nodes';
import type { DatasetRef } from '../../../src/trainer/protocol';
import { dataset, kindred } from './kindred';
import { ITEMS, makeDataset } from './pictures';
import { eventually, test } from './runner';

async function nodeOf(ref: DatasetRef): Promise<Node | undefined> {
  const { tree } = await kindred();
  return (await tree.getChildren()).find((node) => node.dataset.root === ref.root);
}

test('the tree shows an opened dataset with its items and problems', async () => {
  const { tree } = await kindred();
  const ref = await dataset();
  const node = await nodeOf(ref);
  assert.ok(node?.kind === 'dataset' && node.state.kind === 'ready');
  assert.equal(node.state.overview.summary.items, ITEMS);
  const parts = await tree.getChildren(node);
  assert.deepEqual(parts.map((part) => part.kind).slice(0, 2), ['items', 'problems']);
  const item = tree.getTreeItem(node);
  assert.equal(item.label, path.basename(ref.root));
  assert.equal(item.contextValue, 'dataset.ready');
});

test('the report of problems names the broken file', async () => {
  const ref = await dataset();
  await vscode.commands.executeCommand('kindred.showProblems', { dataset: ref });
  const text = await eventually('the report is open', () =>
    vscode.workspace.textDocuments.find((document) => document.uri.scheme === 'kindred-report')?.getText(),
  );
  assert.match(text, /class 1\/broken\.png/);
});

test('a dataset that is removed from the list stays on the disk', async () => {
  const { datasets } = await kindred();
  const root = await makeDataset();
  await vscode.commands.executeCommand('kindred.openDataset', vscode.Uri.file(root));
  const ref = datasets.find(root);
  assert.ok(ref);
  await vscode.commands.executeCommand('kindred.removeDataset', { dataset: ref });
  assert.equal(datasets.find(root), undefined);
  assert.equal(await nodeOf(ref), undefined);
  await access(path.join(root, 'class 0', '0.png'));
  await access(path.join(root, '.kindred'));
});

test('a folder that is not there is an error with a remedy, and is not listed', async () => {
  const { datasets, trainer } = await kindred();
  const ref = { root: path.join(path.parse(__dirname).root, 'no', 'such', 'folder') };
  await assert.rejects(trainer.call('dataset.open', { ref }), { name: 'KindredError' });
  await vscode.commands.executeCommand('kindred.openDataset', vscode.Uri.file(ref.root));
  assert.equal(datasets.find(ref.root), undefined);
});
