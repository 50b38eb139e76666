import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Kernels } from '../../../src/trainer/kernels/kernels';
import { loadRows, normalise } from '../../../src/trainer/kernels/rows';
import { Random } from '../../../src/trainer/random';

let kernels: Kernels;
beforeAll(async () => {
  kernels = await Kernels.start(3);
});
afterAll(() => kernels.close());

describe('Kernels', () => {
  it('does every row once, however many threads share them', () => {
    const random = new Random(1);
    const rows = 5000;
    const data = Float32Array.from({ length: rows * 6 }, () => random.normal());
    const before = kernels.memory.allocated;
    const loaded = loadRows(kernels, { data, rows, dims: 6 });
    normalise(kernels, loaded);
    const values = kernels.memory.floats(loaded.at, rows * 8);
    for (let row = 0; row < rows; row++) {
      const length = Math.hypot(...data.subarray(row * 6, row * 6 + 6));
      for (let d = 0; d < 6; d++) expect(values[row * 8 + d]).toBeCloseTo(data[row * 6 + d] / length, 5);
      // Filled up with zeros, so that the rest of the row adds nothing to a product.
      expect([values[row * 8 + 6], values[row * 8 + 7]]).toEqual([0, 0]);
    }
    kernels.memory.release(before);
  });

  it('leaves rows of zeros as they are', () => {
    const before = kernels.memory.allocated;
    const loaded = loadRows(kernels, { data: new Float32Array(12), rows: 3, dims: 4 });
    normalise(kernels, loaded);
    expect([...kernels.memory.floats(loaded.at, 12)]).toEqual(new Array(12).fill(0));
    kernels.memory.release(before);
  });

  it('gives memory back like a stack, and clears it when asked', () => {
    const before = kernels.memory.allocated;
    const at = kernels.memory.allocateFloats([1, 2, 3]);
    kernels.memory.release(before);
    expect(kernels.memory.zeros(12)).toBe(at);
    expect([...kernels.memory.floats(at, 3)]).toEqual([0, 0, 0]);
    kernels.memory.release(before);
  });

  it('says what can be done when there is not enough memory', () => {
    expect(() => kernels.memory.allocate(5e9)).toThrow(
      expect.objectContaining({ code: 'bad-input', remedy: expect.stringContaining('fewer dimensions') }),
    );
  });
});
