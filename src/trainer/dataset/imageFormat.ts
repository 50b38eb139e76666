import { extname } from 'node:path';

/** Extensions of files that are taken for images. */
const READABLE = ['jpg', 'jpeg', 'jpe', 'jfif', 'png', 'apng', 'webp', 'gif', 'tif', 'tiff', 'avif', 'svg'];
/** Images too, which cannot be read: they are listed rather than passed over in silence. */
const UNREADABLE = [
  'bmp',
  'dib',
  'heic',
  'heif',
  'ico',
  'jp2',
  'j2k',
  'jxl',
  'psd',
  'tga',
  'exr',
  'hdr',
  'dng',
  'cr2',
  'nef',
];
const EXTENSIONS = new Set([...READABLE, ...UNREADABLE].map((extension) => `.${extension}`));

/** Whether a file's name says that it is an image. */
export function hasImageName(path: string): boolean {
  return EXTENSIONS.has(extname(path).toLowerCase());
}

const SIGNATURES: readonly (readonly [name: string, offset: number, bytes: string])[] = [
  ['PNG', 0, '\x89PNG\r\n\x1a\n'],
  ['JPEG', 0, '\xff\xd8\xff'],
  ['GIF', 0, 'GIF8'],
  ['WebP', 8, 'WEBP'],
  ['TIFF', 0, 'II*\0'],
  ['TIFF', 0, 'MM\0*'],
  ['AVIF', 4, 'ftypavif'],
  ['AVIF', 4, 'ftypavis'],
  ['HEIC', 4, 'ftyphei'],
  ['HEIC', 4, 'ftypmif1'],
  ['BMP', 0, 'BM'],
  ['Photoshop', 0, '8BPS'],
  ['JPEG 2000', 4, 'jP  \r\n'],
  ['JPEG XL', 0, '\xff\x0a'],
  ['JPEG XL', 4, 'JXL '],
  ['icon', 0, '\0\0\x01\0'],
  ['OpenEXR', 0, 'v/1\x01'],
  ['PDF', 0, '%PDF'],
  ['ZIP', 0, 'PK\x03\x04'],
];

/** The kind of file by its first bytes, whatever its name says. */
export function sniffFormat(content: Uint8Array): string | undefined {
  const head = Buffer.from(content.buffer, content.byteOffset, Math.min(content.byteLength, 32)).toString('latin1');
  return SIGNATURES.find(([, offset, bytes]) => head.startsWith(bytes, offset))?.[0];
}

export function isReadableFormat(format: string): boolean {
  return ['PNG', 'JPEG', 'GIF', 'WebP', 'TIFF', 'AVIF'].includes(format);
}

/** Whether the first kilobyte reads as text: valid UTF-8 (up to a cut last character) without control characters. */
export function looksLikeText(content: Uint8Array): boolean {
  const head = new TextDecoder().decode(content.subarray(0, 1024), { stream: true });
  // eslint-disable-next-line no-control-regex -- control characters are what tells binary data from text
  return !/[\0-\x08\x0e-\x1f\ufffd]/.test(head);
}

export function isLfsPointer(content: Uint8Array): boolean {
  const start = 'version https://git-lfs.github.com/spec/';
  return (
    Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('latin1', 0, start.length) === start
  );
}
