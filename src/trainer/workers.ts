import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Worker, type WorkerOptions } from 'node:worker_threads';
import entries from './workerEntries.json';

/** The entry of each worker thread, and of each process of ours, relative to this file. The bundle of each lies in dist/ beside the trainer's, by the same name. */
export const WORKER_ENTRIES = entries;

export type WorkerName = keyof typeof WORKER_ENTRIES;

/** Tells a thread whose code was bundled in memory where the sources lie. */
const SOURCES = 'KINDRED_SOURCES';

/** The folder of this file: dist/ in the product. */
export const home = process.env[SOURCES] ?? __dirname;

/** What is used of esbuild, which is there in development only. */
interface Bundler {
  buildSync(options: Record<string, unknown>): { outputFiles: readonly { text: string }[] };
}

const bundles = new Map<WorkerName, string>();

/**
 * Starts a worker thread. The built product loads dist/<name>.js; where the sources themselves run (in tests), the entry is
 * bundled first, once a process.
 */
export function startWorker(name: WorkerName, options: WorkerOptions = {}): Worker {
  const built = path.join(home, `${name}.js`);
  if (existsSync(built)) return new Worker(built, options);
  return new Worker(bundleOf(name), { ...options, eval: true, env: { ...process.env, [SOURCES]: home } });
}

/**
 * Starts a process of ours, for what may take its process down with it. Its standard error comes through a pipe, and messages
 * go both ways, cloned as between threads.
 */
export function startProcess(name: WorkerName, environment: Readonly<Record<string, string>>): ChildProcess {
  const built = path.join(home, `${name}.js`);
  const isBuilt = existsSync(built);
  const child = spawn(process.execPath, [isBuilt ? built : '-'], {
    // Where Node looks for the natives of a script that has no file.
    cwd: home,
    // In desktop VS Code this is Electron, told to be Node.
    env: { ...process.env, ...environment, ELECTRON_RUN_AS_NODE: '1' },
    stdio: [isBuilt ? 'ignore' : 'pipe', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
    windowsHide: true,
  });
  // A process that is ended before it has read its script is told of by its end.
  child.stdin?.on('error', () => undefined).end(bundleOf(name));
  return child;
}

function bundleOf(name: WorkerName): string {
  let code = bundles.get(name);
  if (code === undefined) {
    const esbuild = createRequire(path.join(home, 'workers.js'))('esbuild') as Bundler;
    const result = esbuild.buildSync({
      entryPoints: [path.join(home, WORKER_ENTRIES[name])],
      bundle: true,
      write: false,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      external: ['onnxruntime-node', 'onnxruntime-web', 'sharp'],
      // TensorFlow.js says that importing it has no effect, and registers its gradients and kernels when imported.
      ignoreAnnotations: true,
      // As in scripts/build.mjs.
      mainFields: ['module', 'main'],
      logLevel: 'silent',
    });
    code = result.outputFiles[0].text;
    bundles.set(name, code);
  }
  return code;
}
