import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  installTensorflow,
  removeTensorflow,
} from '../../../../src/trainer/engine/tensorflow/install/installTensorflow';
import { findNpm } from '../../../../src/trainer/engine/tensorflow/install/npm';
import { checkOffered, tensorflowOffers } from '../../../../src/trainer/engine/tensorflow/install/offers';
import { tensorflowOfPython } from '../../../../src/trainer/engine/tensorflow/install/pythonTensorflow';
import { bindingOf, findTensorflow } from '../../../../src/trainer/engine/tensorflow/locate';

let folder: string;
const PATH = process.env['PATH'];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'kindred-'));
});

afterEach(async () => {
  process.env['PATH'] = PATH;
  await rm(folder, { recursive: true });
});

async function program(name: string, code: string): Promise<string> {
  const file = path.join(folder, 'bin', name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `#!${process.execPath}\n${code}`);
  await chmod(file, 0o755);
  return file;
}

const quiet = { signal: new AbortController().signal, report: () => undefined };

describe('what can be installed', () => {
  it('depends on the platform', () => {
    expect(tensorflowOffers('linux', 'x64').map(({ kind }) => kind)).toEqual(['gpu', 'cpu', 'python']);
    expect(tensorflowOffers('win32', 'x64').map(({ kind }) => kind)).toEqual(['gpu', 'cpu']);
    expect(tensorflowOffers('darwin', 'arm64').map(({ kind }) => kind)).toEqual(['cpu']);
    expect(tensorflowOffers('freebsd', 'x64')).toEqual([]);
  });

  it('is refused with what to do instead', () => {
    expect(() => checkOffered({ kind: 'gpu' }, tensorflowOffers('darwin', 'arm64'))).toThrow(
      expect.objectContaining({ code: 'engine', remedy: 'Choose another source: --cpu.' }),
    );
  });
});

describe('npm', () => {
  it('is found on the PATH of Linux and macOS', async () => {
    const file = await program('npm', '');
    expect(findNpm({ PATH: `/nowhere:${path.dirname(file)}` }, 'linux')).toMatchObject({ command: file, args: [] });
  });

  it.skipIf(process.platform !== 'win32')('is run by the Node beside it on Windows', () => {
    expect(findNpm().args[0]).toMatch(/npm-cli\.js$/);
  });

  it('is asked for when it is not there', () => {
    expect(() => findNpm({ PATH: folder }, 'linux')).toThrow(
      expect.objectContaining({ code: 'engine', remedy: expect.stringMatching(/nodejs\.org/) as string }),
    );
  });
});

describe.skipIf(process.platform !== 'linux')('the TensorFlow of a Python environment', () => {
  it('says when there is none, and when the interpreter is none', async () => {
    const python = await program('python', 'console.log("[]")');
    await expect(tensorflowOfPython(python, undefined)).rejects.toMatchObject({ code: 'bad-input', path: python });
    await expect(tensorflowOfPython(path.join(folder, 'no'), undefined)).rejects.toThrow(/cannot be run as a Python/);
  });

  it('says when it cannot be linked against', async () => {
    const python = await program('python', `console.log(JSON.stringify([${JSON.stringify(folder)}]))`);
    await expect(tensorflowOfPython(python, undefined)).rejects.toThrow(/it has no include/);
  });
});

describe('where the engine is', () => {
  it('is the newest binding that this Node can load', async () => {
    const lib = path.join(folder, 'node_modules/@tensorflow/tfjs-node/lib');
    for (const version of ['napi-v3', 'napi-v8', 'napi-v999', 'other']) {
      await mkdir(path.join(lib, version), { recursive: true });
      await writeFile(path.join(lib, version, 'tfjs_binding.node'), '');
    }
    expect(findTensorflow(folder)).toBe(path.join(folder, 'node_modules/@tensorflow/tfjs-node'));
    expect(bindingOf(findTensorflow(folder)!)).toBe(path.join(lib, 'napi-v8', 'tfjs_binding.node'));
    expect(await removeTensorflow(folder)).toBe(true);
    expect(findTensorflow(folder)).toBeUndefined();
    expect(await removeTensorflow(folder)).toBe(false);
    await mkdir(folder);
  });
});

describe.skipIf(tensorflowOffers().length === 0 || process.platform === 'win32')('installing', () => {
  it('tells what npm said, and leaves what was installed before', async () => {
    const engine = path.join(folder, 'engine');
    await mkdir(engine);
    await writeFile(path.join(engine, 'old'), 'old');
    const npm = await program('npm', 'console.error("ENOTFOUND the registry"); process.exit(1);');
    process.env['PATH'] = path.dirname(npm);
    await expect(installTensorflow({ kind: 'cpu' }, quiet, engine)).rejects.toMatchObject({
      code: 'engine',
      message: expect.stringMatching(/ENOTFOUND the registry/) as string,
    });
    expect(await readFile(path.join(engine, 'old'), 'utf8')).toBe('old');
    expect(existsSync(`${engine}.new`)).toBe(false);
  });

  it('does not take an engine that does not work', { timeout: 60_000 }, async () => {
    const engine = path.join(folder, 'engine');
    const npm = await program(
      'npm',
      `const { mkdirSync, writeFileSync } = require('node:fs');
       const folder = process.argv[2] === 'install' ? 'node_modules/@tensorflow/tfjs-node' : '.';
       mkdirSync(folder + '/lib/napi-v8', { recursive: true });
       writeFileSync(folder + '/package.json', '{"name": "@tensorflow/tfjs-node"}');
       writeFileSync(folder + '/lib/napi-v8/tfjs_binding.node', 'no library');`,
    );
    process.env['PATH'] = `${path.dirname(npm)}:${PATH ?? ''}`;
    const stages: string[] = [];
    const context = { ...quiet, report: ({ stage }: { stage: string }) => stages.push(stage) };
    await expect(installTensorflow({ kind: 'cpu' }, context, engine)).rejects.toThrow(
      /does not work here: TensorFlow cannot be loaded/,
    );
    expect(stages.at(-1)).toBe('Computing a training step');
    expect(existsSync(engine) || existsSync(`${engine}.new`)).toBe(false);
  });

  it('stops with all that it started', async () => {
    const engine = path.join(folder, 'engine');
    const told = path.join(folder, 'pid');
    const npm = await program(
      'npm',
      `const child = require('node:child_process').spawn(process.execPath, ['-e', 'setTimeout(() => 0, 60000)']);
       require('node:fs').writeFileSync(${JSON.stringify(told)}, String(child.pid));
       setTimeout(() => 0, 60000);`,
    );
    process.env['PATH'] = path.dirname(npm);
    const controller = new AbortController();
    const installing = installTensorflow({ kind: 'cpu' }, { ...quiet, signal: controller.signal }, engine);
    installing.catch(() => undefined);
    while (!existsSync(told) || (await readFile(told, 'utf8')) === '') await sleep(20);
    controller.abort();
    await expect(installing).rejects.toMatchObject({ code: 'cancelled' });
    const pid = Number(await readFile(told, 'utf8'));
    const deadline = Date.now() + 5000;
    while (isRunning(pid) && Date.now() < deadline) await sleep(20);
    expect(isRunning(pid)).toBe(false);
    expect(existsSync(`${engine}.new`)).toBe(false);
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
