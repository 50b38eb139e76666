import { describe, expect, it } from 'vitest';
import { chooseDevice } from '../../../../src/trainer/engine/devices/choose';
import { largestDifference, type Trial } from '../../../../src/trainer/engine/devices/trial';
import type { Device } from '../../../../src/trainer/types/engine';

const measured = (device: Device, milliseconds: number, name?: string): Trial => ({
  device,
  outcome: '',
  milliseconds,
  isUsable: true,
  name,
});
const unusable = (device: Device, milliseconds?: number): Trial =>
  milliseconds === undefined
    ? { device, outcome: '', isUsable: false }
    : { device, outcome: '', milliseconds, isUsable: false };

describe('the choice of a device', () => {
  it('is the fastest', () => {
    const choice = chooseDevice([measured('cpu', 20), measured('cuda', 4, 'A'), measured('webgpu', 5, 'A')]);
    expect(choice).toEqual({ device: 'cuda', name: 'A', reason: '5.0 times as fast as the CPU.' });
  });

  it('is never one that cannot be used, however fast', () => {
    expect(chooseDevice([measured('cpu', 20), unusable('cuda', 1), measured('webgpu', 10)]).device).toBe('webgpu');
    expect(chooseDevice([measured('cpu', 20), unusable('webgpu', 1)]).device).toBe('cpu');
  });

  it('is the CPU when it is as fast, and says than what', () => {
    const choice = chooseDevice([measured('cpu', 5), measured('webgpu', 5, 'Intel UHD')]);
    expect(choice).toEqual({ device: 'cpu', reason: 'The CPU is faster here than Intel UHD (webgpu).' });
  });

  it('is the CPU where there is nothing else', () => {
    expect(chooseDevice([]).device).toBe('cpu');
  });
});

describe('the difference of two results', () => {
  const tensor = (...values: number[]): { shape: number[]; data: Float32Array } => ({
    shape: [values.length],
    data: Float32Array.from(values),
  });

  it("is relative to each tensor's largest value, and the worst of them counts", () => {
    const expected = { a: tensor(100, 1), b: tensor(1, 0) };
    expect(largestDifference({ a: tensor(101, 1), b: tensor(1, 0) }, expected)).toBeCloseTo(0.01, 6);
    expect(largestDifference({ a: tensor(100, 1), b: tensor(1, 0.5) }, expected)).toBeCloseTo(0.5, 6);
  });

  it('is no number small enough where a value is not a number or a tensor is missing', () => {
    expect(largestDifference({ a: tensor(NaN, 1) }, { a: tensor(1, 1) })).toBeNaN();
    expect(largestDifference({}, { a: tensor(1) })).toBe(Infinity);
  });
});
