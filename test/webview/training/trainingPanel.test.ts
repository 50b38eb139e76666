import { describe, expect, it } from 'vitest';
import type { TrainingMetrics } from '../../../src/trainer/protocol';
import { seriousViolations } from '../harness/accessibility';
import type { PanelUnderTest } from '../harness/harness';
import { expectText, shoot } from '../harness/shots';
import { trainingPages } from './openPanel';
import { metrics } from './runs';

const { openDrawn: open } = trainingPages();

async function advance(panel: PanelUnderTest, point: TrainingMetrics, steps = 600): Promise<void> {
  await panel.page.evaluate(
    ([metric, total]) =>
      window.harness.call('training.progress', {
        run: 'nt-xent-1',
        stage: 'Training',
        done: metric.step,
        total,
        unit: 'steps',
        secondsLeft: (total - metric.step) * 0.3,
        metrics: metric,
      }),
    [point, steps] as const,
  );
}

/** The points of a drawn line. */
function pathPoints(panel: PanelUnderTest, chart: number, line: string): Promise<[number, number][]> {
  return panel.frame
    .locator('.chart')
    .nth(chart)
    .locator(line)
    .evaluate((path) =>
      [...(path.getAttribute('d') ?? '').matchAll(/[ML](-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]): [number, number] => [
        Number(x),
        Number(y),
      ]),
    );
}

