import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/trainer/random';
import { isMeasured, stepsFor } from '../../../src/trainer/training/budget';
import { allFinite } from '../../../src/trainer/training/checkpoint';
import { recallAt1 } from '../../../src/trainer/training/recall';
import { decodeSafetensors, encodeSafetensors } from '../../../src/trainer/training/safetensors';

describe('safetensors', () => {
  const tensors = {
    b: { shape: [2, 3], data: Float32Array.of(1, -2, 3.5, 0, 1e-30, -0) },
    a: { shape: [], data: Float32Array.of(7) },
    empty: { shape: [0, 4], data: new Float32Array(0) },
  };

  it('gives back every bit', () => {
    const bytes = encodeSafetensors({ tensors, metadata: { step: '3', ä: '"\n' } });
    expect(decodeSafetensors(bytes, 'x')).toEqual({ tensors, metadata: { step: '3', ä: '"\n' } });
    const { tensors: b, a, ...rest } = { ...tensors, tensors: tensors.b };
    expect(encodeSafetensors({ tensors: { ...rest, a, b }, metadata: { step: '3', ä: '"\n' } })).toEqual(bytes);
  });

  it('is laid out as the format says', () => {
    const bytes = Buffer.from(encodeSafetensors({ tensors, metadata: {} }));
    const length = Number(bytes.readBigUInt64LE(0));
    expect((8 + length) % 8).toBe(0);
    const header = JSON.parse(bytes.subarray(8, 8 + length).toString()) as Record<
      string,
      { data_offsets: [number, number] }
    >;
    expect(header['b']).toEqual({ dtype: 'F32', shape: [2, 3], data_offsets: [4, 28] });
    expect(bytes.readFloatLE(8 + length + 4 + 8)).toBe(3.5);
  });

  it.each([0, 5, 40, -1])('refuses a file cut at %i bytes, by its name', (cut) => {
    const bytes = encodeSafetensors({ tensors, metadata: {} }).slice(0, cut);
    expect(() => decodeSafetensors(bytes, 'last.safetensors')).toThrow(/last\.safetensors/);
  });
});

describe('allFinite', () => {
  it('finds what is no number', () => {
    const state = (value: number) => ({ x: { shape: [2], data: Float32Array.of(1, value) } });
    expect([1e38, 0, -3].map((value) => allFinite(state(value)))).toEqual([true, true, true]);
    expect([NaN, Infinity, -Infinity].map((value) => allFinite(state(value)))).toEqual([false, false, false]);
  });
});

describe('the budget', () => {
  const stepSeconds = [3, 2, ...Array<number>(8).fill(0.5)];

  it('fills the minutes with steps of the usual length', () => {
    const steps = stepsFor(1, { stepSeconds, elapsed: 10, batchSize: 128, measured: 0 });
    expect(steps).toBe(10 + 100);
  });

  it('leaves room for the measures, but not more than half', () => {
    const some = stepsFor(1, { stepSeconds, elapsed: 10, batchSize: 128, measured: 500 });
    expect(some).toBeLessThan(110);
    expect(some).toBeGreaterThan(70);
    expect(stepsFor(1, { stepSeconds, elapsed: 10, batchSize: 8, measured: 4000 })).toBe(10 + 50);
  });

  it('never asks for fewer steps than were made', () => {
    expect(stepsFor(0.01, { stepSeconds, elapsed: 10, batchSize: 128, measured: 100 })).toBe(10);
  });

  it.each([1, 7, 10, 99, 400])('measures about ten times in %i steps, and at the end', (steps) => {
    const at = Array.from({ length: steps }, (_, i) => i + 1).filter((done) => isMeasured(done, steps));
    expect(at.at(-1)).toBe(steps);
    expect(at.length).toBeGreaterThanOrEqual(Math.min(steps, 5));
    expect(at.length).toBeLessThanOrEqual(11);
  });
});

describe('recallAt1', () => {
  const signal = new AbortController().signal;

  it('agrees with a plain search', async () => {
    const random = new Random(8);
    const [rows, dims] = [60, 5];
    const labels = Int32Array.from({ length: rows }, () => random.integer(25));
    const data = Float32Array.from({ length: rows * dims }, () => random.normal());
    const row = (i: number): number[] => [...data.subarray(i * dims, (i + 1) * dims)];
    const hits: boolean[] = [];
    labels.forEach((label, query) => {
      if (labels.filter((other) => other === label).length < 2) return;
      const similarity = (i: number): number => row(i).reduce((sum, x, k) => sum + x * row(query)[k], 0);
      const others = [...labels.keys()].filter((i) => i !== query).sort((a, b) => similarity(b) - similarity(a));
      hits.push(labels[others[0]] === label);
    });
    expect(await recallAt1(data, dims, labels, signal)).toBeCloseTo(hits.filter(Boolean).length / hits.length, 10);
  });

  it('counts a copy as a neighbour, and never the row itself', async () => {
    const data = Float32Array.of(1, 0, 1, 0, 0.8, 0.6, 0.6, 0.8);
    expect(await recallAt1(data, 2, Int32Array.of(1, 1, 1, 1), signal)).toBe(1);
    expect(await recallAt1(data, 2, Int32Array.of(1, 1, 2, 2), signal)).toBe(1);
    expect(await recallAt1(data, 2, Int32Array.of(1, 2, 2, 1), signal)).toBe(0);
  });

  it('has nothing to say when no row has another of its class', async () => {
    expect(await recallAt1(Float32Array.of(1, 1), 1, Int32Array.of(1, 2), signal)).toBeUndefined();
    expect(await recallAt1(new Float32Array(0), 1, new Int32Array(0), signal)).toBeUndefined();
  });
});
