import { TextDecoder } from 'node:util';
import { KindredError } from '../../rpc/errors';
import { fileErrorCode, files } from '../store/files';

const CHUNK = 1 << 16;

/**
 * A text file piece by piece, without its byte order mark.
 * @throws KindredError `not-found` when it is not there, `bad-input` when it is not UTF-8 text.
 */
export async function* textChunks(path: string): AsyncGenerator<string> {
  const handle = await files().open(path, 'r').catch(refuse(path));
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    const buffer = Buffer.alloc(CHUNK);
    for (let read = 1; read > 0;) {
      read = (await handle.read(buffer, 0, CHUNK, null).catch(refuse(path))).bytesRead;
      const text = decode(decoder, buffer.subarray(0, read), path);
      if (text.includes('\0')) throw notText(path, 'has NUL bytes, so it is not a text file (or is UTF-16)');
      if (text !== '') yield text;
    }
  } finally {
    await handle.close();
  }
}

function decode(decoder: TextDecoder, bytes: Buffer, path: string): string {
  try {
    return decoder.decode(bytes, { stream: bytes.length > 0 });
  } catch (error) {
    if (error instanceof TypeError) throw notText(path, 'is not encoded as UTF-8');
    throw error;
  }
}

function notText(path: string, what: string): KindredError {
  return new KindredError('bad-input', `${path} ${what}.`, { remedy: 'Save it again as text in UTF-8.', path });
}

function refuse(path: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof KindredError) throw error;
    if (fileErrorCode(error) === 'ENOENT')
      throw new KindredError('not-found', `There is no file ${path}.`, {
        remedy: 'Check the path of the manifest.',
        path,
      });
    const detail =
      fileErrorCode(error) === 'EISDIR' ? 'it is a folder' : error instanceof Error ? error.message : String(error);
    const remedy = 'Give yourself the right to read it, or choose another manifest.';
    throw new KindredError('bad-input', `${path} cannot be read: ${detail}.`, { remedy, path, cause: error });
  };
}
