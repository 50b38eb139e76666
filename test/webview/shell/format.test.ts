import { expect, it } from 'vitest';
import * as format from '../../../src/webview/shell/format';

it('writes counts', () => {
  expect(format.formatCount(1234567)).toBe('1,234,567');
  expect(format.formatItems(1, 'image')).toBe('1 image');
  expect(format.formatItems(0, 'image')).toBe('0 images');
  expect(format.formatItems(2, 'class', 'classes')).toBe('2 classes');
});

it('writes sizes with three digits', () => {
  expect(format.formatBytes(1)).toBe('1 byte');
  expect(format.formatBytes(999)).toBe('999 bytes');
  expect(format.formatBytes(1530)).toBe('1.53 kB');
  expect(format.formatBytes(999_999)).toBe('1.00 MB');
  expect(format.formatBytes(12_300_000_000)).toBe('12.3 GB');
});

it('writes times left in steps that do not flicker', () => {
  expect([0.2, 5.4, 59.4, 62, 80, 598, 605, 3600, 7500].map(format.formatDuration)).toEqual([
    '1 s',
    '5 s',
    '59 s',
    '1 min',
    '1 min 20 s',
    '10 min',
    '10 min',
    '1 h',
    '2 h 5 min',
  ]);
});

it('takes the name of a path', () => {
  expect(format.fileName('a/b/c.png')).toBe('c.png');
  expect(format.fileName('c.png')).toBe('c.png');
});
