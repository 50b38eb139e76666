import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readNpy } from '../../src/trainer/store/npy';
import { buildCli, json, kindred, start, writeEmoji } from './kindred';

let folder: string;
let root: string;
let labels: string[];
beforeAll(async () => {
  await buildCli();
  folder = await fs.mkdtemp(join(tmpdir(), 'kindred-cli-'));
  root = join(folder, 'emoji');
  labels = await writeEmoji(root, 24);
  await fs.copyFile(join(root, labels[0], 'google.png'), join(root, labels[0], 'copy.png'));
}, 120_000);
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

describe('help', () => {
  it('names every command, with its options and examples', async () => {
    const { code, stdout } = await kindred('--help');
    expect(code).toBe(0);
    const commands = [...stdout.matchAll(/^ {2}([a-z-]+) (?=\[)/gm)].map(([, name]) => name);
    expect(commands).toMatchInlineSnapshot(`
      [
        "open",
        "train",
        "embed",
        "evaluate",
        "neighbours",
        "project",
        "quality",
        "clusters",
        "duplicates",
        "decisions",
        "apply",
        "restore",
        "runs",
        "export-model",
        "devices",
        "steer",
        "suspects",
        "install-engine",
        "remove-engine",
        "help",
      ]
    `);
    for (const command of commands.filter((name) => name !== 'help')) {
      const help = await kindred(command, '--help');
      expect(help.code).toBe(0);
      const isOfMachine = ['devices', 'install-engine', 'remove-engine'].includes(command);
      const ofDataset = isOfMachine ? [] : ['--store', `kindred ${command} photos`];
      for (const part of ['--json', 'Examples:', `kindred ${command}`, ...ofDataset])
        expect(help.stdout).toContain(part);
    }
  }, 60_000);
});

describe('devices', () => {
  it('tells what computes and why, as text and as a document', async () => {
    const { code, stdout } = await kindred('devices', '--device', 'cpu', '--engine', 'onnx', '--json');
    expect(code).toBe(0);
    const document: unknown = JSON.parse(stdout);
    expect(document).toEqual({
      command: 'devices',
      engine: 'onnx',
      device: 'cpu',
      deviceName: expect.stringMatching(/^CPU, \d+ threads?$/) as string,
      reason: 'This device was asked for.',
      tried: [],
    });
    const text = await kindred('devices', '--device', 'cpu');
    expect(text.stdout).toMatch(/^Trainings compute on CPU, \d+ threads?, with the engine onnx\.\n/);
  }, 60_000);

  it('refuses what cannot be had, and says what to do', async () => {
    const { code, stderr } = await kindred('devices', '--engine', 'wasm', '--device', 'webgpu');
    expect(code).toBe(2);
    expect(stderr).toContain('Set kindred.device to auto');
    expect((await kindred('devices', '--device', 'gpu')).code).toBe(2);
  }, 60_000);
});

describe('what cannot be done', () => {
  it.each([
    [['nonsense', 'x']],
    [['open']],
    [['train', 'x', '--steps', 'many']],
    [['train', 'x', '--loss', 'hinge']],
    [['train', 'x', '--model', 'resnet']],
    [['project', 'x', '--min-dist', '11']],
    [['project', 'x', '--min-dist', '2', '--spread', '1']],
    [['project', 'x', '--columns', 'x']],
    [['open', join(tmpdir(), 'kindred-is-not-here')]],
  ])(
    '%j: exit code 2, what to do on stderr, an error document with --json',
    async (args) => {
      const plain = await kindred(...args);
      expect(plain).toMatchObject({ code: 2, stdout: '' });
      expect(plain.stderr).toMatch(/^Error: .+\n.+/m);
      const { code, document } = await json(...args);
      expect(code).toBe(2);
      expect(document['error']).toMatchObject({
        message: expect.any(String) as string,
        remedy: expect.any(String) as string,
      });
    },
    30_000,
  );

  it('an option that the loss does not know, an unknown model or item', async () => {
    await kindred('open', root);
    for (const args of [
      ['train', root, '--loss', 'triplet', '--temperature', '1'],
      ['embed', root, '--model', 'nobody'],
      ['embed', root, '--input', 'vectors.npy'],
      ['embed', root, '--input', 'vectors.npy', '--name', 'own', '--model', 'pixels'],
      ['neighbours', root, '--item', 'no/such.png', '--model', 'descriptor'],
      ['neighbours', root, '--item', '9999', '--model', 'descriptor'],
      ['neighbours', root],
      ['restore', root, 'nothing'],
      ['restore', root],
    ]) {
      expect((await json(...args)).code, args.join(' ')).toBe(2);
    }
  }, 60_000);
});

describe('the whole way', () => {
  it('opens a dataset, and says what cannot be read', async () => {
    const fine = await json('open', root);
    expect(fine).toMatchObject({ code: 0, document: { command: 'open', summary: { items: 49, problems: [] } } });
    await fs.writeFile(join(root, labels[1], 'broken.png'), 'not a picture');
    const plain = await kindred('open', root);
    expect(plain.code).toBe(1);
    expect(plain.stdout).toContain(`${labels[1]}/broken.png`);
    await fs.unlink(join(root, labels[1], 'broken.png'));
  }, 30_000);

  it('trains, keeps the run at Ctrl-C, and evaluates beside the baselines', async () => {
    const small = ['--image-size', '32', '--size', '16', '--classes', '8', '--per-class', '2', '--seed', '1'];
    const child = start('train', root, ...small, '--steps', '100000', '--name', 'first');
    let stderr = '';
    const ended = new Promise<number | null>((done) => child.once('exit', done));
    child.stderr?.on('data', (data: Buffer) => {
      stderr += data.toString();
      if (/loss \d/.test(stderr) && !stderr.includes('Stopping')) child.kill('SIGINT');
    });
    expect(await ended).toBe(2);
    expect(stderr, stderr).toContain('--resume first');

    const { code, document } = await json('runs', root);
    expect({ code, runs: document['runs'] }).toMatchObject({ code: 0, runs: [{ name: 'first', state: 'stopped' }] });

    const second = await json(
      'train',
      root,
      ...small,
      '--steps',
      '12',
      '--name',
      'second',
      '--loss',
      'triplet',
      '--miner',
      'batch-hard',
    );
    expect(second).toMatchObject({
      code: 0,
      document: {
        run: {
          name: 'second',
          state: 'finished',
          step: 12,
          settings: { loss: { kind: 'triplet', miner: 'batch-hard' } },
        },
      },
    });
    const evaluated = await kindred('evaluate', root);
    expect(evaluated.code).toBe(0);
    for (const row of ['raw pixels', 'descriptor', 'second'])
      expect(evaluated.stdout).toMatch(new RegExp(`^${row} +\\d\\.\\d{3}`, 'm'));
    const html = join(folder, 'report.html');
    const { document: report } = await json(
      'evaluate',
      root,
      '--model',
      'second',
      '--html',
      html,
      '--false-match-rate',
      '0.1',
    );
    expect(report['rows']).toHaveLength(3);
    expect(report).toMatchObject({ command: 'evaluate', model: 'run:second', html });
    expect(await fs.readFile(html, 'utf8')).toContain('<title>Evaluation of second on');
  }, 180_000);

  it('exports the model of a run', async () => {
    const output = join(folder, 'model.onnx');
    const { code, document } = await json('export-model', root, '--output', output);
    expect(code).toBe(0);
    expect(document).toMatchObject({ model: output, snippet: join(folder, 'model.py') });
    expect(await fs.readFile(join(folder, 'model.py'), 'utf8')).toContain('InferenceSession');
    const unknown = await json('export-model', root, 'nothing', '--output', output);
    expect(unknown).toMatchObject({ code: 2, document: { error: { code: 'not-found' } } });
  }, 60_000);

  it('tells why a run failed', async () => {
    const metrics = join(root, '.kindred', 'runs', 'first', 'metrics.jsonl');
    await fs.unlink(metrics);
    await fs.mkdir(metrics);
    expect((await kindred('train', root, '--resume', 'first')).code).toBe(2);
    const { document } = await json('runs', root);
    const failure = { message: expect.stringContaining('EISDIR') as string };
    expect(document['runs']).toMatchObject([{ name: 'first', state: 'failed', failure }, { name: 'second' }]);
    expect((await kindred('runs', root)).stdout).toMatch(/^Run "first" failed: .*EISDIR/m);
  }, 60_000);

  it('writes vectors, neighbours and positions as .npy', async () => {
    const out = (name: string): string => join(folder, name);
    expect((await json('embed', root, '--model', 'descriptor', '--output', out('e.npy'))).code).toBe(0);
    const embedding = await readNpy(out('e.npy'));
    expect(embedding.shape[0]).toBe(49);
    const imported = await json('embed', root, '--input', out('e.npy'), '--name', 'own');
    expect(imported).toMatchObject({ code: 0, document: { embedding: { model: 'vectors:own', count: 49 } } });
    expect((await json('neighbours', root, '--model', 'vectors:own', '--item', '0')).code).toBe(0);

    const graph = await json('neighbours', root, '--model', 'descriptor', '-k', '3', '--output', out('g.npy'));
    expect(graph).toMatchObject({ code: 0, document: { k: 3, count: 49 } });
    const { data, shape } = await readNpy(out('g.npy'));
    expect(shape).toEqual([49, 3]);
    const distances = await readNpy(out('g.distances.npy'));

    const path = `${labels[0]}/google.png`;
    const one = await json('neighbours', root, '--model', 'descriptor', '-k', '3', '--item', path);
    const item = one.document['item'] as number;
    const neighbours = one.document['neighbours'] as { item: number; path: string; distance: number }[];
    expect(neighbours[0]).toMatchObject({ path: `${labels[0]}/copy.png` });
    expect(neighbours[0].distance).toBeCloseTo(0, 5);
    expect(neighbours.map((each) => each.item)).toEqual([...data.slice(item * 3, item * 3 + 3)]);
    expect(distances.data[item * 3 + 1]).toBeCloseTo(neighbours[1].distance, 5);
    const byNumber = await json('neighbours', root, '--model', 'descriptor', '-k', '3', '--item', String(item));
    expect(byNumber.document['neighbours']).toEqual(neighbours);

    const hashes = await json('neighbours', root, '-k', '2', '--hashes', '--output', out('h.npy'));
    expect(hashes).toMatchObject({ code: 0, document: { k: 2, count: 49, embedding: 'perceptual hashes' } });
    const bits = await readNpy(out('h.distances.npy'));
    // The copy has the very hash of what it is a copy of.
    expect(Array.from(bits.data)[2 * item]).toBe(0);
    expect(Array.from(bits.data).every((value) => Number.isInteger(value) && value <= 64)).toBe(true);
    expect((await json('neighbours', root, '--item', '0', '--hashes')).code).not.toBe(0);

    for (const kind of ['pca', 'umap', 'tsne']) {
      const projected = await json('project', root, '--kind', kind, '--model', 'descriptor', '--output', out('p.npy'));
      expect(projected).toMatchObject({ code: 0, document: { count: 49 } });
      const positions = await readNpy(out('p.npy'));
      expect(positions.shape).toEqual([49, 2]);
      expect(Array.from(positions.data).every(Number.isFinite)).toBe(true);
    }
    const inSpace = ['--dims', '3', '--kind', 'pca', '--model', 'descriptor', '--output', out('s.npy')];
    expect(await json('project', root, ...inSpace)).toMatchObject({
      code: 0,
      document: { count: 49, projection: { id: 'descriptor-pca-3d', settings: { dims: 3 } } },
    });
    expect((await readNpy(out('s.npy'))).shape).toEqual([49, 3]);
    const like = ['--model', 'descriptor', '--like', 'descriptor-pca', '--seed', '3'];
    const after = await json('project', root, ...like);
    expect(after).toMatchObject({
      code: 0,
      document: { projection: { settings: { like: 'descriptor-pca', seed: 3 } } },
    });
    const missing = await json('project', root, '--columns', 'umap_x,umap_y', '--model', 'descriptor');
    expect(missing).toMatchObject({ code: 2, document: { error: { message: 'The dataset has no column "umap_x".' } } });
  }, 120_000);

  it('takes the map from columns of the table, and measures how true it is', async () => {
    const table = join(folder, 'positions.csv');
    const paths = labels.map((label) => `emoji/${label}/google.png`);
    const rows = paths.map((path, i) => `${path},${i === 0 ? '' : i},${i % 3}`);
    await fs.writeFile(table, `path,tsne_1,tsne_2\n${rows.join('\n')}\n`);
    expect((await json('open', folder, '--manifest', table)).code).toBe(0);
    const columns = ['--columns', 'tsne_1,tsne_2', '--model', 'descriptor'];
    const { code, document } = await json('project', folder, ...columns, '--output', join(folder, 'own.npy'));
    expect(code).toBe(0);
    expect(document).toMatchObject({ projection: { unplaced: 1, settings: { kind: 'columns' } } });
    const { data } = await readNpy(join(folder, 'own.npy'));
    const across = Array.from(data).filter((_, i) => i % 2 === 0);
    expect(across.slice(1)).toEqual([...across.slice(1)].sort((a, b) => a - b));
    expect((await kindred('project', folder, ...columns)).stdout).toContain('1 image without numbers');
    const quality = await json('quality', folder, ...columns);
    expect(quality).toMatchObject({ code: 0, document: { items: rows.length, settings: { kind: 'columns' } } });
  }, 120_000);

  it('places images that joined into the map that is there, and lays out all of them when told', async () => {
    const grown = join(folder, 'grown');
    await fs.cp(root, grown, { recursive: true, filter: (path) => !path.includes('.kindred') });
    const one = join(grown, labels[0], 'google.png');
    const later = join(folder, 'later.png');
    await fs.rename(one, later);
    const how = ['--model', 'descriptor', '--neighbours', '5'];
    const before = await json('project', grown, ...how, '--output', join(folder, 'before.npy'));
    expect(before.document['projection']).not.toHaveProperty('placed');
    await fs.rename(later, one);
    const after = await json('project', grown, ...how, '--output', join(folder, 'after.npy'));
    expect(after).toMatchObject({ code: 0, document: { projection: { placed: 1 } } });
    const pairs = async (name: string): Promise<string[]> => {
      const { data } = await readNpy(join(folder, name));
      return Array.from({ length: data.length / 2 }, (_, i) => data.subarray(2 * i, 2 * i + 2).join());
    };
    const places = new Set(await pairs('after.npy'));
    expect((await pairs('before.npy')).every((place) => places.has(place))).toBe(true);
    expect((await kindred('project', grown, ...how)).stdout).toContain('1 new item placed among the others');
    const anew = await json('project', grown, ...how, '--anew');
    expect(anew.document['projection']).not.toHaveProperty('placed');
  }, 120_000);

  it('finds duplicates, decides, applies and restores', async () => {
    const files = await listing(root);
    const exact = ['--perceptual', '-1'];
    const found = await json('duplicates', root, ...exact);
    expect(found).toMatchObject({ code: 1, document: { groups: [{ exact: true }], redundant: 1, decided: 0 } });
    expect((await kindred('duplicates', root, ...exact)).stdout).toContain('copy.png');
    expect(await json('apply', root, '--yes')).toMatchObject({ code: 0, document: { applied: false } });

    expect(await json('duplicates', root, ...exact, '--remove-redundant')).toMatchObject({
      code: 0,
      document: { decided: 1 },
    });
    expect(await json('decisions', root)).toMatchObject({
      code: 0,
      document: { canUndo: true, remove: [expect.any(Number)] },
    });
    expect(await json('decisions', root, '--undo')).toMatchObject({ document: { remove: [] } });
    await json('duplicates', root, ...exact, '--remove-redundant');

    expect(await json('apply', root)).toMatchObject({ code: 2, document: { error: { code: 'invalid-argument' } } });
    expect((await kindred('apply', root, '--dry-run')).stdout).toContain('would move to kindred.quarantine');
    expect(await listing(root)).toEqual(files);
    const applied = await json('apply', root, '--yes');
    expect(applied).toMatchObject({ code: 0, document: { applied: true, moved: 1, batch: { state: 'applied' } } });
    expect(await listing(root)).toHaveLength(files.length - 1);
    // The verdict was about the file that is gone; the one that is left is not meant.
    expect(await json('duplicates', root, ...exact)).toMatchObject({ code: 0, document: { groups: [] } });
    expect(await json('apply', root, '--yes')).toMatchObject({ code: 0, document: { applied: false } });

    const { id } = applied.document['batch'] as { id: string };
    expect((await kindred('restore', root, '--list')).stdout).toContain(id);
    expect(await json('restore', root, id)).toMatchObject({
      code: 0,
      document: { moved: 1, batch: { state: 'restored' } },
    });
    expect(await listing(root)).toEqual(files);
  }, 120_000);

  it('trains as the dataset has it when nothing is said, and a network when something is that only one has', async () => {
    const store = ['--store', join(folder, 'ways'), '--seed', '2', '--size', '8'];
    const few = await json('train', root, ...store, '--name', 'few');
    expect(few).toMatchObject({
      code: 0,
      document: { run: { steps: 1, settings: { features: 'descriptor', seed: 2, embeddingSize: 8 } } },
    });
    const network = await json('train', root, ...store, '--name', 'network', '--steps', '1', '--image-size', '16');
    expect(network).toMatchObject({ code: 0, document: { run: { steps: 1, settings: { imageSize: 16 } } } });
    expect((network.document['run'] as { settings: object }).settings).not.toHaveProperty('features');
  }, 60_000);

  it('keeps its store elsewhere', async () => {
    const plain = join(folder, 'plain');
    await writeEmoji(plain, 3);
    const store = join(folder, 'store');
    expect((await json('embed', plain, '--model', 'descriptor', '--store', store)).code).toBe(0);
    expect((await fs.readdir(plain)).filter((name) => name.includes('kindred'))).toEqual([]);
    expect(await fs.readdir(store)).toContain('embeddings');
  }, 30_000);
});

async function listing(of: string): Promise<string[]> {
  const names = await fs.readdir(of, { recursive: true });
  return names.filter((name) => name.endsWith('.png') && !/^(\.kindred|kindred\.)/.test(name)).sort();
}
