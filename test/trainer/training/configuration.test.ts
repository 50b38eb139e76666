import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/trainer/dataset/dataset';
import { configurationProblems } from '../../../src/trainer/training/configuration';
import { jsonPositions, positionAt } from '../../../src/trainer/training/jsonPositions';
import { settingsProblems } from '../../../src/trainer/training/settings';
import { quickSettings, shapeDataset } from './shapes';

let dataset: Dataset;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ dataset, remove } = await shapeDataset(3, 3));
});
afterAll(() => remove());

/** The text that is marked, with the problem's message. */
async function marked(text: string): Promise<[string, string][]> {
  const lines = text.split('\n');
  return (await configurationProblems(dataset, text)).map(({ start, end, message }) => {
    const parts = lines.slice(start.line, end.line + 1);
    parts[parts.length - 1] = parts[parts.length - 1].slice(0, end.character);
    parts[0] = parts[0].slice(start.character);
    return [parts.join('\n'), message];
  });
}

describe('the problems of kindred.json', () => {
  it('are all told at once, each where it is', async () => {
    const text = `{
  "training": {
    "loss": { "kind": "triplet", "margin": 5, "mïner": "hard" },
    "imageSize": 32.5,
    "batch": {
      "classes": 1 },
    "seeds": 1
  }
}`;
    expect(await marked(text)).toEqual([
      ['"seeds": 1', '"seeds" is not a setting.'],
      ['"imageSize": 32.5', '"imageSize" is 32.5; it must be a whole number from 16 to 256.'],
      ['"classes": 1', '"batch.classes" is 1; it must be a whole number from 2 to 512.'],
      ['"mïner": "hard"', '"loss.mïner" is not a setting.'],
      ['"margin": 5', '"loss.margin" is 5; it must be a number from 0 to 2.'],
    ]);
  });

  it('are none in a sound file, and in none that is still being written', async () => {
    expect(await marked('{"training": {"budget": {"steps": 10}}, "other": [1, {"a": null}]}')).toEqual([]);
    expect(await marked('{"training": {"seed": ')).toEqual([]);
    expect(await marked('{}')).toEqual([]);
  });

  it('are told of what is no group, and of settings that do not fit together', async () => {
    expect(await marked('[1]')).toEqual([['[1]', 'It must hold one object in braces.']]);
    expect((await marked('{"training": 7}'))[0][0]).toBe('"training": 7');
    const vit = '{"training": {"imageSize": 50, "model": {"kind": "vit", "patch": 8}}}';
    expect(await marked(vit)).toEqual([
      ['"patch": 8', expect.stringContaining('by which imageSize, 50, can be divided')],
    ]);
    // What the file does not say itself is marked at its group.
    expect((await marked('{"training": {"imageSize": 50, "model": {"kind": "vit"}}}'))[0][0]).toBe(
      '"model": {"kind": "vit"}',
    );
  });
});

describe('the problems of settings', () => {
  it('are none when they can be trained with, and name the setting otherwise', () => {
    expect(settingsProblems(quickSettings('fine'))).toEqual([]);
    const wrong = { ...quickSettings('no/name'), learningRate: 'fast', budget: { minutes: 0 }, loss: { kind: 'best' } };
    expect(settingsProblems(wrong).map(({ key }) => key)).toEqual([
      'name',
      'learningRate',
      'budget.minutes',
      'loss.kind',
    ]);
    expect(settingsProblems(7)[0]).toMatchObject({ key: '', message: expect.stringMatching(/^It is 7;/) as string });
    const large = { ...quickSettings(''), batch: { classes: 512, perClass: 512 } };
    expect(settingsProblems(large).map(({ key }) => key)).toEqual(['batch']);
  });
});

describe('positions in JSON', () => {
  it('are those of every member, whatever the text between', () => {
    const text = '{ "a" : [ 1 , {"b\\"c": "x}y"} ],\n\t"d": { }, "e": -1.5e3 }';
    const spans = Object.fromEntries(
      [...jsonPositions(text)].map(([key, { start, end }]) => [key, text.slice(start, end)]),
    );
    expect(spans).toEqual({
      '': text,
      a: '"a" : [ 1 , {"b\\"c": "x}y"} ]',
      'a.0': '1',
      'a.1': '{"b\\"c": "x}y"}',
      'a.1.b"c': '"b\\"c": "x}y"',
      d: '"d": { }',
      e: '"e": -1.5e3',
    });
  });

  it('count lines and characters from 0', () => {
    expect(positionAt('ab\ncd', 0)).toEqual({ line: 0, character: 0 });
    expect(positionAt('ab\ncd', 4)).toEqual({ line: 1, character: 1 });
  });
});
