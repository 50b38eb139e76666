import { openDataset, type Dataset } from '../../../src/trainer/dataset/dataset';
import { Random } from '../../../src/trainer/random';
import { context, writeFiles } from '../dataset/images';

const SUBJECTS = {
  gardens: 'tulips roses compost soil seeds watering spade bloom hedge orchard pruning greenhouse'.split(' '),
  ships: 'harbour mast anchor sails captain tide cargo lighthouse deck rudder storm vessel'.split(' '),
  bread: 'flour yeast dough oven crust knead sourdough baker rise loaf butter rye'.split(' '),
  stars: 'telescope galaxy orbit planet comet nebula moon lens observatory night eclipse sky'.split(' '),
};
const COMMON = 'the a of and to in is it was for on with as at by from that this'.split(' ');

/** Sentences of a subject's words among those that all texts have. */
export function sentence(subject: keyof typeof SUBJECTS, random: Random, words = 30): string {
  const own = SUBJECTS[subject];
  return Array.from({ length: words }, () => {
    const from = random.next() < 0.4 ? own : COMMON;
    return from[random.integer(from.length)];
  }).join(' ');
}

/** A folder of text files, `count` of each of four subjects, each subject a folder. */
export async function textDataset(root: string, count: number): Promise<Dataset> {
  const random = new Random(3);
  const files: Record<string, string> = {};
  for (const subject of Object.keys(SUBJECTS) as (keyof typeof SUBJECTS)[]) {
    for (let i = 0; i < count; i++) files[`${subject}/${i}.txt`] = sentence(subject, random);
  }
  await writeFiles(root, files);
  return openDataset({ root }, {}, context());
}
