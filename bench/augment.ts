/**
 * How many pictures a second one thread varies: Kindred's own augmentation against sharp (libvips, one thread too) doing the same to
 * the same pictures, in turns. Arguments: [size] [pictures]
 */
import sharp, { type Sharp } from 'sharp';
import { Random } from '../src/trainer/random';
import { augment } from '../src/trainer/training/augmentation/augment';
import type { AugmentationSettings } from '../src/trainer/types/training';

const SIZE = Number(process.argv[2] ?? 64);
const COUNT = Number(process.argv[3] ?? 256);
const ROUNDS = 5;
const PICTURE = SIZE * SIZE * 3;
const NONE: AugmentationSettings = { crop: 1, flip: false, colour: 0, grey: 0 };

interface Contest {
  readonly name: string;
  readonly settings: AugmentationSettings;
  /** The same in sharp, without drawing random numbers. */
  readonly sharp: (picture: Sharp) => Sharp;
}

const [part, offset] = [Math.round(0.9 * SIZE), Math.round(0.05 * SIZE)];
const crop = (picture: Sharp): Sharp =>
  picture
    .extract({ left: offset, top: offset, width: part, height: part })
    .resize(SIZE, SIZE, { fit: 'fill', kernel: 'linear' });
const colour = (picture: Sharp): Sharp => picture.linear(1.05, -3).modulate({ brightness: 1.05, saturation: 1.1 });
const turn = (picture: Sharp): Sharp =>
  picture.affine([0.97, -0.2, 0.2, 0.97], { interpolator: 'bilinear' }).resize(SIZE, SIZE, { fit: 'fill' });

const CONTESTS: readonly Contest[] = [
  { name: 'crop, flip', settings: { ...NONE, crop: 0.85, flip: true }, sharp: (p) => crop(p).flop() },
  {
    name: 'crop, flip, colour (the default)',
    settings: { ...NONE, crop: 0.85, flip: true, colour: 0.1 },
    sharp: (p) => colour(crop(p).flop()),
  },
  {
    name: 'crop, flip, colour, hue, rotate, scale',
    settings: { ...NONE, crop: 0.85, flip: true, colour: 0.1, hue: 0.1, rotate: 15, scale: 0.2 },
    sharp: (p) => colour(turn(crop(p)).flop()).modulate({ hue: 20 }),
  },
  { name: 'blur', settings: { ...NONE, blur: 1 }, sharp: (p) => p.blur(0.9) },
];

/** Pictures a second. */
async function timed(work: () => void | Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return (1000 * COUNT) / (performance.now() - started);
}

async function withSharp(pixels: Uint8Array, contest: Contest): Promise<void> {
  for (let start = 0; start < pixels.length; start += PICTURE) {
    const raw = { width: SIZE, height: SIZE, channels: 3 } as const;
    await contest
      .sharp(sharp(pixels.subarray(start, start + PICTURE), { raw }))
      .raw()
      .toBuffer();
  }
}

async function main(): Promise<void> {
  sharp.concurrency(1);
  sharp.cache(false);
  const random = new Random(1);
  const pixels = Uint8Array.from({ length: COUNT * PICTURE }, () => random.integer(256));
  console.log(`${COUNT} pictures of ${SIZE} x ${SIZE}, one thread, best of ${ROUNDS} rounds, pictures a second:`);
  for (const contest of CONTESTS) {
    const [ours, theirs]: number[][] = [[], []];
    for (let round = 0; round < ROUNDS; round++) {
      ours.push(await timed(() => void augment(pixels, SIZE, contest.settings, random.fork(`${round}`))));
      theirs.push(await timed(() => withSharp(pixels, contest)));
    }
    const [a, b] = [Math.max(...ours), Math.max(...theirs)];
    console.log(`${contest.name}: Kindred ${a.toFixed(0)}, sharp ${b.toFixed(0)}, ratio ${(a / b).toFixed(1)}`);
  }
}

void main();
