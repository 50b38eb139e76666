/** Others' steps on the same network, each in a process of its own that prints how long a step took. */
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { BATCH } from './network';

const run = promisify(execFile);
const root = process.cwd();

export interface Peer {
  readonly name: string;
  /** Milliseconds a step, the mean of several. */
  readonly time: () => Promise<number>;
}

/** bench/engine/torchStep.py by a Python that has PyTorch. */
export function torchPeer(python: string): Peer {
  const script = path.join(root, 'bench/engine/torchStep.py');
  return { name: 'PyTorch', time: () => timeOf(python, [script, String(BATCH)]) };
}

/** A script that traces the same step and prints "step ms ..."; it may use `@tensorflow/tfjs`, which is bundled into it. */
export async function scriptPeer(script: string): Promise<Peer> {
  const bundle = path.join(root, 'node_modules/.cache/kindred-bench/peer.cjs');
  await build({
    entryPoints: [path.resolve(script)],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    mainFields: ['module', 'main'],
    external: ['onnxruntime-node'],
    alias: {
      '@tensorflow/tfjs': path.join(root, 'bench/engine/tensorflow.ts'),
      'onnx-proto': createRequire(path.join(root, 'package.json')).resolve('onnx-proto'),
    },
    logLevel: 'error',
  });
  return { name: path.basename(script), time: () => timeOf(process.execPath, [bundle, String(BATCH)]) };
}

async function timeOf(program: string, parameters: readonly string[]): Promise<number> {
  const { stdout } = await run(program, parameters, { maxBuffer: 1 << 24 });
  const figure = /step ms ([\d.]+)/.exec(stdout)?.[1];
  if (figure === undefined) throw new Error(`${program} printed no time of a step:\n${stdout}`);
  return Number(figure);
}
