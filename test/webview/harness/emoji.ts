import { readFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { REPOSITORY, type Answer } from './server';

/** One picture of the sample: the same emoji in two styles has one name. */
export interface EmojiFile {
  readonly path: string;
  readonly name: string;
  readonly group: string;
  readonly vendor: string;
  /** Absolute. */
  readonly file: string;
}

interface EmojiEntry {
  readonly image: string;
  readonly short_name: string;
  readonly subcategory: string;
  readonly has_img_google: boolean;
  readonly has_img_twitter: boolean;
}

const GROUPS = [
  'animal-mammal',
  'face-smiling',
  'food-fruit',
  'transport-ground',
  'plant-flower',
  'heart',
  'animal-bird',
  'food-sweet',
  'sky & weather',
  'clothing',
  'sport',
  'animal-marine',
  'country-flag',
  'hand-fingers-open',
];

/** Real pictures from the emoji packages: up to `perGroup` emoji of each of some groups, in both styles. */
export async function emojiFiles(perGroup: number): Promise<EmojiFile[]> {
  const table = path.join(REPOSITORY, 'node_modules/emoji-datasource-google/emoji.json');
  const entries = JSON.parse(await readFile(table, 'utf8')) as EmojiEntry[];
  return GROUPS.flatMap((group) =>
    entries
      .filter((entry) => entry.subcategory === group && entry.has_img_google && entry.has_img_twitter)
      .slice(0, perGroup)
      .flatMap(({ image, short_name: name }) =>
        ['google', 'twitter'].map((vendor) => ({
          path: `${group}/${name}-${vendor}.png`,
          name,
          group,
          vendor,
          file: path.join(REPOSITORY, `node_modules/emoji-datasource-${vendor}/img/${vendor}/64`, image),
        })),
      ),
  );
}

/** `/emoji.json?perGroup=12` and `/emoji/<index>.webp?perGroup=12&size=128`, for hosts in the page. */
export async function emojiAnswer(url: URL): Promise<Answer | undefined> {
  if (!url.pathname.startsWith('/emoji')) return undefined;
  const files = await emojiFiles(Number(url.searchParams.get('perGroup') ?? 12));
  if (url.pathname === '/emoji.json') {
    return {
      type: 'application/json',
      body: JSON.stringify(files.map(({ path, name, group, vendor }) => ({ path, name, group, vendor }))),
    };
  }
  const index = Number(/(\d+)\.webp$/.exec(url.pathname)?.[1]);
  const size = Number(url.searchParams.get('size') ?? 128);
  const picture = await sharp(files[index % files.length].file)
    .resize(size, size, { fit: 'inside' })
    .webp()
    .toBuffer();
  return { type: 'image/webp', body: picture };
}
