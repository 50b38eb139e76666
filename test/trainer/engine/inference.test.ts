import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { onnx } from 'onnx-proto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cpuEngine } from '../../../src/trainer/engine/cpuEngine';
import type { HostTensors, Program } from '../../../src/trainer/engine/engine';
import { exportModel, loadModel } from '../../../src/trainer/engine/inference';
import { Random } from '../../../src/trainer/random';
import { inferenceProgram, initialWeights } from '../../../src/trainer/training/step';
import type { NetworkSettings } from '../../../src/trainer/models/modelOf';
import { difference, drawAll, runOnce, testEngine } from './parity';

const SIZE = 16;
const DIMS = 12;

/** A small network with pooling and flattening, whose batch length is not free of course. */
const NETWORK: Program = {
  name: 'network',
  state: {
    filter: { shape: [3, 3, 3, 8], dtype: 'float32' },
    mean: { shape: [8], dtype: 'float32' },
    head: { shape: [8 * 64, DIMS], dtype: 'float32' },
  },
  inputs: { images: { shape: [4, SIZE, SIZE, 3], dtype: 'float32' } },
  run: (state, inputs) => {
    const images = inputs['images'] as tf.Tensor4D;
    const x = tf.relu(tf.sub(tf.conv2d(images, state['filter'] as tf.Tensor4D, 1, 'same'), state['mean']));
    const pooled = tf.maxPool(x as tf.Tensor4D, 2, 2, 'valid');
    const flat = tf.reshape<tf.Rank.R2>(pooled, [images.shape[0], -1]);
    const embeddings = tf.matMul(flat, state['head']);
    return { state, outputs: { embeddings: tf.div(embeddings, tf.norm(embeddings, 2, 1, true)) } };
  },
};

const images = (count: number, seed: number): HostTensors => {
  const random = new Random(seed);
  const data = Float32Array.from({ length: count * SIZE * SIZE * 3 }, () => random.next());
  return { images: { shape: [count, SIZE, SIZE, 3], data } };
};

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kindred-engine-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('an exported model', () => {
  const state = drawAll(NETWORK.state, new Random(1));
  const bytes = exportModel(NETWORK, state, { imageSize: '16', note: 'ein Vermerk: ü' });

  it('takes batches of any length and gives what the program gives', async () => {
    const model = await loadModel(bytes);
    for (const count of [1, 3, 4, 9]) {
      const batch: Program = { ...NETWORK, inputs: { images: { shape: [count, SIZE, SIZE, 3], dtype: 'float32' } } };
      const given = images(count, count);
      const fromFile = await model.run(given);
      expect(Object.keys(fromFile)).toEqual(['embeddings']);
      for (const engine of [cpuEngine(), await testEngine()]) {
        const expected = await runOnce(engine, batch, given, state);
        expect(difference(fromFile['embeddings'], expected['embeddings'])).toBeLessThan(1e-5);
      }
    }
    await model.dispose();
  });

  it('declares its inputs and outputs, and carries its metadata', async () => {
    const model = await loadModel(bytes);
    expect(model.inputs).toEqual({ images: { shape: [-1, SIZE, SIZE, 3], dtype: 'float32' } });
    expect(model.metadata).toEqual({ imageSize: '16', note: 'ein Vermerk: ü' });
    await model.dispose();
    const proto = onnx.ModelProto.decode(bytes);
    expect(proto.graph?.input?.map((input) => input.name)).toEqual(['images']);
    const output = proto.graph?.output?.[0];
    expect(output?.name).toBe('embeddings');
    expect(output?.type?.tensorType?.shape?.dim?.map((d) => d.dimParam ?? Number(d.dimValue))).toEqual(['batch', DIMS]);
    expect(Number(proto.opsetImport[0].version)).toBeGreaterThanOrEqual(18);
  });

  it('is a file like any other', async () => {
    const path = join(folder, 'model.onnx');
    await writeFile(path, bytes);
    const model = await loadModel(path);
    expect((await model.run(images(2, 1)))['embeddings'].shape).toEqual([2, DIMS]);
    await model.dispose();
  });

  it('gives each picture the same whatever the others are', async () => {
    const model = await loadModel(bytes);
    const many = images(5, 7);
    const all = (await model.run(many))['embeddings'].data;
    const one = many['images'].data.slice(2 * SIZE * SIZE * 3, 3 * SIZE * SIZE * 3);
    const alone = (await model.run({ images: { shape: [1, SIZE, SIZE, 3], data: one } }))['embeddings'].data;
    alone.forEach((value, i) => expect(value).toBeCloseTo(all[2 * DIMS + i], 5));
    await model.dispose();
  });

  it('refuses inputs that do not fit', async () => {
    const model = await loadModel(bytes);
    await expect(model.run({})).rejects.toThrow(/lack "images"/);
    await expect(model.run({ images: { shape: [1, 8, 8, 3], data: new Float32Array(192) } })).rejects.toThrow(
      /\[-1, 16, 16, 3\]/,
    );
    await model.dispose();
  });

  it('can be made of the network that is trained', async () => {
    const network: NetworkSettings = { model: { kind: 'convnet' }, embeddingSize: DIMS, imageSize: SIZE };
    const weights = initialWeights(network, new Random(2));
    const model = await loadModel(exportModel(inferenceProgram({ ...network, batchSize: 32 }), weights, {}));
    const given = images(3, 2);
    const expected = await runOnce(await testEngine(), inferenceProgram({ ...network, batchSize: 3 }), given, weights);
    expect(difference((await model.run(given))['embeddings'], expected['embeddings'])).toBeLessThan(1e-5);
    await model.dispose();
  });
});

describe('what cannot be exported or loaded', () => {
  it('a program that needs the length of the batch', () => {
    const summed: Program = {
      name: 'whole batch',
      state: {},
      inputs: { x: { shape: [4, 3], dtype: 'float32' } },
      run: (_, inputs) => ({
        state: {},
        outputs: { y: tf.tile(tf.sum(inputs['x'], 0, true), [inputs['x'].shape[0], 1]) },
      }),
    };
    expect(() => exportModel(summed, {}, {})).toThrow(/length of the batch/);
  });

  it('a state that does not fit', () => {
    expect(() => exportModel(NETWORK, {}, {})).toThrow(/lack "filter"/);
  });

  it('a file that is not there, or is no model', async () => {
    await expect(loadModel(join(folder, 'none.onnx'))).rejects.toMatchObject({ code: 'not-found' });
    const path = join(folder, 'text.onnx');
    await writeFile(path, 'not a model');
    await expect(loadModel(path)).rejects.toMatchObject({ code: 'bad-input', path });
    await expect(loadModel(new Uint8Array(0))).rejects.toMatchObject({ code: 'bad-input' });
  });
});
