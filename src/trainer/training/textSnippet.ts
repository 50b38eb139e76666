import type { ModelSettings } from '../types/training';
import { PYTHON_FIRST_LINE } from './pythonSnippet';

type TextModel = Extract<ModelSettings, { kind: 'ngram-bag' | 'text-convnet' }>;

/** A Python program that embeds text files with the model beside it: the encoders of `textEncoderOf`, written once more. */
export function textSnippet(model: TextModel): string {
  const [input, encode] =
    model.kind === 'ngram-bag' ? ['bags', bagPython(model.buckets)] : ['tokens', bytePython(model.length)];
  return `${PYTHON_FIRST_LINE} Needs: pip install onnxruntime numpy
# python THIS_FILE first.txt second.txt ...   prints how alike the texts are (1: the same, 0: nothing in common)
import math, sys, unicodedata
from pathlib import Path

${encode}
if __name__ == "__main__":
    import numpy as np
    from onnxruntime import InferenceSession
    texts = [Path(file).read_text("utf-8-sig") for file in sys.argv[1:]]
    model = InferenceSession(Path(__file__).with_suffix(".onnx"), providers=["CPUExecutionProvider"])
    inputs = np.array([encode(text) for text in texts], np.${model.kind === 'ngram-bag' ? 'float32' : 'int32'})
    embeddings = model.run(["embeddings"], {"${input}": inputs})[0]
    print(embeddings @ embeddings.T)
`;
}

function bytePython(length: number): string {
  return `def encode(text, length=${length}):
    data = " ".join(unicodedata.normalize("NFKC", text[:32768]).split())[:length].encode()[:length]
    return [byte + 1 for byte in data] + [0] * (length - len(data))
`;
}

function bagPython(buckets: number): string {
  return `def mix(h):
    h = (h ^ h >> 16) * 0x85EBCA6B & 0xFFFFFFFF
    h = (h ^ h >> 13) * 0xC2B2AE35 & 0xFFFFFFFF
    return h ^ h >> 16

def hashed(units, seed):
    h = 0x811C9DC5 ^ seed
    for unit in units:
        h = (h ^ unit) * 0x01000193 & 0xFFFFFFFF
    return mix(h)

def units(text):  # UTF-16
    data = text.encode("utf-16-le", "surrogatepass")
    return [data[i] | data[i + 1] << 8 for i in range(0, len(data), 2)]

def words(text):  # runs of letters, digits and marks; all else one by one
    found, in_word = [], False
    for c in unicodedata.normalize("NFKC", text[:32768]).lower():
        is_word = c == "_" or unicodedata.category(c)[0] in "LNM"
        if is_word and in_word:
            found[-1] += c
        elif not c.isspace():
            found.append(c)
        in_word = is_word
    return found

def ngrams(text):
    before = None
    for word in words(text):
        own = hashed(units(word), 11)
        yield own
        if before is not None:
            h = 12
            for part in (before, own):
                h = mix(((h ^ part) * 0x9E3779B1 & 0xFFFFFFFF) + 0x7F4A7C15 & 0xFFFFFFFF)
            yield h
        edged = units("<" + word + ">")
        for n in (3, 4, 5):
            for start in range(len(edged) - n + 1):
                yield hashed(edged[start:start + n], 13)
        before = own

def encode(text, buckets=${buckets}):
    counts = {}
    for h in ngrams(text):
        counts[h % buckets] = counts.get(h % buckets, 0) + 1
    total = sum(1 + math.log(count) for count in counts.values())
    bag = [0.0] * buckets
    for bucket, count in counts.items():
        bag[bucket] = (1 + math.log(count)) / total
    return bag
`;
}
