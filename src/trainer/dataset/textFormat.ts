import { extname } from 'node:path';
import { UnusableFile } from './fileProblem';

const EXTENSIONS: ReadonlySet<string> = new Set(['.txt', '.text', '.md', '.markdown', '.rst', '.eml']);

/** Whether a file's name says that it is a text. */
export function hasTextName(path: string): boolean {
  return EXTENSIONS.has(extname(path).toLowerCase());
}

/**
 * The text of a file: UTF-8, UTF-16 with a byte order mark, or else Windows-1252, in which every byte is a character.
 * @throws UnusableFile for binary contents and for nothing but blanks
 */
export function decodeText(content: Uint8Array): string {
  const text = decoded(content);
  if (text.includes('\0'))
    throw new UnusableFile('is no text although its name says so', 'Take it out of the dataset.', true);
  if (text.trim() === '') throw blank();
  return text;
}

/** @throws UnusableFile for nothing but blanks */
export function blank(): UnusableFile {
  return new UnusableFile('has no text', 'Write the text there, or delete it.', true);
}

function decoded(content: Uint8Array): string {
  const [first, second] = content;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(content);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(content);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    return new TextDecoder('windows-1252').decode(content);
  }
}
