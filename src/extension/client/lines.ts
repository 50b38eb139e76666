import { StringDecoder } from 'node:string_decoder';

/** Turns the chunks of a stream into lines; what follows the last line break waits for the next chunk. */
export function lines(onLine: (line: string) => void): (chunk: Buffer) => void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  return (chunk) => {
    const parts = (rest + decoder.write(chunk)).split(/\r?\n/);
    rest = parts.pop() ?? '';
    parts.forEach(onLine);
  };
}
