import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { crc32, deflateSync } from 'node:zlib';

export type Pixel = (x: number, y: number) => readonly [red: number, green: number, blue: number];

/** An RGB picture as a PNG file's bytes. */
export function png(size: number, pixel: Pixel): Buffer {
  const rows = Array.from({ length: size }, (_, y) =>
    Buffer.from([0, ...Array.from({ length: size }, (_unused, x) => pixel(x, y)).flat()]),
  );
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND'),
  ]);
}

function chunk(type: string, data = Buffer.alloc(0)): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body) >>> 0, 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** Stripes of one hue and width a class, shifted from picture to picture. */
function stripes(label: number, index: number): Pixel {
  const width = 2 + label;
  return (x, y) => {
    const on = Math.floor((x + (label % 2 === 0 ? y : 0) + 3 * index) / width) % 2 === 0;
    return on ? [40 * label, 255 - 30 * label, (60 * label + 20 * index) % 256] : [10 * index, 20, 30];
  };
}

export const CLASSES = 8;
export const PER_CLASS = 6;
/** One copy of the same bytes under another name, beside what the classes hold. */
export const ITEMS = CLASSES * PER_CLASS + 1;

/** A folder of small pictures in class folders, with one exact duplicate and one file that is no picture. */
export async function makeDataset(): Promise<string> {
  const root = await mkdtemp(path.join(tmpdir(), 'kindred-suite-'));
  for (let label = 0; label < CLASSES; label++) {
    const folder = path.join(root, `class ${label}`);
    await mkdir(folder);
    for (let index = 0; index < PER_CLASS; index++) {
      await writeFile(path.join(folder, `${index}.png`), png(32, stripes(label, index)));
    }
  }
  await writeFile(path.join(root, 'class 0', 'copy.png'), png(32, stripes(0, 0)));
  await writeFile(path.join(root, 'class 1', 'broken.png'), 'this is no picture');
  return root;
}
