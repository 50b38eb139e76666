import { readFile } from 'node:fs/promises';

/** The source of each worker thread of the trainer, by the name of its bundle, relative to the repository. */
export async function workerEntries() {
  const list = await readFile(new URL('../../src/trainer/workerEntries.json', import.meta.url), 'utf8');
  return Object.fromEntries(Object.entries(JSON.parse(list)).map(([name, file]) => [name, `src/trainer/${file}`]));
}
