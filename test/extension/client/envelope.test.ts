import { describe, expect, it } from 'vitest';
import { isEnvelope } from '../../../src/extension/client/envelope';
import { lines } from '../../../src/extension/client/lines';

describe('isEnvelope', () => {
  it.each([
    { kind: 'request', id: 1, method: 'a', params: null },
    { kind: 'request', id: 1, method: 'a' },
    { kind: 'cancel', id: 2 },
    { kind: 'progress', id: 3, progress: 1 },
    { kind: 'result', id: 4 },
    { kind: 'error', id: 5, error: { code: 'internal', message: 'm' } },
  ])('takes %j', (message) => expect(isEnvelope(message)).toBe(true));

  it.each([
    null,
    'request',
    {},
    { kind: 'request', id: 1 },
    { kind: 'request', id: 1, method: 7 },
    { kind: 'request', id: 1.5, method: 'a' },
    { kind: 'result', id: '4' },
    { kind: 'toString', id: 1 },
    { kind: 'error', id: 5 },
    { kind: 'error', id: 5, error: 'no' },
  ])('refuses %j', (message) => expect(isEnvelope(message)).toBe(false));
});

describe('lines', () => {
  it('keeps characters whole across chunks', () => {
    const seen: string[] = [];
    const read = lines((line) => seen.push(line));
    const bytes = Buffer.from('grün\r\nzwei\nrest');
    read(bytes.subarray(0, 3));
    read(bytes.subarray(3));
    expect(seen).toEqual(['grün', 'zwei']);
  });
});
