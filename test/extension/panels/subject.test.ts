import { describe, expect, it } from 'vitest';
import { isModelId, isPanelCommand, isSubject, RELAYED, subjectOf } from '../../../src/extension/panels/subject';
import { RELAYED_METHODS } from '../../../src/webview/protocol';

const dataset = { root: '/data/cats' };

describe('subjects of panels', () => {
  it.each([
    { view: 'explore', dataset, model: 'descriptor' },
    { view: 'review', dataset: { root: '/data', store: '/store' }, model: 'run:a' },
    { view: 'training', dataset, run: 'a' },
    { view: 'training', dataset, run: '', page: 'new' },
    { view: 'training', dataset, run: 'a', page: 'run' },
    { view: 'training', dataset, run: 'a', page: 'compare' },
  ])('takes %j', (subject) => {
    expect(isSubject(subject)).toBe(true);
    expect(subjectOf({ subject, more: 1 }, subject.view as 'explore')).toEqual(subject);
  });

  it.each([
    undefined,
    null,
    'explore',
    { view: 'explore', dataset },
    { view: 'explore', dataset, model: 'resnet' },
    { view: 'explore', dataset, model: 'run:' },
    { view: 'explore', dataset: { root: 'relative' }, model: 'pixels' },
    { view: 'explore', dataset: { root: '/data', store: 'relative' }, model: 'pixels' },
    { view: 'training', dataset, run: '' },
    { view: 'training', dataset, run: '', page: 'run' },
    { view: 'training', dataset, run: 'a', page: 'other' },
    { view: 'settings', dataset, model: 'pixels' },
  ])('refuses %j', (subject) => expect(isSubject(subject)).toBe(false));

  it('refuses a state of another view, or none', () => {
    expect(subjectOf({ subject: { view: 'training', dataset, run: 'a' } }, 'explore')).toBeUndefined();
    expect(subjectOf(undefined, 'explore')).toBeUndefined();
    expect(subjectOf({}, 'explore')).toBeUndefined();
  });
});

it('relays exactly what the protocol names', () => {
  expect(Object.keys(RELAYED).sort()).toEqual([...RELAYED_METHODS].sort());
});

it('lets a panel run only the commands of the protocol', () => {
  expect(isPanelCommand('kindred.train')).toBe(true);
  for (const command of ['kindred.removeDataset', 'workbench.action.terminal.sendSequence', 'toString', 7, undefined]) {
    expect(isPanelCommand(command)).toBe(false);
  }
});

it('knows models by their ids', () => {
  expect(['descriptor', 'pixels', 'run:x', 'vectors:clip'].every(isModelId)).toBe(true);
  expect([undefined, 'run', 'run:', 'vectors:', 3, 'Descriptor'].some(isModelId)).toBe(false);
});
