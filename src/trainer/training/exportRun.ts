import path from 'node:path';
import { onnx } from 'onnx-proto';
import { KindredError } from '../../rpc/errors';
import type { Dataset } from '../dataset/dataset';
import { writeFileAtomic } from '../store/atomic';
import { fileErrorCode, files } from '../store/files';
import type { ExportedModel, TrainingSettings } from '../types/training';
import { modelMetadata } from './modelFile';
import { isOurSnippet, pythonSnippet, vectorSnippet } from './pythonSnippet';
import { textSnippet } from './textSnippet';
import { readRecord, runPaths, type RunRecord } from './runStore';

/**
 * Writes the model of a run to where the person wants it, as an ONNX file of any batch size with its preprocessing in the metadata,
 * and beside it a Python file of the same name that uses it.
 * @param file absolute; `.onnx` is added when it is not there.
 * @throws KindredError `not-found` when there is no such run, or it has no model yet; `invalid-argument` when a Python file that is
 * not ours would be overwritten.
 */
export async function exportRun(dataset: Dataset, run: string, file: string): Promise<ExportedModel> {
  const model = file.toLowerCase().endsWith('.onnx') ? file : `${file}.onnx`;
  const snippet = `${model.slice(0, -'.onnx'.length)}.py`;
  const record = await readRecord(dataset.paths, run);
  const bytes = await described(dataset, record);
  await checkSnippet(snippet);
  await writeFileAtomic(model, bytes);
  await writeFileAtomic(snippet, snippetOf(record.settings));
  return { model, snippet };
}

function snippetOf({ features, imageSize, model }: TrainingSettings): string {
  if (features !== undefined) return vectorSnippet(features);
  return model?.kind === 'ngram-bag' || model?.kind === 'text-convnet' ? textSnippet(model) : pythonSnippet(imageSize);
}

/** The run's model. What its metadata lacks (a model of an older Kindred) is filled in. */
async function described(dataset: Dataset, record: RunRecord): Promise<Uint8Array> {
  const { model: file } = runPaths(dataset.paths, record.name);
  const bytes = await files()
    .readFile(file)
    .catch((cause: unknown) => {
      if (fileErrorCode(cause) !== 'ENOENT') throw cause;
      throw new KindredError('not-found', `The run ${record.name} has no trained model yet.`, {
        remedy: 'Resume its training until it has learned something, or choose another run.',
        path: file,
        cause,
      });
    });
  const proto = decode(bytes, file);
  const known = new Set(proto.metadataProps.map(({ key }) => key));
  const missing = Object.entries(modelMetadata(dataset, record)).filter(([key]) => !known.has(key));
  if (missing.length === 0) return bytes;
  proto.metadataProps.push(...missing.map(([key, value]) => ({ key, value })));
  return onnx.ModelProto.encode(proto).finish();
}

function decode(bytes: Uint8Array, file: string): onnx.ModelProto {
  try {
    return onnx.ModelProto.decode(bytes);
  } catch (cause) {
    throw new KindredError('bad-input', `${file} is not an ONNX model, or it is damaged.`, {
      remedy: 'Train the run again, or choose another one.',
      path: file,
      cause,
    });
  }
}

/** Somebody's own program may have this name. */
async function checkSnippet(file: string): Promise<void> {
  const text = await files()
    .readFile(file)
    .catch((error: unknown) => {
      if (fileErrorCode(error) === 'ENOENT') return undefined;
      throw error;
    });
  if (text === undefined || isOurSnippet(text.toString('utf8'))) return;
  throw new KindredError('invalid-argument', `${path.basename(file)} is there already, and is not from Kindred.`, {
    remedy: 'Choose another name for the model: a Python file of the same name is written beside it.',
    path: file,
  });
}
