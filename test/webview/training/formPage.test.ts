import { describe, expect, it } from 'vitest';
import type { TrainingSettings } from '../../../src/trainer/protocol';
import { seriousViolations } from '../harness/accessibility';
import type { PanelUnderTest } from '../harness/harness';
import { expectText, shoot } from '../harness/shots';
import { trainingPages } from './openPanel';

const { open: openPage, openDrawn: open } = trainingPages();

describe('the form of a new training', () => {
  async function form(): Promise<PanelUnderTest> {
    const panel = await openPage({ query: { page: 'new', run: '' }, height: 1000 });
    await panel.frame.waitForSelector('.form');
    return panel;
  }

  it('begins with the suggestion, changes it, and starts', async () => {
    const panel = await form();
    await expectText(panel, '.form-reasons', 'it learns fastest');
    await shoot(panel, 'training-form');
    await panel.frame.selectOption('#setting-loss-kind', 'triplet');
    await panel.frame.fill('#setting-loss-margin', '0.3');
    await panel.frame.selectOption('[aria-label="Minutes or steps"]', 'steps');
    await panel.frame.fill('#setting-budget', '40');
    await panel.frame.fill('#setting-name', 'mine');
    await panel.frame.locator('summary', { hasText: 'Augmentation' }).click();
    await panel.frame.locator('#setting-augmentation-flip').uncheck();
    await panel.frame.locator('vscode-button', { hasText: 'Start training' }).click();
    await expect.poll(() => panel.calls('panel.command')).toHaveLength(1);
    const [{ command, settings }] = (await panel.calls('panel.command')) as [
      { command: string; settings: TrainingSettings },
    ];
    expect(command).toBe('kindred.train');
    expect(settings.loss).toMatchObject({ kind: 'triplet', margin: 0.3, miner: 'semi-hard' });
    expect(settings).toMatchObject({ name: 'mine', budget: { steps: 40 }, augmentation: { flip: false, crop: 0.6 } });
    expect(panel.complaints).toEqual([]);
    expect(await panel.violations()).toEqual([]);
  });

  it('says at each setting what the trainer would refuse, and does not start', async () => {
    const panel = await form();
    await panel.frame.fill('#setting-imageSize', '9000');
    await panel.frame.fill('#setting-name', 'a name');
    await expectText(panel, '#setting-imageSize-problem', 'it must be a whole number from 16 to 256');
    await expectText(panel, '.form-summary', '2 settings need a change');
    expect(await panel.frame.getAttribute('#setting-imageSize', 'aria-invalid')).toBe('true');
    await shoot(panel, 'training-form-problems');
    for (const theme of ['light', 'high-contrast', 'high-contrast-light', 'dark'] as const) {
      await panel.theme(theme);
      expect(await seriousViolations(panel.frame)).toEqual([]);
    }
    await panel.frame.focus('#setting-name');
    await panel.page.keyboard.press('Enter');
    await panel.frame.waitForFunction(() => document.activeElement?.id === 'setting-imageSize');
    expect(await panel.calls('panel.command')).toEqual([]);
    await panel.frame.fill('#setting-imageSize', '32');
    await panel.frame.fill('#setting-name', '');
    await panel.frame.waitForFunction(() => document.querySelector('.form-summary')?.textContent === '');
  });

  it('says which network it is when only its head is chosen, and leads to a problem that is far away', async () => {
    const panel = await form();
    await panel.frame.selectOption('#setting-model-head', { label: 'MLP' });
    await panel.frame.fill('#setting-loss-temperature', '0');
    await panel.frame.locator('vscode-button', { hasText: 'Show it' }).click();
    await panel.frame.waitForFunction(() => document.activeElement?.id === 'setting-loss-temperature');
    await panel.frame.fill('#setting-loss-temperature', '0.1');
    await expect.poll(() => panel.frame.locator('vscode-button', { hasText: 'Show it' }).isHidden()).toBe(true);
    await panel.frame.locator('vscode-button', { hasText: 'Save as kindred.json' }).click();
    await expect
      .poll(() => panel.calls('training.save'))
      .toMatchObject([{ settings: { model: { kind: 'convnet', head: 'mlp' } } }]);
  });

  it('begins with a preset', async () => {
    const panel = await form();
    await panel.frame.selectOption('#setting-from', { label: 'Quick look' });
    await expectText(panel, '.form-reasons', 'Preset quick-look');
    expect(await panel.frame.inputValue('#setting-imageSize')).toBe('32');
    expect(await panel.frame.inputValue('#setting-from')).toBe('preset:quick-look');
  });

  it('offers the columns of the dataset as labels and super-class', async () => {
    const panel = await form();
    await panel.frame.locator('summary', { hasText: 'More settings' }).click();
    const boxes = panel.frame.getByRole('group', { name: 'Columns that are the label' });
    await expect
      .poll(() => boxes.locator('label').allTextContents())
      .toEqual(['label (1700 classes)', 'group (9 classes)']);
    await boxes.getByLabel('group').check();
    await panel.frame.selectOption('#setting-sampling', 'super-class');
    await expectText(panel, '#setting-superClass-problem', 'the name of a column of the dataset');
    await shoot(panel, 'training-form-columns');
    expect(await seriousViolations(panel.frame)).toEqual([]);
    const offered = panel.frame.locator('#setting-superClass-names option');
    expect(await offered.evaluateAll((all) => all.map((one) => (one as HTMLOptionElement).value))).toEqual([
      'label',
      'group',
    ]);
    await panel.frame.fill('#setting-superClass', 'group');
    await expect.poll(async () => panel.frame.locator('#setting-superClass-problem').isHidden()).toBe(true);
    await panel.frame.locator('vscode-button', { hasText: 'Save as kindred.json' }).click();
    await expect
      .poll(() => panel.calls('training.save'))
      .toMatchObject([{ settings: { labelColumns: ['group'], sampling: 'super-class', superClass: 'group' } }]);
    await boxes.getByLabel('group').uncheck();
    await panel.frame.locator('vscode-button', { hasText: 'Save as kindred.json' }).click();
    await expect.poll(() => panel.calls('training.save')).toHaveLength(2);
    const [, { settings }] = (await panel.calls('training.save')) as { settings: TrainingSettings }[];
    expect(settings.labelColumns).toBeUndefined();
  });

  it('asks first what is learned from, and for the table of pairs only where pairs are', async () => {
    const panel = await form();
    const save = async (): Promise<Partial<TrainingSettings>> => {
      await panel.frame.locator('vscode-button', { hasText: 'Save as kindred.json' }).click();
      await expectText(panel, '.notice', 'Saved');
      return ((await panel.calls('training.save')) as { settings: TrainingSettings }[]).at(-1)!.settings;
    };
    expect(await panel.frame.locator('#setting-pairs').isVisible()).toBe(false);
    await panel.frame.selectOption('#setting-supervision', { label: 'Pairs that are given' });
    await panel.frame.fill('#setting-pairs', 'pairs.csv');
    await shoot(panel, 'training-form-pairs');
    expect(await save()).toMatchObject({ supervision: 'pairs', pairs: 'pairs.csv' });
    await panel.frame.fill('#setting-pairs', '');
    await panel.frame.fill('#setting-features', 'pixels');
    await panel.frame.fill('#setting-features', '');
    const settings = await save();
    expect([Object.hasOwn(settings, 'pairs'), Object.hasOwn(settings, 'features')]).toEqual([false, false]);
    expect(settings.name).toBe('');
    expect(await seriousViolations(panel.frame)).toEqual([]);
  });

  it('adds up several losses, and chooses a miner', async () => {
    const panel = await form();
    await panel.frame.selectOption('#setting-loss-kind', 'triplet');
    expect(await panel.frame.inputValue('#setting-loss-miner')).toBe('semi-hard');
    await panel.frame.selectOption('#setting-loss-kind', 'sum');
    const losses = panel.frame.locator('.loss-part select');
    expect(await losses.evaluateAll((all) => all.map((one) => (one as HTMLSelectElement).value))).toEqual([
      'nt-xent',
      'proxy-anchor',
    ]);
    await losses.nth(1).selectOption({ label: 'Contrastive (siamese)' });
    await panel.frame.getByLabel('Weight of part 2').fill('0.5');
    await panel.frame.locator('vscode-button', { hasText: 'Add a loss' }).click();
    await expect.poll(() => losses.count()).toBe(3);
    await losses.nth(2).selectOption({ label: 'Circle' });
    await panel.frame.getByLabel('Remove part 1').click();
    await shoot(panel, 'training-form-sum');
    expect(await seriousViolations(panel.frame)).toEqual([]);
    await panel.frame.getByLabel('Weight of part 2').fill('heavy');
    await expectText(panel, '#setting-loss-parts-problem', 'it must be a number from 0');
    await panel.frame.getByLabel('Weight of part 2').fill('2');
    await expect.poll(() => panel.frame.locator('#setting-loss-parts-problem').isHidden()).toBe(true);
    await panel.frame.locator('vscode-button', { hasText: 'Save as kindred.json' }).click();
    await expect
      .poll(() => panel.calls('training.save'))
      .toMatchObject([
        {
          settings: {
            loss: {
              kind: 'sum',
              parts: [
                { weight: 0.5, loss: { kind: 'contrastive', negativeMargin: 1 } },
                { weight: 2, loss: { kind: 'circle' } },
              ],
            },
          },
        },
      ]);
  });

  it('leaves out what plays no part in a layer on frozen features', async () => {
    const panel = await form();
    const shown = async (): Promise<boolean[]> =>
      Promise.all(['#setting-loss-kind', '#setting-imageSize'].map((at) => panel.frame.locator(at).isVisible()));
    expect(await shown()).toEqual([true, true]);
    const offered = panel.frame.locator('#setting-features-names option');
    expect(await offered.evaluateAll((all) => all.map((one) => (one as HTMLOptionElement).value))).toEqual(
      expect.arrayContaining(['descriptor', 'pixels']),
    );
    await panel.frame.fill('#setting-features', 'descriptor');
    expect(await shown()).toEqual([true, false]);
    await panel.frame.selectOption('#setting-model-kind', 'linear');
    await panel.frame.selectOption('#setting-model-method', 'lda');
    expect(await shown()).toEqual([false, false]);
    await expectText(panel, '.form', 'This layer is computed in one piece');
    await shoot(panel, 'training-form-computed');
    expect(await seriousViolations(panel.frame)).toEqual([]);
    await panel.frame.selectOption('#setting-model-method', 'gradient');
    expect(await shown()).toEqual([true, false]);
  });

  it('saves the settings as kindred.json', async () => {
    const panel = await form();
    await panel.frame.locator('vscode-button', { hasText: 'Save as kindred.json' }).click();
    await expectText(panel, '.notice', 'Saved as kindred.json');
    expect(await panel.calls('training.save')).toMatchObject([{ settings: { embeddingSize: 128 } }]);
  });

  it('is reached by keyboard alone', async () => {
    const panel = await open({ points: '200' });
    await panel.frame.focus('[role=tab][aria-selected=true]');
    await panel.page.keyboard.press('End');
    await panel.frame.waitForSelector('.form');
    expect(await panel.frame.evaluate(() => document.activeElement?.id)).toBe('training-tab-new');
    await panel.page.keyboard.press('Home');
    await expectText(panel, '.run-phase', 'Running');
  });
});
