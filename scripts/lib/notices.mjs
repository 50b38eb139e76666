/** The licences of others, which must travel with what is made of their work. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from './setup.mjs';

/** @returns {string[]} the folders of the packages that these files (paths in the repository) come from */
export function packagesOf(files) {
  const folders = files.map((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]);
  return [...new Set(folders.filter((folder) => folder !== undefined))].map((folder) => path.join(root, folder));
}

/** One text: name, version and licence of every package in these folders. */
export async function notices(folders) {
  const texts = await Promise.all([...folders].map(notice));
  const rule = `\n\n${'-'.repeat(80)}\n\n`;
  return `Kindred is made with the work of others, under their licences:${rule}${texts.sort().join(rule)}\n`;
}

async function notice(folder) {
  const { name, version, license, author, homepage, repository } = JSON.parse(
    await readFile(path.join(folder, 'package.json'), 'utf8'),
  );
  const by = typeof author === 'object' ? author.name : author;
  const place = homepage ?? repository?.url ?? repository;
  const head = [`${name} ${version}`, `Licence: ${license}`, by, place].filter((line) => typeof line === 'string');
  return [head.join('\n'), ...(await licenceTexts(folder))].join('\n\n');
}

/** Files that hold the licence; without one, what the package's README says about it. */
async function licenceTexts(folder) {
  const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file)).sort();
  const texts = await Promise.all(files.map((file) => readFile(path.join(folder, file), 'utf8')));
  const readme = path.join(folder, 'README.md');
  if (texts.length === 0 && existsSync(readme)) {
    const section = /^#+ .*licen[cs].*$[^]*/im.exec(await readFile(readme, 'utf8'))?.[0];
    if (section !== undefined) texts.push(section);
  }
  return texts.map((text) => text.trim());
}
