import { describe, expect, it } from 'vitest';
import type { ProjectionSettings } from '../../../src/trainer/protocol';
import { seriousViolations } from '../harness/accessibility';
import type { PanelOptions, PanelUnderTest } from '../harness/harness';
import { expectText, shoot } from '../harness/shots';
import { explorePages, plain, settled, subject } from './openExplore';

const pages = explorePages();
let panel: PanelUnderTest;

const UMAP: ProjectionSettings = { kind: 'umap', neighbours: 15, minDist: 0.1, seed: 42 };
const RUN = 'run:nt-xent-1';
/** As the panel keeps it while a run is compared with the descriptors. */
const comparison = {
  reference: { model: 'descriptor', settings: UMAP },
  other: { model: RUN, settings: UMAP },
  apart: false,
};

async function open(options: PanelOptions = {}): Promise<void> {
  panel = await pages.open({ query: { runs: '' }, ...options });
  await settled(panel);
}

/** Through the button beside the model. */
async function compare(): Promise<void> {
  await panel.frame.locator('.toolbar-models [title^="Compare two"]').click();
  await panel.frame.locator('.popover:visible vscode-button', { hasText: 'Compare' }).click();
  await panel.frame.waitForSelector('.comparison:visible');
  await settled(panel);
}

async function runs(): Promise<{ embedding: string; settings: ProjectionSettings }[]> {
  return (await panel.calls('projection.run')) as { embedding: string; settings: ProjectionSettings }[];
}

function sides(): Promise<[name: string, shown: boolean][]> {
  return panel.frame
    .locator('.comparison-side')
    .evaluateAll((all) => all.map((side) => [side.textContent, side.getAttribute('aria-pressed') === 'true']));
}

function remarks(): Promise<string[]> {
  return panel.frame.locator('.status-remark').allInnerTexts();
}

async function press(key: string): Promise<void> {
  await panel.frame.focus('.map');
  await panel.page.keyboard.press(key);
}

async function lookAtMiddle(): Promise<void> {
  await press('Space');
  await panel.frame.waitForSelector('.neighbours .grid-cell');
}

