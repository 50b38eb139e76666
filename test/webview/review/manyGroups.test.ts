import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { seriousViolations } from '../harness/accessibility';
import { startHarness, type PanelHarness, type PanelUnderTest } from '../harness/harness';
import { expectText, shoot } from '../harness/shots';

let harness: PanelHarness;
const opened: PanelUnderTest[] = [];

beforeAll(async () => {
  harness = await startHarness({ view: 'review', host: 'test/webview/review/syntheticHost.ts' });
});

afterEach(async () => {
  for (const panel of opened.splice(0)) await panel.page.close();
});

afterAll(() => harness.close());

async function open(query: Record<string, string>, state?: unknown): Promise<PanelUnderTest> {
  const panel = await harness.open({ query, state });
  opened.push(panel);
  return panel;
}

describe('a review of many groups', () => {
  it('holds only the rows on the screen, and goes from one end to the other', async () => {
    const panel = await open({ groups: '10000' });
    await panel.frame.waitForSelector('.queue-row');
    await expectText(panel, '.summary', '25.0 MB');
    expect(await panel.frame.locator('.queue-row').count()).toBeLessThan(40);
    await panel.page.keyboard.press('End');
    await expectText(panel, '.case-title', 'Group 10,000 of 10,000');
    await panel.frame.waitForSelector('.queue-row[data-case="group-9999"]');
    expect(await panel.frame.locator('.queue-row').count()).toBeLessThan(40);
    await panel.page.keyboard.press('Enter');
    await expectText(panel, '.case-title', 'Group 1 of 10,000');
    await expectText(panel, '.summary-count', '1 of 10,000');
    expect((await panel.calls('dataset.items')).length).toBeLessThan(60);
    const asked = (await panel.calls('dataset.thumbnails')) as { items: number[]; size: number }[];
    expect(asked.flatMap(({ items }) => items).length).toBeLessThan(400);
    await shoot(panel, 'review-10000');
    expect(panel.complaints).toEqual([]);
  });

  it('accepts all exact groups after saying what that means, and takes it back with one undo', async () => {
    const panel = await open({ groups: '60' });
    await panel.frame.waitForSelector('.queue-row');
    await expectText(panel, '.summary', 'kB');
    await panel.frame.locator('vscode-button', { hasText: 'Accept all exact' }).click();
    await panel.frame.waitForSelector('dialog[open]');
    await shoot(panel, 'review-bulk');
    const dialog = await panel.frame.locator('dialog').innerText();
    expect(dialog).toContain('38 undecided groups');
    expect(dialog).toContain('2 exact groups with different labels are left');
    expect(await seriousViolations(panel.frame)).toEqual([]);
    await panel.frame.locator('dialog vscode-button', { hasText: 'for removal' }).click();
    await expectText(panel, '.summary-count', '38 of 60');
    expect(await panel.calls('decisions.record')).toHaveLength(1);
    await expectText(panel, '.summary', 'Apply: move');
    await panel.page.keyboard.press('u');
    await expectText(panel, '.summary-count', '0 of 60');
    await expectText(panel, '.said', 'Undone in 38 groups');
  });

  it('shows again what was before when a decision could not be kept, and says why', async () => {
    const panel = await open({ groups: '6' });
    await panel.frame.waitForSelector('.member');
    await panel.fail('decisions.record', {
      code: 'disk-full',
      message: 'The disk is full.',
      remedy: 'Free some space and decide again.',
    });
    // Long enough to be seen before it is taken back, on a busy machine too.
    await panel.delay('decisions.record', 2000);
    await panel.page.keyboard.press('1');
    await expectText(panel, '.summary-count', '1 of 6');
    await expectText(panel, '.notice', 'The disk is full. Free some space and decide again.');
    await expectText(panel, '.summary-count', '0 of 6');
    await expectText(panel, '.case-title', 'Group 1 of 6');
    expect(await panel.frame.locator('.said').textContent()).toBe('');
    await shoot(panel, 'review-rollback');
    expect(await seriousViolations(panel.frame)).toEqual([]);
    await panel.page.keyboard.press('1');
    await expectText(panel, '.summary-count', '1 of 6');
    expect(panel.complaints).toEqual([]);
  });

  it('works with the mouse alone, and the next Enter accepts instead of pressing the button again', async () => {
    const panel = await open({ groups: '6' });
    await panel.frame.waitForSelector('.member');
    await panel.frame.locator('.member').nth(1).locator('.member-mark').click();
    await expectText(panel, '.said', 'Not recorded until you accept');
    expect(await panel.calls('decisions.record')).toEqual([]);
    await panel.frame.locator('vscode-button', { hasText: 'Not duplicates' }).click();
    await expectText(panel, '.summary-count', '1 of 6');
    await panel.page.keyboard.press('Enter');
    await expectText(panel, '.summary-count', '2 of 6');
    const kinds = ((await panel.calls('decisions.record')) as { verdicts: { kind: string }[] }[]).map(({ verdicts }) =>
      verdicts.map(({ kind }) => kind).sort(),
    );
    expect(kinds[0]).toEqual(['not-duplicate']);
    expect(kinds[1]).toContain('remove');
    await panel.frame.locator('.queue-row').nth(4).click();
    await expectText(panel, '.case-title', 'Group 5 of 6');
  });

  it('remembers its place and its filter over a reload', async () => {
    const panel = await open({ groups: '40' });
    await panel.frame.waitForSelector('.member');
    await panel.frame.locator('vscode-dropdown').first().click();
    await panel.frame.locator('vscode-option', { hasText: 'Near (' }).click();
    await expectText(panel, '.case-title', 'of 1');
    for (let i = 0; i < 3; i++) await panel.page.keyboard.press('j');
    const before = await panel.frame.locator('.queue-current').getAttribute('data-case');
    await panel.frame.waitForTimeout(400);
    await panel.hideAndShow();
    await panel.frame.waitForSelector('.queue-current');
    expect(await panel.frame.locator('.queue-current').getAttribute('data-case')).toBe(before);
    expect((await panel.state())['view']).toMatchObject({ kind: 'near' });
  });

  it('starts anew, at its place, when the dataset has changed', async () => {
    const panel = await open({ groups: '40' });
    await panel.frame.waitForSelector('.member');
    for (let i = 0; i < 4; i++) await panel.page.keyboard.press('j');
    await expectText(panel, '.case-title', 'Group 5 of 40');
    await panel.page.evaluate(() => window.harness.call('panel.refresh', { what: 'dataset' }));
    await panel.frame.waitForFunction(() => document.querySelectorAll('.queue-current').length === 1);
    await expectText(panel, '.case-title', 'Group 5 of 40');
    expect(await panel.calls('duplicates.find')).toHaveLength(2);
    await panel.page.evaluate(() => window.harness.call('panel.select', { item: 101 }));
    await expectText(panel, '.case-title', 'Group 21 of 40');
    expect(panel.complaints).toEqual([]);
  });

  it('says what was compared when there is nothing, and looks further when asked', async () => {
    const panel = await open({ groups: '0' });
    await expectText(panel, '.state-title', 'No duplicates found');
    await expectText(panel, '.state-text', 'by perceptual hash (within 6 bits)');
    await shoot(panel, 'review-empty');
    await panel.frame.locator('vscode-button', { hasText: 'Loosen' }).click();
    await expectText(panel, '.state-text', 'within 10 bits');
  });

  it('shows progress, can be stopped, and goes on when asked', async () => {
    const panel = await open({ groups: '6', pause: '300' });
    await expectText(panel, '.progress', 'Comparing: 200 of 1,000 images');
    await shoot(panel, 'review-loading');
    await panel.frame.locator('.progress vscode-button').click();
    await expectText(panel, '.state-title', 'The search was stopped');
    await panel.frame.locator('vscode-button', { hasText: 'Try again' }).click();
    await panel.frame.waitForSelector('.member');
    expect(panel.complaints).toEqual([]);
  });

  it('says what is wrong and tries again', async () => {
    const panel = await open({ groups: '6' });
    await panel.frame.waitForSelector('.member');
    const error = { code: 'engine', message: 'The engine stopped.', remedy: 'Compare by content only.' } as const;
    await panel.fail('duplicates.find', error);
    await panel.page.evaluate(() => window.harness.call('panel.refresh', { what: 'dataset' }));
    await expectText(panel, '.state-error', 'The engine stopped.Compare by content only.');
    await shoot(panel, 'review-error');
    await panel.frame.locator('vscode-button', { hasText: 'Try again' }).click();
    await panel.frame.waitForSelector('.member');
  });

  it('shows a member whose file is gone, and still lets the person decide', async () => {
    const panel = await open({ groups: '40' });
    await panel.frame.waitForSelector('.member');
    await panel.page.evaluate(() => window.harness.call('panel.select', { item: 96 }));
    await panel.frame.waitForSelector('.member:nth-child(2) .member-missing:not([hidden])');
    expect(await panel.frame.locator('.member-missing:not([hidden])').count()).toBe(1);
    await shoot(panel, 'review-missing');
    await panel.page.keyboard.press('1');
    await expectText(panel, '.summary-count', '1 of 40');
    expect(panel.complaints).toEqual([]);
  });
});
