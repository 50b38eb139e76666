/** A child process that applies the removal of all files in `f/`, a dot on stdout for every move. */
import { readdirSync, readFileSync, writeSync } from 'node:fs';
import { link } from 'node:fs/promises';
import { join } from 'node:path';
import { applyDecisions } from '../../../../src/trainer/curation/apply';
import { replaceFiles } from '../../../../src/trainer/store/files';
import { storePaths } from '../../../../src/trainer/store/paths';
import { quietContext } from './context';
import { hashOf, removing, type Subject } from './folder';

const [root] = process.argv.slice(2);
const paths = readdirSync(join(root, 'f')).map((name) => `f/${name}`);
const contents = paths.map((path) => readFileSync(join(root, path)));
const dataset = {
  paths: storePaths({ root }),
  summary: { source: { kind: 'flat' } },
  items: { count: paths.length, paths, hashes: contents.map(hashOf), bytes: contents.map((content) => content.length) },
} as unknown as Subject;

replaceFiles({
  link: async (from, to) => {
    await link(from, to);
    writeSync(1, '.');
  },
});
void applyDecisions(dataset, removing(paths.map((_, item) => item)), quietContext());
