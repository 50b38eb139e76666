import { describe, expect, it } from 'vitest';
import { seriousViolations } from '../harness/accessibility';
import { expectText, shoot } from '../harness/shots';
import { trainingPages } from './openPanel';

const { open } = trainingPages();

describe('the pictures behind the numbers', () => {
  it('are the neighbours of probe images at each measure, and the hardest pairs', async () => {
    const panel = await open({ query: { points: '100', probes: '1' }, height: 1400 });
    await expectText(panel, '.probe-when', 'step 100, 2 of 2');
    const labels = (selector: string): Promise<(string | null)[]> =>
      panel.frame.locator(selector).evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')));
    expect(await labels('.probes > li:first-child .probe-picture')).toEqual([
      'Probe: class 0, 0.png',
      'Same class, similarity 0.90, new: class 0, 4.png',
      'Another class, similarity 0.70: class 1, 5.png',
    ]);
    expect(await labels('.hardest >> nth=0 >> .probe-picture')).toEqual([
      'First: class 0, 0.png',
      'Second: class 1, 5.png',
      'First: class 1, 1.png',
      'Second: class 2, 2.png',
    ]);
    await shoot(panel, 'training-probes');
    for (const theme of ['light', 'high-contrast', 'high-contrast-light', 'dark'] as const) {
      await panel.theme(theme);
      expect(await seriousViolations(panel.frame)).toEqual([]);
    }
    await panel.frame.focus('#probe-measure');
    await panel.page.keyboard.press('ArrowLeft');
    await expectText(panel, '.probe-when', 'step 50, 1 of 2');
    expect(await panel.frame.getAttribute('#probe-measure', 'aria-valuetext')).toBe('step 50, 1 of 2');
    expect((await labels('.probes > li:first-child .probe-picture'))[1]).toBe(
      'Another class, similarity 0.80: class 1, 5.png',
    );
    await panel.frame.locator('.probe-picture').first().click();
    expect(await panel.calls('panel.openItem')).toEqual([{ item: 0 }]);
    expect(panel.complaints).toEqual([]);
    expect(await panel.violations()).toEqual([]);
    await panel.page.close();
  });

  it('come with a measure, and are not there before the first', async () => {
    const panel = await open({ query: { points: '30' } });
    await panel.frame.waitForSelector('.chart-drawing path', { state: 'attached' });
    expect(await panel.frame.locator('.insight').isVisible()).toBe(false);
    const asked = (await panel.calls('training.probes')).length;
    const metric = { step: 31, loss: 1, activeShare: 1, imagesPerSecond: 100, seconds: 9, recallAt1: 0.3 };
    const progress = { run: 'nt-xent-1', stage: 'Training', done: 31, total: 600, unit: 'steps', metrics: metric };
    await panel.page.evaluate((news) => window.harness.call('training.progress', news), progress);
    await expect.poll(async () => (await panel.calls('training.probes')).length).toBe(asked + 1);
    await panel.page.close();
  });
});