describe('the training panel', () => {
  it('prepares, then draws the curve as it comes', async () => {
    const panel = await open({ points: '0' });
    await expectText(panel, '.run-phase', 'Preparing');
    await shoot(panel, 'training-preparing');
    for (const point of metrics(120)) await advance(panel, point);
    await expectText(panel, '.run-phase', 'Running');
    await expectText(panel, '.figures', '120of 600');
    await expectText(panel, '.progress', 'Training: 120 of 600 steps');
    const loss = await pathPoints(panel, 1, '.chart-faint');
    expect(loss).toHaveLength(120);
    expect(loss.at(-1)![1]).toBeGreaterThan(loss[0][1]);
    expect(await panel.frame.locator('.chart').nth(0).locator('.chart-dot').count()).toBe(2);
    expect(panel.complaints).toEqual([]);
    expect(await panel.violations()).toEqual([]);
  });

  it('draws the baseline of raw pixels where its value is, with its name', async () => {
    const panel = await open({ points: '400' });
    const chart = panel.frame.locator('.chart').nth(0);
    expect(await chart.locator('.chart-level-label').textContent()).toBe('raw pixels 0.25');
    const level = Number(await chart.locator('.chart-level').getAttribute('y1'));
    const dots = await chart
      .locator('.chart-dot')
      .evaluateAll((all) => all.map((dot) => Number(dot.getAttribute('cy'))));
    const recalls = metrics(400).flatMap(({ recallAt1 }) => recallAt1 ?? []);
    expect(dots).toHaveLength(recalls.length);
    dots.forEach((y, i) => expect(y < level).toBe(recalls[i] > 0.25));
    await expectText(panel, '.figures', 'above raw pixels');
    await shoot(panel, 'training-dark');
    for (const theme of ['light', 'high-contrast', 'high-contrast-light'] as const) {
      await panel.theme(theme);
      await shoot(panel, `training-${theme}`);
      expect(await seriousViolations(panel.frame)).toEqual([]);
    }
    await panel.theme('dark');
    expect(await seriousViolations(panel.frame)).toEqual([]);
  });

  it('shows the values under the pointer in all charts at once', async () => {
    const panel = await open({ points: '400' });
    const box = (await panel.frame.locator('.chart-canvas').nth(1).boundingBox())!;
    await panel.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await expectText(panel, '.chart:nth-child(2) .chart-readout', 'step 2');
    const steps = await panel.frame.locator('.chart:not([hidden]) .chart-readout').allTextContents();
    const shown = steps.map((words) => /step (\d+)/.exec(words)?.[1]);
    expect(new Set(shown).size).toBe(1);
    const expected = metrics(400)[Number(shown[1]) - 1];
    expect(steps[1]).toContain(`loss ${expected.loss.toFixed(3)}`);
    await shoot(panel, 'training-hover');
  });

  it('has the same in a table', async () => {
    const panel = await open({ points: '100' });
    await panel.frame.locator('summary', { hasText: 'Show as a table' }).click();
    await panel.frame.waitForSelector('.metrics td');
    const first = await panel.frame.locator('.metrics tbody tr').first().locator('td').allTextContents();
    expect(first[0]).toBe('100');
    expect(first[1]).toBe(metrics(100).at(-1)!.loss.toFixed(4));
    expect(await seriousViolations(panel.frame)).toEqual([]);
  });

  it('stops, and says that the model is kept and the run can go on', async () => {
    const panel = await open({ points: '200' });
    await panel.frame.locator('vscode-button', { hasText: 'Stop' }).click();
    await expectText(panel, '.run-phase', 'Stopped');
    await expectText(panel, '.run-advice', 'is kept and can be used');
    await panel.frame.locator('vscode-button', { hasText: 'Go on training' }).click();
    expect(await panel.calls('panel.command')).toEqual([{ command: 'kindred.train' }]);
  });

  it('stays running when it could not be stopped', async () => {
    const panel = await open({ points: '200' });
    await panel.fail('training.stop', { code: 'disconnected', message: 'The trainer is gone.' });
    await panel.frame.locator('vscode-button', { hasText: 'Stop' }).click();
    await expectText(panel, '.notice', 'The trainer is gone.');
    await expectText(panel, '.run-phase', 'Running');
  });

  it('leads on when it is finished', async () => {
    const panel = await open({ points: '600', 'state-of-run': 'finished' });
    await expectText(panel, '.run-phase', 'Finished');
    await shoot(panel, 'training-finished');
    await panel.frame.locator('vscode-button', { hasText: 'Explore embeddings' }).click();
    await panel.frame.locator('vscode-button', { hasText: 'Review duplicates' }).click();
    expect(await panel.calls('panel.command')).toEqual([
      { command: 'kindred.explore' },
      { command: 'kindred.reviewDuplicates' },
    ]);
    expect(await panel.frame.locator('vscode-button', { hasText: 'Stop' }).isVisible()).toBe(false);
    await expectText(panel, '.device-fault', 'Card (CUDA) was lost, so the CPU went on. Update its driver.');
  });

  it('says what went wrong, and what to do', async () => {
    const failed = await open({ points: '30', 'state-of-run': 'failed' });
    await expectText(failed, '.run-advice', 'The device was lost. Train on the CPU.');
    await shoot(failed, 'training-failed');
    const interrupted = await open({ points: '30', 'state-of-run': 'interrupted' });
    await expectText(interrupted, '.run-advice', 'Nothing is lost');
    expect(await interrupted.frame.locator('vscode-button', { hasText: 'Go on training' }).isVisible()).toBe(true);
  });

  it('says when there is no such run any more', async () => {
    const panel = await open({ 'state-of-run': 'absent' });
    await expectText(panel, '.run-phase', 'Not kept');
    expect(await panel.frame.locator('vscode-button', { hasText: 'Stop' }).isVisible()).toBe(false);
  });

  it('follows its size, and waits for a run that is being prepared', async () => {
    const panel = await open({}, { width: 560, height: 900 });
    await expectText(panel, '.run-phase', 'Preparing');
    const before = await panel.frame.locator('.chart-drawing').first().getAttribute('viewBox');
    await panel.page.setViewportSize({ width: 900, height: 900 });
    await panel.frame.waitForFunction(
      (was) => document.querySelector('.chart-drawing')?.getAttribute('viewBox') !== was,
      before,
    );
    for (const point of metrics(60)) await advance(panel, point);
    await expectText(panel, '.chart-readout', 'Recall@1');
    await panel.page.setViewportSize({ width: 560, height: 900 });
    await shoot(panel, 'training-narrow');
    expect(panel.complaints).toEqual([]);
  });

  it('pauses, goes on, and changes the learning rate', async () => {
    const panel = await open({ points: '200' });
    const press = (label: string): Promise<void> =>
      panel.frame.locator('vscode-button:visible', { hasText: label }).first().click();
    await press('Pause');
    await expectText(panel, '.run-phase', 'Paused');
    await expectText(panel, '.run-advice', 'Closing the window loses nothing');
    await shoot(panel, 'training-paused');
    expect(await seriousViolations(panel.frame)).toEqual([]);
    await press('Continue');
    await expectText(panel, '.run-phase', 'Running');
    // Asked by others: the run itself tells.
    const waiting = { run: 'nt-xent-1', stage: 'Paused', done: 200, total: 600, unit: 'steps', paused: true };
    await panel.page.evaluate((progress) => window.harness.call('training.progress', progress), waiting);
    await expectText(panel, '.run-phase', 'Paused');
    await advance(panel, metrics(201).at(-1)!);
    await expectText(panel, '.run-phase', 'Running');
    await press('Learning rate × 1');
    await panel.frame.fill('#rate-factor', 'fast');
    await press('Set');
    await expectText(panel, '#rate-problem', 'from 0.001 to 100');
    expect(await seriousViolations(panel.frame)).toEqual([]);
    await shoot(panel, 'training-rate');
    await panel.frame.fill('#rate-factor', '0.25');
    await panel.page.keyboard.press('Enter');
    await expectText(panel, '.rate-control', 'Learning rate × 0.25');
    await expectText(panel, '.steered', 'to 0.25 times the schedule after step 200');
    await expectText(panel, '.steered', 'the settings alone no longer repeat this run');
    const asked = (await panel.calls('training.control')) as { action: unknown }[];
    expect(asked.map(({ action }) => action)).toEqual([
      { kind: 'pause' },
      { kind: 'resume' },
      { kind: 'rate', factor: 0.25 },
    ]);
    expect(panel.complaints).toEqual([]);
  });

  it('draws MAP@R, unseen images and the spread when they are measured, and warns of a collapse', async () => {
    const panel = await open({ points: '100' });
    expect(await panel.frame.getByRole('region', { name: 'Embedding spread' }).isVisible()).toBe(false);
    const point = { ...metrics(101).at(-1)!, recallAt1: 0.3 };
    const more = {
      meanAveragePrecision: 0.2,
      unseenItems: { recallAt1: 0.6, meanAveragePrecision: 0.5 },
      spread: { meanCosine: 0.1, deviation: 0.8 },
    };
    await advance(panel, { ...point, ...more });
    await expectText(panel, '.chart-readout', 'MAP@R 0.20 · Recall@1 of unseen items 0.60');
    expect(await panel.frame.getByRole('region', { name: 'Embedding spread' }).isVisible()).toBe(true);
    expect(await panel.frame.locator('.collapse-warning').isVisible()).toBe(false);
    const spread = { meanCosine: 0.99, deviation: 0.02, collapsed: true };
    await advance(panel, { ...point, ...more, spread, step: 102 });
    await expectText(panel, '.collapse-warning', 'nearly all items had the same embedding');
    await shoot(panel, 'training-collapsed');
    expect(await seriousViolations(panel.frame)).toEqual([]);
  });

  it('draws the parts of a sum of losses, each with its name and colour', async () => {
    const panel = await open({ points: '100', sum: '' });
    const chart = panel.frame.getByRole('region', { name: 'Parts of the loss' });
    expect(await chart.isVisible()).toBe(false);
    for (const step of [101, 102, 103]) {
      await advance(panel, { ...metrics(step).at(-1)!, step, loss: 3, lossParts: [2, 1] });
    }
    await expectText(panel, '.chart:nth-child(3) .chart-readout', 'step 103 · NT-Xent 2.000 · 0.5 × Triplet 1.000');
    expect(await chart.locator('path.chart-line.chart-main').count()).toBe(2);
    expect(await chart.locator('.run-legend li').allTextContents()).toEqual(['NT-Xent', '0.5 × Triplet']);
    await shoot(panel, 'training-parts');
    expect(await seriousViolations(panel.frame)).toEqual([]);
    expect(panel.complaints).toEqual([]);
  });

  it('compares a head with the frozen features, says when it is no better, and offers no pause without steps', async () => {
    const preparing = await open({ points: '0', head: '' });
    await expectText(preparing, '.run-advice', 'computed in one piece');
    expect(await preparing.frame.locator('vscode-button:visible', { hasText: 'Pause' }).count()).toBe(0);
    const panel = await open({ points: '100', head: '', 'state-of-run': 'finished' });
    await expectText(panel, '.run-advice', 'does not beat them');
    await expectText(panel, '.figures', 'below the frozen features');
    const label = panel.frame.locator('.chart').nth(0).locator('.chart-level-label');
    expect(await label.textContent()).toBe('the frozen features 0.46');
    expect(await seriousViolations(panel.frame)).toEqual([]);
  });

  it('says what could not be done', async () => {
    const panel = await open({ points: '200' });
    await panel.fail('training.control', { code: 'invalid-argument', message: 'The run is not being trained now.' });
    await panel.frame.locator('vscode-button', { hasText: 'Pause' }).click();
    await expectText(panel, '.notice', 'The run is not being trained now.');
    await expectText(panel, '.run-phase', 'Running');
  });
});
