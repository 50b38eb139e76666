import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { DEFAULT_MINERS } from '../../../src/trainer/losses/miners/minerOf';
import { CHOICES, DEFAULT_LOSSES } from '../../../src/trainer/training/choices';
import { LOSSES, MODELS } from '../../../src/trainer/types/training';

interface Described {
  readonly $ref?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: string;
  readonly anyOf?: readonly Described[];
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Described>>;
}

const FILE = path.join(__dirname, '../../../media/kindred.schema.json');
const { definitions } = JSON.parse(readFileSync(FILE, 'utf8')) as {
  definitions: Readonly<Record<string, Described>>;
};

function kindsOf(choices: readonly Described[] = []): Map<string, Described> {
  const groups = choices.map(({ $ref, ...own }) => ($ref === undefined ? own : definitions[$ref.split('/')[2]]));
  return new Map(groups.flatMap((group) => (group.properties ? [[group.properties['kind'].const ?? '', group]] : [])));
}

const losses = kindsOf(definitions['training'].properties?.['loss'].anyOf);

it('kindred.json completes every loss, alone and in a sum', () => {
  expect(new Set(losses.keys())).toEqual(new Set(LOSSES));
});

it.each(LOSSES)('the schema of %s has its settings, with their defaults', (kind) => {
  const { properties = {}, description } = losses.get(kind) ?? {};
  expect(description).toMatch(/\.$/);
  expect(Object.keys(properties).sort()).toEqual(['kind', ...Object.keys(CHOICES.loss.rules[kind])].sort());
  for (const [name, value] of Object.entries(DEFAULT_LOSSES[kind])) {
    if (name !== 'kind') expect(properties[name].default, name).toEqual(value);
  }
});

it('the schema has every miner, by name and with its numbers', () => {
  const [names, ...groups] = definitions['miner'].anyOf ?? [];
  expect(names.enum).toEqual(Object.keys(DEFAULT_MINERS));
  const known = kindsOf(groups);
  for (const [kind, miner] of Object.entries(DEFAULT_MINERS)) {
    const properties = Object.entries(known.get(kind)?.properties ?? {});
    const written = properties.map(([name, value]) => [name, value.const ?? value.default]);
    expect(Object.fromEntries(written)).toEqual(miner);
  }
});

const models = kindsOf(definitions['training'].properties?.['model'].anyOf);

it('kindred.json completes every network, with its settings', () => {
  expect(new Set(models.keys())).toEqual(new Set(MODELS));
  for (const kind of MODELS) {
    const { properties = {} } = models.get(kind) ?? {};
    expect(Object.keys(properties).sort(), kind).toEqual(['kind', ...Object.keys(CHOICES.model.rules[kind])].sort());
  }
});
