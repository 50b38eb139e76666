import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM_FLAGS, findChromium } from '../../../../scripts/lib/chromium.mjs';
import type { Dataset } from '../../../../src/trainer/dataset/dataset';
import { evaluate } from '../../../../src/trainer/evaluation/evaluate';
import { reportPage } from '../../../../src/trainer/evaluation/report/page';
import { writeReport } from '../../../../src/trainer/evaluation/report/writeReport';
import { verdictOf } from '../../../../src/trainer/evaluation/report/words';
import { emojiDataset, quiet, removeFolder, temporaryFolder } from '../../embedding/emoji';
import { untrainedRun } from '../../embedding/untrainedRun';
import { exampleReport, exampleRow } from '../exampleReport';

const noPicture = (): undefined => undefined;

describe('verdictOf', () => {
  const gain = { measure: 'mapAtR', against: 'descriptor' } as const;
  it.each([
    [
      'better',
      { ...gain, value: 0.1, low: 0.02, high: 0.2 },
      /10\.0 points above that of descriptors.*\+2\.0 to \+20\.0/,
    ],
    ['worse', { ...gain, value: -0.1, low: -0.2, high: -0.02 }, /10\.0 points below.*−20\.0 to −2\.0/],
    ['unclear', { ...gain, value: 0.1, low: -0.02, high: 0.2 }, /above.*may be chance/],
  ] as const)('says whether a model is worth having: %s', (kind, difference, words) => {
    const verdict = verdictOf(exampleReport({ differences: [difference] }));
    expect(verdict.kind).toBe(kind);
    expect(verdict.detail).toMatch(words);
  });

  it('does not compare a baseline with itself', () => {
    expect(verdictOf(exampleReport({ model: 'descriptor', differences: [] })).kind).toBe('none');
  });
});

describe('reportPage', () => {
  it('lets names be names, whatever is in them', () => {
    const label = '<img src=x onerror=alert(1)>"\'&';
    const report = exampleReport();
    const page = reportPage(label, { ...report, classes: [{ ...report.classes[0], label }] }, noPicture);
    expect(page).not.toContain('<img src=x');
    expect(page).toContain('&#60;img src=x onerror=alert(1)&#62;&#34;&#39;&#38;');
  });

  it('allows its own script and nothing else, and names no address', () => {
    const page = reportPage('sample', exampleReport(), noPicture);
    const [, script] = /<script>([^]*)<\/script>/.exec(page)!;
    const hash = createHash('sha256').update(script).digest('base64');
    expect(page).toContain(`script-src &#39;sha256-${hash}&#39;`.replace(/\+/g, '+'));
    expect(page).not.toMatch(/https?:|\/\/\w|@import|url\(|<link|src="(?!data:)/);
  });

  it('is the same for the same report, and leaves out what was not measured', () => {
    const { verification, clustering, ...row } = exampleRow('pixels', 0.1);
    expect(verification !== undefined && clustering !== undefined).toBe(true);
    const report = exampleReport({ rows: [row, { ...row, model: 'descriptor' }], confusions: [], differences: [] });
    const page = reportPage('sample', report, noPicture);
    expect(page).toBe(reportPage('sample', report, noPicture));
    expect(page).not.toContain('id="verification"');
    expect(page).not.toContain('NMI');
    expect(page).toContain('every item’s nearest neighbour is of its own class');
    expect(page).not.toContain('id="unseen-items"');
    const both = { ...report, unseenItems: { ...report, classes: 3, items: 12 } };
    expect(reportPage('sample', both, noPicture)).toContain('id="unseen-items"');
  });
});

describe('the written report', { timeout: 120_000 }, () => {
  let root: string;
  let dataset: Dataset;
  let browser: Browser;
  let page: Page;
  let file: string;
  const asked: string[] = [];

  beforeAll(async () => {
    root = await temporaryFolder();
    dataset = await emojiDataset(root, 20);
    await untrainedRun(dataset, 'first', { heldOut: [...dataset.items.hashes.keys()].slice(0, 32) });
    const report = await evaluate(dataset, 'run:first', quiet());
    ({ file } = await writeReport(dataset, report));
    const executablePath = await findChromium();
    if (executablePath === undefined) throw new Error('There is no Chromium.');
    browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
    page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
    page.on('request', (request) => asked.push(request.url()));
    page.on('pageerror', (error) => asked.push(error.message));
    page.on('console', (message) => asked.push(message.text()));
    await page.goto(pathToFileURL(file).href);
  });

  afterAll(async () => {
    await browser.close();
    await removeFolder(root);
  });

  it('lies in the store, and loads and complains of nothing', async () => {
    expect(file).toBe(path.join(dataset.paths.folder, 'reports', 'evaluation-run-first.html'));
    expect(await readFile(file, 'utf8')).toContain('data:image/webp;base64,');
    expect(asked.filter((url) => !url.startsWith('data:'))).toEqual([pathToFileURL(file).href]);
  });

  it('shows the pictures of what is confused, and fits its page', async () => {
    const pictures = page.locator('#confusions img');
    expect(await pictures.count()).toBeGreaterThan(1);
    expect(await pictures.first().evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
    for (const width of [1200, 420]) {
      await page.setViewportSize({ width, height: 900 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    }
    await page.setViewportSize({ width: 1200, height: 900 });
  });

  it('sorts a table by the heading that is pressed, by keyboard too', async () => {
    const column = (): Promise<number[]> =>
      page
        .locator('#classes tbody td:nth-child(3)')
        .evaluateAll((cells) => cells.map((cell) => Number(cell.getAttribute('data-value'))));
    const worstFirst = (await column()).toSorted((a, b) => a - b);
    expect(await column()).toEqual(worstFirst);
    const heading = page.locator('#classes th', { hasText: 'MAP@R' });
    await heading.getByRole('button').click();
    expect(await heading.getAttribute('aria-sort')).toBe('ascending');
    await page.keyboard.press('Enter');
    expect(await heading.getAttribute('aria-sort')).toBe('descending');
    expect(await column()).toEqual(worstFirst.toReversed());
    await page.locator('#classes th', { hasText: 'Most often' }).getByRole('button').click();
    expect(await heading.getAttribute('aria-sort')).toBeNull();
  });

  it.each(['light', 'dark'] as const)('has no faults of accessibility that axe finds: %s', async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    const axe = await readFile(path.resolve('node_modules/axe-core/axe.min.js'), 'utf8');
    const faults = await page.evaluate(
      `${axe}; axe.run().then((found) => found.violations.map(({ id, nodes }) => id + ' ' + nodes[0].html))`,
    );
    expect(faults).toEqual([]);
  });
});
