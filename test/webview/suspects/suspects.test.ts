import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/trainer/dataset/dataset';
import type { SuspectList } from '../../../src/trainer/protocol';
import { SuspectsModel } from '../../../src/webview/suspects/suspectsModel';
import { doubtWords } from '../../../src/webview/suspects/suspectWords';
import { seriousViolations } from '../harness/accessibility';
import { startHarness, type PanelHarness, type PanelUnderTest } from '../harness/harness';
import { expectText, shoot } from '../harness/shots';
import { startBackend, type Backend } from '../review/trainerBackend';

/** Three suspects of the emoji: a real mistake, one that looks like another, one that is like none. */
function suspectsOf({ items }: Dataset): SuspectList {
  const item = (path: string): number => items.paths.indexOf(path);
  const suspect = (path: string, nearestLabel: string, angle: number) => ({
    item: item(path),
    path,
    label: items.label.categories[items.label.codes[item(path)]],
    angle,
    nearestLabel,
  });
  return {
    run: 'arcface-1',
    threshold: 75,
    items: items.count,
    suspects: [
      suspect('train/1f697/apple by mistake.png', '1f34e', 93.2),
      suspect('train/1f436/large.png', '1f41f', 80),
      suspect('train/1f339/flat.jpg', '1f339', 76),
    ],
    exemplars: {
      '1f697': [item('train/1f697/google.png'), item('test/1f697/twitter.png')],
      '1f34e': [item('train/1f34e/google.png'), item('test/1f34e/twitter.png')],
      '1f436': [item('train/1f436/google.png')],
    },
  };
}

describe('the queue of suspected labels', () => {
  const suspect = (item: number, label: string, nearestLabel: string) => ({
    item,
    path: `${item}.png`,
    label,
    nearestLabel,
    angle: 80,
  });
  const model = (): SuspectsModel =>
    new SuspectsModel({
      run: 'r',
      threshold: 75,
      items: 4,
      exemplars: {},
      suspects: [suspect(7, 'cat', 'dog'), suspect(8, 'cat', 'cat'), suspect(9, 'dog', 'cat')],
    });
  const state = { decisions: [], keep: [], canUndo: true };

  it('suggests the label that it looks like, and to keep what looks like no other', () => {
    const queue = model();
    expect(queue.suggestion).toEqual({ kind: 'relabel', label: 'dog' });
    queue.select(1);
    expect(queue.suggestion).toEqual({ kind: 'label-right' });
  });

  it('goes on to what is undecided, round the end, and says when nothing is', () => {
    const queue = model();
    queue.confirm({ ...state, remove: [8], labelRight: [], relabel: [{ item: 7, label: 'dog' }] });
    expect([7, 8, 9].map((item) => queue.stateOf(item))).toEqual(['relabel', 'remove', 'undecided']);
    expect(queue.nextUndecided()).toBe(true);
    expect(queue.suspect?.item).toBe(9);
    queue.confirm({ ...state, remove: [8], labelRight: [9], relabel: [{ item: 7, label: 'dog' }] });
    expect(queue.nextUndecided()).toBe(false);
    expect(queue.reviewed).toBe(3);
  });

  it('takes an excluded item back when it gets a label, and takes its own label for right', () => {
    const queue = model();
    queue.confirm({ ...state, remove: [7] });
    const ref = { hash: 'h', path: '7.png' };
    const [first] = queue.suspects;
    expect(queue.verdictsOf(first, ref, { kind: 'relabel', label: 'cat' })).toEqual([
      { kind: 'keep', item: ref },
      { kind: 'label-right', item: ref, label: 'cat' },
    ]);
    queue.confirm({ ...state, remove: [] });
    expect(queue.verdictsOf(first, ref, { kind: 'relabel', label: 'owl' })).toEqual([
      { kind: 'relabel', item: ref, label: 'owl' },
    ]);
    expect(queue.verdictsOf(first, ref, { kind: 'remove' })).toEqual([{ kind: 'remove', item: ref }]);
  });

  it('doubts a list of most labels', () => {
    const { list } = model();
    expect(doubtWords(list)).toContain('3 suspects among 4 labels');
    expect(doubtWords({ ...list, items: 10 })).toBeUndefined();
  });
});

