import { expect, it } from 'vitest';
import { applyText } from '../../../src/extension/reports/applyText';
import { deviceReport } from '../../../src/extension/reports/deviceReport';
import { itemsReport } from '../../../src/extension/reports/itemsReport';
import { escape, table } from '../../../src/extension/reports/markdown';
import { problemsReport } from '../../../src/extension/reports/problemsReport';
import { fill } from '../fill';

it('escapes names, so that a file called like markup is no markup', () => {
  expect(escape('a|b*c_[x](y)<i>`')).toBe('a\\|b\\*c\\_\\[x\\]\\(y\\)\\<i\\>\\`');
  expect(table(['A'], [['x|y\nz']])).toBe('| A |\n| --- |\n| x\\|y z |');
  expect(table(['A'], [])).toBe('');
});

it('lists labels by size, and says how many more there are', () => {
  const labels = Array.from({ length: 600 }, (_, i) => ({ name: `label ${i}`, count: i + 1 }));
  const text = itemsReport(
    {
      ref: { root: '/data/cats' },
      name: 'cats',
      source: { kind: 'class-folders' },
      modality: 'image',
      items: 1234,
      bytes: 5_600_000,
      labels,
      splits: [{ name: 'train', count: 1000 }],
      problems: [],
      warnings: [],
      fingerprint: '',
    },
    fill,
  );
  expect(text).toContain('1,234 images, 5.6 MB, in /data/cats.');
  expect(text.indexOf('label 599')).toBeLessThan(text.indexOf('label 598'));
  expect(text).not.toContain('| label 99 |');
  expect(text).toContain('... and 100 more.');
  expect(text).toContain('| train | 1,000 | 81.0% |');
});

it('names every file that cannot be used, with its remedy', () => {
  const problems = [{ path: 'a/b.png', reason: 'is empty (0 bytes)', remedy: 'Delete it.' }];
  const text = problemsReport('cats', problems, [{ message: 'One class only.', remedy: 'Add another.' }], fill);
  expect(text).toContain('| a/b.png | is empty \\(0 bytes\\) | Delete it. |');
  expect(text).toContain('**One class only.** Add another.');
  expect(problemsReport('cats', [], [], fill)).toContain('There are none.');
});

it('says exactly what moves where before files are moved', () => {
  const paths = Array.from({ length: 12 }, (_, i) => `train/cat/${i}.png`);
  const plan = {
    items: paths.map((_, i) => i),
    paths,
    bytes: 12_345,
    quarantine: 'kindred.quarantine/1',
    manifest: 'list.csv',
    warnings: ['Label "cat" would lose its last image.'],
  };
  const text = applyText(plan, '/data', fill);
  expect(text).toContain('From /data: 12 files, 12.3 kB.');
  expect(text).toContain('kindred.quarantine/1');
  expect(text).toContain('list.csv');
  expect(text).toContain('lose its last image');
  expect(text).toContain('train/cat/7.png');
  expect(text).not.toContain('train/cat/8.png');
  expect(text).toContain('... and 4 more.');
});

it('tells what computes, why, and what was found out about the others', () => {
  const text = deviceReport(
    {
      engine: 'onnx',
      device: 'webgpu',
      deviceName: 'AMD Radeon RX 7900 XT (WebGPU)',
      reason: '6.0 times as fast as the CPU.',
      tried: [
        { device: 'cpu', outcome: '30 ms a step', milliseconds: 30 },
        { device: 'cuda', outcome: 'its libraries are not installed' },
      ],
    },
    fill,
  );
  expect(text).toContain('**AMD Radeon RX 7900 XT \\(WebGPU\\)**');
  expect(text).toContain('6.0 times as fast as the CPU.');
  expect(text).toContain('| cuda | its libraries are not installed |');
});