describe('two models on one map', () => {
  it('lays the other out like the map that is shown, says so, and flips by key and by button', async () => {
    await open();
    await press('m');
    await panel.frame.waitForSelector('.popover:visible >> text=like the map of Colours and edges');
    expect(await seriousViolations(panel.frame)).toEqual([]);
    await shoot(panel, 'compare-menu');
    await panel.page.keyboard.press('Escape');
    await compare();
    expect((await runs()).at(-1)).toEqual({
      ...(await runs()).at(-1),
      embedding: 'run-nt-xent-1',
      settings: { ...UMAP, like: 'p' },
    });
    expect(await sides()).toEqual([
      ['Colours and edges', false],
      ['nt-xent-1', true],
    ]);
    expect(await remarks()).toEqual(['Laid out like the map of Colours and edges']);
    const made = (await runs()).length;
    await press('m');
    await expect.poll(sides).toEqual([
      ['Colours and edges', true],
      ['nt-xent-1', false],
    ]);
    await expect.poll(remarks).toEqual([]);
    await expect.poll(() => panel.state()).toMatchObject({ subject: { model: 'descriptor' }, comparison });
    await panel.frame.locator('.comparison-side', { hasText: 'nt-xent-1' }).click();
    await expect.poll(remarks).toEqual(['Laid out like the map of Colours and edges']);
    expect((await runs()).length, 'maps at hand are not asked for again').toBe(made);
    const followed = (await panel.calls('embedding.compute')) as { model: string }[];
    expect(
      followed.map(({ model }) => model),
      'the host knows which is shown',
    ).toEqual(['descriptor', RUN, 'descriptor', RUN]);
    expect(await seriousViolations(panel.frame)).toEqual([]);
  });

  it('moves the points from one map to the other, whose neighbours it marks', async () => {
    await open({ motion: true });
    await compare();
    await lookAtMiddle();
    const remark = panel.frame.locator('.neighbours > p');
    await expect.poll(() => remark.innerText()).toContain('12 are among the nearest 24 of Colours and edges too.');
    expect(await panel.frame.locator('.card-only-here').count()).toBe(12);
    await shoot(panel, 'compare');
    const places = await panel.frame.evaluate(async () => {
      const ring = document.querySelector('.map-ring-active')!;
      const seen = new Set<number>();
      new MutationObserver(() => seen.add(Math.round(Number(ring.getAttribute('cy'))))).observe(ring, {
        attributes: true,
      });
      window.dispatchEvent(new KeyboardEvent('keydown', { key: 'm' }));
      await new Promise((resolve) => setTimeout(resolve, 1500));
      return [...seen];
    });
    expect(places.length, 'it is on its way in between').toBeGreaterThan(2);
    await expect.poll(() => remark.innerText()).toContain('are among the nearest 24 of nt-xent-1 too.');
    for (const theme of ['dark', 'light', 'high-contrast', 'high-contrast-light'] as const) {
      await panel.theme(theme);
      expect(await seriousViolations(panel.frame), theme).toEqual([]);
      await shoot(panel, `compare-${theme}`);
    }
  });

  it('goes on in both after the settings of one were changed', async () => {
    await open();
    await compare();
    await arrange('30');
    // The other one follows the reference again.
    await expect.poll(async () => (await runs()).at(-1)?.settings).toMatchObject({ neighbours: 30, like: 'p' });
    await settled(panel);
    expect(await remarks()).toEqual(['Laid out like the map of Colours and edges']);
    await panel.frame.locator('.toolbar-projection').click();
    await panel.frame.locator('.form:visible summary').click();
    const begins = panel.frame.locator('.form:visible vscode-dropdown[aria-label="Begins"]');
    await begins.click();
    await begins.locator('vscode-option', { hasText: 'by the neighbours' }).click();
    await panel.frame.locator('.form:visible vscode-button', { hasText: 'Arrange' }).click();
    await expect.poll(remarks).toEqual(['Not laid out like the map of Colours and edges']);
    expect((await runs()).at(-1)!.settings).not.toHaveProperty('like');
  });

  it('comes back as it was, with the reference first, and ends with the map that is shown', async () => {
    const other = { ...subject, model: RUN };
    await open({ state: { ...plain, subject: other, projection: UMAP, comparison }, query: { runs: '', model: RUN } });
    expect((await runs()).map(({ embedding, settings }) => [embedding, settings.like])).toEqual([
      ['descriptor', undefined],
      ['run-nt-xent-1', 'p'],
    ]);
    expect(await sides()).toEqual([
      ['Colours and edges', false],
      ['nt-xent-1', true],
    ]);
    await panel.frame.locator('.comparison [title^="End"]').click();
    await panel.frame.waitForSelector('.comparison', { state: 'hidden' });
    await expect
      .poll(() => panel.state())
      .toMatchObject({ subject: { model: RUN }, projection: { ...UMAP, like: 'p' } });
    expect(await remarks()).toEqual([]);
  });

  it('takes a third model in the place of the second', async () => {
    await open();
    await compare();
    const models = panel.frame.locator('.toolbar-models vscode-dropdown');
    await models.click();
    await models.locator('vscode-option', { hasText: 'Raw pixels' }).click();
    await expect.poll(sides).toEqual([
      ['Colours and edges', false],
      ['Raw pixels', true],
    ]);
    await settled(panel);
    expect((await runs()).at(-1)).toMatchObject({ embedding: 'pixels', settings: { like: 'p' } });
  });

  it('says what there is to do where there is one model only, and that the widest directions cannot lie like others', async () => {
    await open({ query: { modality: 'text' } });
    await press('m');
    await expectText(panel, '.popover:not([hidden])', 'There is no other model yet.');
    await panel.frame.locator('.popover vscode-button:visible').click();
    await expect.poll(() => panel.calls('panel.command')).toEqual([{ command: 'kindred.train' }]);
    await panel.page.close();
    await open({ state: { ...plain, projection: { ...UMAP, kind: 'pca' } } });
    await press('m');
    await expectText(panel, '.popover:not([hidden])', 'Only UMAP and t-SNE can lie like another map.');
    await panel.frame.locator('.popover:visible vscode-button', { hasText: 'Compare' }).click();
    await expect.poll(remarks).toEqual(['Not laid out like the map of Colours and edges']);
  });
});

async function arrange(neighbours: string): Promise<void> {
  await panel.frame.locator('.toolbar-projection').click();
  await panel.frame.locator('.form:visible input').first().fill(neighbours);
  await panel.frame.locator('.form:visible vscode-button', { hasText: 'Arrange' }).click();
}
