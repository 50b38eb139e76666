import { expect, it } from 'vitest';
import type { PanelUnderTest } from '../harness/harness';
import { explorePages, subject } from './openExplore';

const COUNT = 50_000;
const pages = explorePages();

interface Measured {
  readonly frames: number;
  readonly median: number;
  readonly longest: number;
  /** Milliseconds of tasks of more than 50 ms. */
  readonly longTasks: readonly number[];
}

/** Watches the panel's page while `act` runs. */
async function watch(panel: PanelUnderTest, act: () => Promise<void>): Promise<Measured> {
  await panel.frame.evaluate(() => {
    const gaps: number[] = [];
    const long: number[] = [];
    new PerformanceObserver((list) =>
      list.getEntries().forEach((entry) => long.push(Math.round(entry.duration))),
    ).observe({
      type: 'longtask',
    });
    let last = performance.now();
    const tick = (now: number): void => {
      gaps.push(now - last);
      last = now;
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
    Object.assign(window, { gaps, long });
  });
  await act();
  return panel.frame.evaluate(() => {
    const { gaps, long } = window as unknown as { gaps: number[]; long: number[] };
    const sorted = [...gaps].sort((a, b) => a - b);
    return {
      frames: gaps.length,
      median: Math.round(sorted[sorted.length >> 1]),
      longest: Math.round(sorted.at(-1)!),
      longTasks: long,
    };
  });
}

/** Figures are reported, never asserted: they depend on what else the machine does, and WebGL is software here. */
for (const renderer of ['auto', 'canvas']) {
  it(`stays usable with 50,000 points (${renderer})`, { timeout: 180_000 }, async () => {
    const panel = await pages.open({
      state: { subject, renderer, pictures: false },
      query: { count: String(COUNT), perGroup: '40', pause: '300' },
    });
    const { page, frame } = panel;
    await frame.waitForSelector('.map-canvas', { timeout: 60_000 });
    const converging = await watch(panel, async () => {
      await frame.waitForSelector('.status .progress', { state: 'hidden', timeout: 60_000 });
    });
    const moving = await watch(panel, async () => {
      await page.mouse.move(500, 400);
      for (let i = 0; i < 8; i++) await page.mouse.wheel(0, i < 4 ? -200 : 200);
      for (let i = 0; i < 8; i++) await page.mouse.move(400 + 20 * i, 380);
      await page.waitForTimeout(500);
    });
    console.log(`${renderer}: converging ${JSON.stringify(converging)}, moving ${JSON.stringify(moving)}`);
    await page.keyboard.down('Shift');
    await page.mouse.move(2, 42);
    await page.mouse.down();
    for (const [x, y] of [
      [860, 42],
      [860, 760],
      [2, 760],
    ] as const)
      await page.mouse.move(x, y, { steps: 3 });
    await page.mouse.up();
    await page.keyboard.up('Shift');
    await frame.waitForSelector('.selection .grid-cell');
    const selected = await frame.locator('.status-selected').innerText();
    expect(Number(selected.replace(/\D/g, ''))).toBeGreaterThan(COUNT * 0.9);
    expect(await frame.locator('.selection .grid-cell').count()).toBeLessThan(80);
    await page.waitForTimeout(500);
    expect(JSON.stringify(await panel.state()).length).toBeLessThan(200_000);
  });
}
