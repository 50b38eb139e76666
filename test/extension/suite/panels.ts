import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { PanelSubject } from '../../../src/webview/protocol';
import { dataset, kindred } from './kindred';
import { eventually, test } from './runner';

function tabs(viewType: string): vscode.Tab[] {
  return vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter((tab) => tab.input instanceof vscode.TabInputWebview && tab.input.viewType.endsWith(viewType));
}

test('the map opens on a dataset, its page makes itself known, and there is one for a dataset', async () => {
  const { panels } = await kindred();
  const ref = await dataset();
  await vscode.commands.executeCommand('kindred.explore', { dataset: ref, model: 'descriptor' });
  await eventually('the page has said that it is there', () => panels.all.at(0)?.ready);
  assert.equal(tabs('kindred.explore').length, 1);
  await vscode.commands.executeCommand('kindred.explore', { dataset: ref, model: 'pixels' });
  assert.equal(panels.all.length, 1);
  assert.deepEqual(panels.all[0].subject, { view: 'explore', dataset: ref, model: 'pixels' });
});

test('a hidden panel has no page, and has one again when it comes back', async () => {
  const { panels } = await kindred();
  const ref = await dataset();
  await vscode.commands.executeCommand('kindred.reviewDuplicates', { dataset: ref });
  await eventually('the duplicates are shown', () => panels.active?.subject.view === 'review' && panels.active.ready);
  const map = panels.all.find((panel) => panel.subject.view === 'explore');
  await eventually('the map is hidden', () => map?.ready === false);
  map?.reveal(map.subject);
  await eventually('the map is back', () => map?.ready);
});

test('panels of the window before are taken over, and those without a sound state closed', async () => {
  const { panels } = await kindred();
  panels.closeAll(await dataset());
  await eventually('all are closed', () => panels.all.length === 0);
  const ref = await dataset();
  const subject: PanelSubject = { view: 'explore', dataset: ref, model: 'descriptor' };
  const make = (): vscode.WebviewPanel =>
    vscode.window.createWebviewPanel('kindred.explore', 'before', vscode.ViewColumn.Active);
  panels.restore(make(), 'explore', { subject, zoom: 2 });
  assert.deepEqual(
    panels.all.map((panel) => panel.subject),
    [subject],
  );
  await eventually('the page is there', () => panels.all[0].ready);
  const unsound = make();
  let disposed = false;
  unsound.onDidDispose(() => (disposed = true));
  panels.restore(unsound, 'explore', { subject: { ...subject, dataset: { root: 'relative' } } });
  await eventually('it is closed', () => disposed);
  assert.equal(panels.all.length, 1);
  panels.closeAll(ref);
});
