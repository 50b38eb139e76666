/**
 * Builds the sample dataset from the emoji packages: every emoji in two styles (Noto and Twemoji) is one class of two pictures.
 *
 *   node scripts/sample.mjs            the whole set in sample/ (about 1,900 classes)
 *   node scripts/sample.mjs --packed   a few hundred classes in media/sample/, which travel inside the VSIX
 */
import { copyFile, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(import.meta.url);

const STYLES = [
  { file: 'noto.png', package: 'emoji-datasource-google', folder: 'img/google/64' },
  { file: 'twemoji.png', package: 'emoji-datasource-twitter', folder: 'img/twitter/64' },
];
const PACKED_CLASSES = 400;

const ATTRIBUTION = `# Where these pictures come from

- \`noto.png\`: Noto Emoji by Google, Apache License 2.0.
- \`twemoji.png\`: Twemoji by Twitter and other contributors, Creative Commons Attribution 4.0.

Both were taken, unchanged, from the packages emoji-datasource-google and emoji-datasource-twitter. The same emoji in the two
styles is one class. Skin tones are left out: as classes of their own they would differ by colour alone.
`;

/** @returns {{name: string, image: string}[]} one class an emoji that both styles have, in the order of the Unicode charts */
async function emojiClasses() {
  const emoji = JSON.parse(await readFile(require.resolve('emoji-datasource-google/emoji.json'), 'utf8'));
  return emoji
    .filter((e) => e.has_img_google && e.has_img_twitter)
    .sort((a, b) => a.sort_order - b.sort_order)
    .map((e) => ({ name: e.short_name, image: e.image }));
}

/** A spread over the whole chart: neighbours in it (clocks, families, flags) stay neighbours here and there. */
function spread(classes, count) {
  const runs = Math.ceil(count / 4);
  return Array.from({ length: runs }, (_, i) =>
    classes.slice(Math.floor((i * classes.length) / runs)).slice(0, 4),
  ).flat();
}

async function build(target, classes) {
  const staging = `${target}.part`;
  await rm(staging, { recursive: true, force: true });
  for (const { name, image } of classes) {
    const folder = path.join(staging, name);
    await mkdir(folder, { recursive: true });
    await Promise.all(
      STYLES.map((style) =>
        copyFile(
          path.join(path.dirname(require.resolve(`${style.package}/package.json`)), style.folder, image),
          path.join(folder, style.file),
        ),
      ),
    );
  }
  await writeFile(path.join(staging, 'ATTRIBUTION.md'), ATTRIBUTION);
  await rm(target, { recursive: true, force: true });
  await rename(staging, target);
}

/** The part that travels inside a VSIX, made anew. */
export async function buildPackedSample(target) {
  await build(target, spread(await emojiClasses(), PACKED_CLASSES));
}

/** Builds it once; a sample that is there, perhaps with someone's runs in it, is left alone. */
export async function ensureSample({ packed = false } = {}) {
  const target = path.join(root, packed ? 'media/sample' : 'sample');
  const there = await stat(target).then(
    () => true,
    () => false,
  );
  if (!there) await (packed ? buildPackedSample(target) : build(target, await emojiClasses()));
  return target;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(await ensureSample({ packed: process.argv.includes('--packed') }));
}