describe('reviewing suspected labels by keyboard', () => {
  let backend: Backend;
  let harness: PanelHarness;
  const opened: PanelUnderTest[] = [];

  beforeAll(async () => {
    backend = await startBackend((dataset) => ({ 'training.suspects': () => suspectsOf(dataset) }));
    harness = await startHarness({
      view: 'suspects',
      host: 'test/webview/suspects/suspectsHost.ts',
      data: backend.data,
    });
  });
  afterAll(async () => {
    await harness.close();
    await backend.close();
  });
  afterEach(async () => {
    for (const panel of opened.splice(0)) await panel.page.close();
  });

  async function open(options: Parameters<PanelHarness['open']>[0] = {}): Promise<PanelUnderTest> {
    const panel = await harness.open(options);
    opened.push(panel);
    await panel.frame.waitForSelector('.suspect-row');
    return panel;
  }

  it('shows the suspect between its label and what it looks like, in every theme', async () => {
    const panel = await open();
    await expectText(panel, '.case-title', 'Suspect 1 of 3');
    await expectText(panel, '.suspect-examples:nth-of-type(1)', 'Others labelled "1f697"');
    await expectText(panel, '.suspect-examples:nth-of-type(2)', 'Looks like "1f34e"');
    await expect.poll(() => panel.frame.locator('.suspect-stage img').count()).toBe(5);
    for (const theme of ['light', 'high-contrast', 'high-contrast-light', 'dark'] as const) {
      await panel.theme(theme);
      if (theme !== 'high-contrast-light') await shoot(panel, `suspects-${theme}`);
      expect(await seriousViolations(panel.frame)).toEqual([]);
    }
    await panel.page.keyboard.press('?');
    await panel.frame.waitForSelector('dialog[open]');
    expect(await seriousViolations(panel.frame)).toEqual([]);
    await panel.page.keyboard.press('x');
    await panel.page.keyboard.press('Escape');
    expect(await panel.calls('decisions.record')).toEqual([]);
    expect(panel.complaints).toEqual([]);
  });

  it('is decided to the end, undone in another session, and nothing is lost on the way', async () => {
    const panel = await open();
    const { keyboard } = panel.page;
    await keyboard.press('Enter');
    await expectText(panel, '.summary-count', '1 of 3');
    await expectText(panel, '.case-title', 'Suspect 2 of 3');
    await keyboard.press('l');
    await panel.frame.waitForSelector('dialog[open]');
    await keyboard.type('26b');
    await expect.poll(() => panel.frame.locator('.label-choice').count()).toBe(1);
    await shoot(panel, 'suspects-other-label');
    await keyboard.press('Enter');
    await expectText(panel, '.summary-count', '2 of 3');
    await keyboard.press('x');
    await expectText(panel, '.summary-count', '3 of 3');
    await expectText(panel, '.said', 'All are reviewed');
    await expectText(panel, '.summary', 'Apply 3 decisions');
    const state = await backend.state();
    const { paths } = backend.dataset.items;
    expect(state.relabel?.map(({ item, label }) => [paths[item], label]).sort()).toEqual([
      ['train/1f436/large.png', '26bd'],
      ['train/1f697/apple by mistake.png', '1f34e'],
    ]);
    expect(state.remove.map((item) => paths[item])).toEqual(['train/1f339/flat.jpg']);
    // Another mind about the last: its label is right, and it stays.
    await keyboard.press('End');
    await keyboard.press('1');
    await expectText(panel, '.case-state', 'label is right');
    expect((await backend.state()).remove).toEqual([]);
    await shoot(panel, 'suspects-done');
    const kept = await panel.state();
    await panel.page.close();

    const later = await open({ state: kept });
    await later.page.keyboard.press('u');
    await expectText(later, '.said', 'Undone');
    await expectText(later, '.case-state', 'excluded');
    for (let left = 2; left >= 0; left--) {
      await later.page.keyboard.press('Control+z');
      await expectText(later, '.summary-count', `${left} of 3`);
    }
    expect((await backend.state()).decisions).toEqual([]);
    await later.page.keyboard.press('u');
    await expectText(later, '.said', 'nothing to undo');
  });

  it('works by mouse, skips, and goes on by keyboard after it', async () => {
    const panel = await open();
    await panel.frame.locator('.suspect-row').nth(1).click();
    await expectText(panel, '.case-title', 'Suspect 2 of 3');
    await panel.page.keyboard.press('s');
    await expectText(panel, '.case-title', 'Suspect 3 of 3');
    await panel.frame.getByText('Keep "1f339"').click();
    await expectText(panel, '.summary-count', '1 of 3');
    await panel.page.keyboard.press('2');
    await expectText(panel, '.summary-count', '2 of 3');
    expect((await backend.state()).labelRight).toHaveLength(1);
  });
});
