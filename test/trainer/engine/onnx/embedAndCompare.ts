/** Embeds pictures with the model in a file, compares the rows, and takes a training step; prints what came out. */
import { writeSync } from 'node:fs';
import { loadModel } from '../../../../src/trainer/engine/inference';
import { nativeProblem } from '../../../../src/trainer/engine/onnx/session';
import { selectEngine } from '../../../../src/trainer/engine/select';
import { topSimilar } from '../../../../src/trainer/engine/similarity';
import { LOSSES, MODELS, settingsOf, train } from '../eager/trainOn';
import { Random } from '../../../../src/trainer/random';

export interface Printed {
  readonly nativeProblem: string | null;
  readonly embeddings: number[];
  readonly indices: number[];
  readonly engine: string;
  readonly reason: string;
  readonly losses: number[];
}

const IMAGES = 10;
const SIZE = 16;

async function main(file: string): Promise<Printed> {
  const model = await loadModel(file);
  const random = new Random(3);
  const data = Float32Array.from({ length: IMAGES * SIZE * SIZE * 3 }, () => random.next());
  const { embeddings } = await model.run({ images: { shape: [IMAGES, SIZE, SIZE, 3], data } });
  await model.dispose();
  const rows = { data: embeddings.data as Float32Array, rows: IMAGES, dims: embeddings.shape[1] };
  const quiet = { signal: new AbortController().signal, report: () => undefined };
  const { indices } = await topSimilar(rows, rows, 4, quiet);
  const { engine, report } = await selectEngine({ engine: 'auto', device: 'auto' });
  const { losses } = await train(engine, settingsOf(MODELS[0], LOSSES[0]), 3);
  return {
    nativeProblem: (await nativeProblem()) ?? null,
    embeddings: [...embeddings.data],
    indices: [...indices],
    engine: engine.name,
    reason: report.reason,
    losses,
  };
}

void main(process.argv[2]).then((printed) => {
  writeSync(1, JSON.stringify(printed));
  process.exit(0);
});
