import { describe, expect, it } from 'vitest';
import { portable } from '../../../src/extension/panels/portable';

describe('portable', () => {
  it('gives windows on larger buffers a buffer of their own', () => {
    const all = new Float32Array([1, 2, 3, 4, 5]);
    const sent = portable({ positions: all.subarray(1, 3) }) as { positions: Float32Array };
    expect(sent.positions).toEqual(new Float32Array([2, 3]));
    expect(sent.positions.buffer.byteLength).toBe(8);
  });

  it('makes a Buffer plain bytes, since its toJSON would make it numbers', () => {
    const [bytes] = portable([Buffer.from([1, 2, 3])]) as [Uint8Array];
    expect(Buffer.isBuffer(bytes)).toBe(false);
    expect(bytes).toEqual(new Uint8Array([1, 2, 3]));
    expect(bytes.buffer.byteLength).toBe(3);
  });

  it('keeps the type of an array whose offset is odd', () => {
    const buffer = new ArrayBuffer(16);
    const view = new Int32Array(buffer, 4, 2);
    view.set([7, -8]);
    expect(portable(view)).toEqual(new Int32Array([7, -8]));
  });

  it('leaves everything else as it is', () => {
    const value = { a: [1, 'b', null, undefined, true], c: { d: new Uint8Array([1]) }, e: undefined };
    expect(portable(value)).toEqual(value);
  });
});
