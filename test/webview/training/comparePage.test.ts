import { describe, expect, it } from 'vitest';
import { seriousViolations } from '../harness/accessibility';
import type { PanelUnderTest } from '../harness/harness';
import { expectText, shoot } from '../harness/shots';
import { trainingPages } from './openPanel';

const { open: openPage, openDrawn: open } = trainingPages();

describe('the page that compares runs', () => {
  const compare = (): Promise<PanelUnderTest> =>
    open({ page: 'compare', others: '1', points: '600', 'state-of-run': 'finished' });

  it('lays the curves of chosen runs over each other, with a legend', async () => {
    const panel = await compare();
    expect(await panel.frame.locator('.run-legend li').allTextContents()).toEqual(['nt-xent-1', 'nt-xent-3']);
    await panel.frame.locator('#compare-triplet-2').check();
    await expectText(panel, '.run-legend', 'triplet-2');
    expect(await panel.frame.locator('.chart').nth(0).locator('path.chart-line').count()).toBe(3);
    const colours = await panel.frame
      .locator('.chart >> nth=0 >> path.chart-line')
      .evaluateAll((lines) =>
        lines.map((line) => getComputedStyle(line).stroke + getComputedStyle(line).strokeDasharray),
      );
    expect(new Set(colours).size).toBe(3);
    await expectText(panel, '.run-best', '(best)');
    await shoot(panel, 'training-compare');
    for (const theme of ['light', 'high-contrast', 'high-contrast-light', 'dark'] as const) {
      await panel.theme(theme);
      expect(await seriousViolations(panel.frame)).toEqual([]);
      await shoot(panel, `training-compare-${theme}`);
    }
    expect(await panel.state()).toMatchObject({ compared: ['nt-xent-1', 'nt-xent-3', 'triplet-2'] });
    await panel.hideAndShow();
    await panel.frame.waitForSelector('#compare-triplet-2:checked');
    expect(panel.complaints).toEqual([]);
    expect(await panel.violations()).toEqual([]);
  });

  it('marks the settings that differ', async () => {
    const panel = await compare();
    await panel.frame.locator('#compare-triplet-2').check();
    // Two runs are compared from the start; the settings of the third come when it has been read.
    await expect
      .poll(() => panel.frame.locator('.settings-rows th').allTextContents())
      .toEqual([
        '≠ loss.kind',
        '≠ loss.temperature',
        '≠ embeddingSize',
        '≠ learningRate',
        '≠ loss.margin',
        '≠ loss.miner',
      ]);
    const rate = panel.frame.locator('.settings-rows tr', { hasText: 'learningRate' });
    await expect.poll(() => rate.locator('td').allTextContents()).toEqual(['0.001', '0.003', '0.001']);
    await panel.frame.locator('#only-different').uncheck();
    await expectText(panel, '.settings-rows', 'holdOutFraction');
  });

  it('leads to a run, to its settings, and deletes one', async () => {
    const panel = await compare();
    await panel.frame.locator('vscode-button[aria-label="Delete triplet-2"]').click();
    expect(await panel.calls('panel.command')).toEqual([{ command: 'kindred.deleteRun', run: 'triplet-2' }]);
    await panel.page.evaluate(() => window.harness.call('panel.refresh', { what: 'runs' }));
    await panel.frame.waitForFunction(() => document.querySelector('#compare-triplet-2') === null);
    await panel.frame.locator('vscode-button[aria-label="New training with the settings of nt-xent-3"]').click();
    await panel.frame.waitForSelector('.form');
    expect(await panel.frame.locator('#setting-from').inputValue()).toBe('run:nt-xent-3');
    expect(await panel.frame.locator('#setting-learningRate').inputValue()).toBe('0.003');
    await panel.frame.locator('.training-tab', { hasText: 'Compare' }).click();
    await panel.frame.locator('vscode-button[aria-label="Open nt-xent-3"]').click();
    await expectText(panel, '.run-name', 'nt-xent-3');
    expect((await panel.calls('training.show')).at(-1)).toEqual({ run: 'nt-xent-3', page: 'run' });
  });

  it('says what to do when there is nothing to compare', async () => {
    const panel = await openPage({ query: { page: 'compare', run: '', 'state-of-run': 'absent' } });
    await expectText(panel, '.state', 'Nothing has been trained yet');
    await panel.frame.locator('vscode-button', { hasText: 'New training' }).click();
    await panel.frame.waitForSelector('.form');
  });
});
