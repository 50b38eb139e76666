/** Compiles src/kernels (AssemblyScript) to one WebAssembly file with SIMD, for a memory that threads share. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const sources = path.join(root, 'src/kernels');
const cache = path.join(root, 'node_modules/.cache/kindred/kernels');

/** Below this address the module keeps its constants; all above belongs to the caller (src/trainer/kernels/memory.ts). */
const MEMORY_BASE = 1024;

const options = [
  ...['-O3', '--noAssert', '--runtime', 'stub', '--use', 'abort='],
  ...['--enable', 'simd', '--enable', 'threads', '--enable', 'bulk-memory'],
  ...['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'],
  ...['--memoryBase', String(MEMORY_BASE)],
];

/**
 * @param {string} [target] where the file is to lie; in the cache when not given
 * @returns {Promise<string>} the file; it is compiled only when a source changed
 */
export async function buildKernels(target) {
  const names = (await readdir(sources)).filter((name) => name.endsWith('.ts')).sort();
  const hash = createHash('sha256').update(JSON.stringify(options));
  for (const name of names) hash.update(name).update(await readFile(path.join(sources, name)));
  const built = path.join(cache, `${hash.digest('hex').slice(0, 16)}.wasm`);
  let binary = await readFile(built).catch(() => undefined);
  if (binary === undefined) {
    binary = await compile();
    await mkdir(cache, { recursive: true });
    await writeFile(built, binary);
  }
  const file = target ?? path.join(cache, 'kernels.wasm');
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, binary);
  return file;
}

async function compile() {
  const { default: asc } = await import('assemblyscript/asc');
  const files = new Map();
  const { error, stderr } = await asc.main(['index.ts', '--outFile', 'kernels.wasm', ...options], {
    readFile: (name, base) => readFile(path.resolve(sources, base ?? '', name), 'utf8').catch(() => null),
    writeFile: (name, contents) => void files.set(name, contents),
    listFiles: () => [],
  });
  if (error !== null) throw new Error(`The kernels do not compile.\n${stderr.toString()}`);
  return files.get('kernels.wasm');
}

/** Called by Vitest before the tests, which run the sources. */
export async function setup() {
  await buildKernels();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await buildKernels(process.argv[2]));
