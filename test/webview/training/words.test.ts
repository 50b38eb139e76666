import { describe, expect, it } from 'vitest';
import type { TrainingSettings } from '../../../src/trainer/protocol';
import { flattened } from '../../../src/webview/training/draft';
import { figures, gainWords } from '../../../src/webview/training/headline';
import { phaseAdvice, phaseOf } from '../../../src/webview/training/runPhase';
import { heldOutWords, lossWords, partNames, settingsFacts } from '../../../src/webview/training/runWords';
import { metrics, run, SUM } from './runs';

it('names the parts of a loss, apart when they are alike', () => {
  expect(partNames(run().settings.loss)).toEqual([]);
  expect(partNames(SUM)).toEqual(['NT-Xent', '0.5 × Triplet']);
  expect(partNames({ ...SUM, parts: [...SUM.parts, SUM.parts[0]] })).toEqual([
    'NT-Xent (1)',
    '0.5 × Triplet',
    'NT-Xent (2)',
  ]);
});

describe('the words of a run', () => {
  it('say the settings', () => {
    const facts = new Map(settingsFacts(run()).map(({ name, value }) => [name, value]));
    expect(facts.get('Loss')).toBe('NT-Xent, temperature 0.1');
    expect(facts.get('Batch')).toBe('128 items: 64 classes, 2 of each');
    expect(facts.get('Augmentation')).toBe('crops down to 60%, mirrored, colours ±30%, grey 10%');
    const { settings } = run();
    const augmentation = {
      crop: 1,
      flip: false,
      colour: 0,
      grey: 0,
      hue: 0.1,
      rotate: 15,
      scale: 0.2,
      blur: 0.3,
      erase: 0.25,
    };
    const strong = settingsFacts(run({ settings: { ...settings, augmentation } }));
    expect(strong.find(({ name }) => name === 'Augmentation')?.value).toBe(
      'turned up to 15°, scaled ±20%, hue ±36°, blurred 30%, a part erased 25%',
    );
    expect(facts.get('Network')).toBe('Residual convolutional network, 64 × 64 pixels in, 128 numbers out');
    const vit = { kind: 'vit', patch: 8, width: 64, depth: 2, heads: 4, dropout: 0 } as const;
    const other = settingsFacts(run({ settings: { ...settings, model: vit } }));
    expect(other.find(({ name }) => name === 'Network')?.value).toMatch(/^Vision transformer, /);
    expect(facts.get('Length')).toBe('3 minutes');
    expect(lossWords({ kind: 'triplet', margin: 0.2, miner: 'batch-hard' })).toContain('the hardest triplet');
    expect(lossWords({ kind: 'contrastive', positiveMargin: 0, negativeMargin: 1 })).toContain('siamese');
  });

  it('say what it learned from where that is not plain, and nothing that played no part', () => {
    const { settings } = run();
    const facts = (more: Partial<TrainingSettings>): Map<string, string> =>
      new Map(settingsFacts(run({ settings: { ...settings, ...more } })).map(({ name, value }) => [name, value]));
    expect(facts({}).get('Learned from')).toBeUndefined();
    expect(facts({ supervision: 'pairs', pairs: 'p.csv' }).get('Learned from')).toBe('pairs of p.csv and the review');
    expect(facts({ supervision: 'none' }).get('Learned from')).toContain('no labels');
    const columns = { labelColumns: ['form', 'half'], sampling: 'super-class', superClass: 'form' } as const;
    expect(facts(columns).get('Learned from')).toBe(
      'labels by form and half, batches within the super-classes of form',
    );
    const head = facts({ features: 'descriptor', model: { kind: 'linear', method: 'gradient' } });
    expect([head.has('Loss'), head.has('Augmentation')]).toEqual([true, false]);
    const computed = facts({ features: 'descriptor', model: { kind: 'linear', method: 'lda' } });
    expect([...computed.keys()]).toEqual(['Network', 'Seed', 'Device']);
    expect(computed.get('Network')).toMatch(/^Linear layer by discriminant analysis on the embedding descriptor/);
  });

  it('say why it was this device, and what became of the one before', () => {
    const helpOf = (rest: Parameters<typeof run>[0]): string | undefined =>
      settingsFacts(run(rest)).find(({ name }) => name === 'Device')?.help;
    expect(helpOf({})).toBe('What computes.');
    expect(helpOf({ deviceReason: '4.2 times as fast as the CPU.' })).toBe(
      'What computes. 4.2 times as fast as the CPU.',
    );
    const deviceFault = { message: 'Card (CUDA) was lost, so the CPU went on.', remedy: 'Update its driver.' };
    expect(helpOf({ deviceReason: 'This device was asked for.', deviceFault })).toBe(
      'Card (CUDA) was lost, so the CPU went on. Update its driver.',
    );
  });

  it('say what is held out, for each way to hold out', () => {
    expect(heldOutWords(run())).toBe(
      '680 items of 340 classes are held out. The model never sees these classes; finding the right twin among them is the honest test.',
    );
    expect(heldOutWords(run({ heldOut: { by: 'split', classes: 5, items: 1200 } }))).toContain(
      '1,200 items of the test split',
    );
    expect(heldOutWords(run({ heldOut: { by: 'item', classes: 5, items: 12 } }))).toContain('never sees these items');
  });

  it('say how far the best is above what it has to beat, or below', () => {
    expect(gainWords(0.53, 0.25, 'raw pixels')).toBe('+0.28 above raw pixels');
    expect(gainWords(0.2, 0.25, 'the frozen features')).toBe('0.05 below the frozen features');
    const [best, step, speed, left] = figures({
      run: run(),
      progress: { run: 'nt-xent-1', stage: 'Training', done: 100, total: 600, unit: 'steps', secondsLeft: 150 },
      last: metrics(100).at(-1),
      best: { step: 100, recallAt1: 0.53 },
    });
    expect(best).toEqual({ name: 'Best Recall@1', value: '0.53', note: '+0.28 above raw pixels', tone: 'good' });
    expect(step).toEqual({ name: 'Step', value: '100', note: 'of 600' });
    expect(speed.value).toMatch(/^2[23]\d$/);
    expect(left).toEqual({ name: 'Time left', value: '2 min 30 s' });
  });

  it('tell the phases apart', () => {
    expect(phaseOf(undefined, 0, false)).toBe('gone');
    expect(phaseOf(run(), 0, false)).toBe('preparing');
    expect(phaseOf(run(), 5, false)).toBe('running');
    expect(phaseOf(run(), 5, true)).toBe('stopping');
    expect(phaseOf(run({ state: 'stopped' }), 5, true)).toBe('stopped');
    const failure = { message: 'The device was lost.', remedy: 'Train on the CPU.' };
    expect(phaseAdvice('failed', run({ failure }))).toBe('The device was lost. Train on the CPU.');
    expect(phaseAdvice('interrupted', run())).toContain('Nothing is lost');
    expect(phaseAdvice('running', run())).toBeUndefined();
  });
});

it('sets settings apart one by one, those of the parts of a loss too', () => {
  const settings = { seed: 1, labelColumns: ['a', 'b'], loss: { kind: 'sum', parts: [{ weight: 2 }, { weight: 3 }] } };
  expect(flattened(settings)).toEqual([
    ['seed', '1'],
    ['labelColumns', '["a","b"]'],
    ['loss.kind', 'sum'],
    ['loss.parts.0.weight', '2'],
    ['loss.parts.1.weight', '3'],
  ]);
});
