import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/trainer/random';
import { augment } from '../../../src/trainer/training/augmentation/augment';
import { BatchStream } from '../../../src/trainer/training/batches';
import { ClassSampler } from '../../../src/trainer/training/sampler';

const SIZE = 8;

function pictures(count: number, seed = 1): Uint8Array {
  const random = new Random(seed);
  return Uint8Array.from({ length: count * SIZE * SIZE * 3 }, () => random.integer(256));
}

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
    expect(batches[2].values).toEqual(augment(pixels, SIZE, augmentation, random.fork('augmentation 2')));
    expect(batches[2].labels).toEqual(sampler.batch(2).labels);
  });

  it('gives the same by one thread and by several, which join while it is waited for', async () => {
    const alone = new BatchStream(settings(), 0, 1);
    const crowd = new BatchStream(settings(), 0, 3);
    for (let i = 0; i < 20; i++) expect(await crowd.next()).toEqual(await alone.next());
    expect(alone.threads).toBe(1);
    expect(crowd.threads).toBeGreaterThanOrEqual(1);
    expect(crowd.threads).toBeLessThanOrEqual(3);
    await Promise.all([alone.close(), crowd.close()]);
  });

  it('tells a failure to read to whoever asks for that batch', async () => {
    const broken = { ...store, read: () => Promise.reject(new Error('unplugged')) };
    const stream = new BatchStream({ ...settings(), pixels: broken }, 0);
    await expect(stream.next()).rejects.toThrow('unplugged');
    await stream.close();
  });
});
