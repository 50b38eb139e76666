import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/trainer/random';
import { augment } from '../../../src/trainer/training/augmentation';
import { BatchStream } from '../../../src/trainer/training/batches';
import { ClassSampler } from '../../../src/trainer/training/sampler';

const SIZE = 8;
const NONE = { crop: 1, flip: false, colour: 0, grey: 0 };

function pictures(count: number, seed = 1): Uint8Array {
  const random = new Random(seed);
  return Uint8Array.from({ length: count * SIZE * SIZE * 3 }, () => random.integer(256));
}

describe('augment', () => {
  it('leaves pictures alone when nothing is asked for', () => {
    const pixels = pictures(2);
    const views = augment(pixels, SIZE, NONE, new Random(1));
    views.forEach((value, i) => expect(value).toBeCloseTo(pixels[i] / 255, 6));
  });

  it('mirrors about half of the pictures', () => {
    const pixels = pictures(200);
    const views = augment(pixels, SIZE, { ...NONE, flip: true }, new Random(1));
    const row = SIZE * 3;
    let mirrored = 0;
    for (let start = 0; start < pixels.length; start += SIZE * row) {
      const isMirrored = Math.abs(views[start] - pixels[start + row - 3] / 255) < 1e-6;
      if (!isMirrored) expect(views[start]).toBeCloseTo(pixels[start] / 255, 6);
      mirrored += Number(isMirrored);
    }
    expect(mirrored).toBeGreaterThan(70);
    expect(mirrored).toBeLessThan(130);
  });

  it('crops a part and fills the picture with it, without leaving the picture', () => {
    const ramp = Uint8Array.from({ length: SIZE * SIZE * 3 }, (_, i) => 30 * (Math.floor(i / 3) % SIZE));
    const spans = Array.from({ length: 50 }, (_, seed) => {
      const view = augment(ramp, SIZE, { ...NONE, crop: 0.3 }, new Random(seed));
      expect(Math.max(...view)).toBeLessThanOrEqual(210 / 255 + 1e-6);
      const first = view[0];
      const last = view[3 * (SIZE - 1)];
      expect(last).toBeGreaterThan(first);
      return (last - first) / (210 / 255);
    });
    expect(Math.min(...spans)).toBeLessThan(0.8);
    expect(Math.min(...spans)).toBeGreaterThan(0.3);
    expect(Math.max(...spans)).toBeLessThanOrEqual(1 + 1e-6);
  });

  it('turns pictures grey', () => {
    const view = augment(pictures(3), SIZE, { ...NONE, grey: 1 }, new Random(1));
    for (let i = 0; i < view.length; i += 3) {
      expect(view[i + 1]).toBeCloseTo(view[i], 5);
      expect(view[i + 2]).toBeCloseTo(view[i], 5);
    }
  });

  it('stays between 0 and 1 however strong, and repeats by the seed', () => {
    const settings = { crop: 0.1, flip: true, colour: 1, grey: 0.3 };
    const first = augment(pictures(20), SIZE, settings, new Random(4));
    expect(first.every((value) => value >= 0 && value <= 1)).toBe(true);
    expect(augment(pictures(20), SIZE, settings, new Random(4))).toEqual(first);
    expect(augment(pictures(20), SIZE, settings, new Random(5))).not.toEqual(first);
  });
});

describe('BatchStream', () => {
  const all = pictures(10);
  const length = SIZE * SIZE * 3;
  const store = {
    size: SIZE,
    count: 10,
    problems: [],
    read: (items: ArrayLike<number>) =>
      Promise.resolve(
        Uint8Array.from(Array.from(items, (item) => [...all.subarray(item * length, (item + 1) * length)]).flat()),
      ),
    close: () => Promise.resolve(),
  };
  const classes = Array.from({ length: 5 }, (_, i) => Int32Array.of(2 * i, 2 * i + 1));
  const settings = (): ConstructorParameters<typeof BatchStream>[0] => ({
    sampler: new ClassSampler(classes, { classes: 2, perClass: 2 }, new Random(1)),
    pixels: store,
    augmentation: { crop: 0.5, flip: true, colour: 0.4, grey: 0.1 },
    random: new Random(9),
  });

  it('gives from a thread what the same code gives here, from any batch on', async () => {
    const stream = new BatchStream(settings(), 0);
    const batches = [await stream.next(), await stream.next(), await stream.next(), await stream.next()];
    await stream.close();
    const later = new BatchStream(settings(), 3);
    const fourth = await later.next();
    await later.close();
    expect(fourth).toEqual(batches[3]);
    const { sampler, augmentation, random } = settings();
    const pixels = await store.read(sampler.batch(2).items);
    expect(batches[2].images).toEqual(augment(pixels, SIZE, augmentation, random.fork('augmentation 2')));
    expect(batches[2].labels).toEqual(sampler.batch(2).labels);
  });

  it('tells a failure to read to whoever asks for that batch', async () => {
    const broken = { ...store, read: () => Promise.reject(new Error('unplugged')) };
    const stream = new BatchStream({ ...settings(), pixels: broken }, 0);
    await expect(stream.next()).rejects.toThrow('unplugged');
    await stream.close();
  });
});
