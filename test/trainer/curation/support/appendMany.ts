/** A child process that appends: journal, store folder, name, how many batches of three. */
import { openJournal } from '../../../../src/trainer/curation/journal';

async function main([journal, folder, name, batches]: string[]): Promise<void> {
  const opened = openJournal({ journal, folder });
  for (let batch = 0; batch < Number(batches); batch++) {
    await opened.append(
      [0, 1, 2].map((i) => ({ kind: 'keep', item: { hash: 'a'.repeat(32), path: `${name}-${batch}-${i}.png` } })),
    );
  }
}

void main(process.argv.slice(2));
