import { MAX_STRETCH } from '../dataset/squarePixels';

export const PYTHON_FIRST_LINE = '# Written by Kindred.';

export function isOurSnippet(text: string): boolean {
  return text.startsWith(PYTHON_FIRST_LINE);
}

/** A Python program that turns rows of the embedding that the model was trained on into its own, with the model beside it. */
export function vectorSnippet(features: string): string {
  return `${PYTHON_FIRST_LINE} Needs: pip install onnxruntime numpy
# python THIS_FILE vectors.npy embeddings.npy   vectors.npy has the rows of "${features}": kindred embed DATASET --model ${features} --output vectors.npy
import sys
from pathlib import Path
import numpy as np
from onnxruntime import InferenceSession

vectors = np.load(sys.argv[1]).astype(np.float32)
vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
model = InferenceSession(Path(__file__).with_suffix(".onnx"), providers=["CPUExecutionProvider"])
embeddings = model.run(["embeddings"], {"vectors": vectors})[0]
np.save(sys.argv[2], embeddings)
`;
}

/**
 * A Python program that embeds pictures with the model beside it (the same name, `.onnx`), in the way of `shrink` and `toSquare`.
 * A picture that has the model's size already gives the very same pixels; when it must be resized, Pillow's Lanczos filter and that
 * of libvips differ by a few grey levels, and Kindred also applies embedded colour profiles.
 */
export function pythonSnippet(imageSize: number): string {
  return `${PYTHON_FIRST_LINE} Needs: pip install onnxruntime pillow numpy
# python THIS_FILE first.jpg second.png ...   prints how alike the pictures are (1: the same, 0: nothing in common)
import sys
from pathlib import Path
import numpy as np
from onnxruntime import InferenceSession
from PIL import Image, ImageOps

def pixels(file, size=${imageSize}):
    picture = ImageOps.exif_transpose(Image.open(file)).convert("RGBA")
    picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")
    longest, shortest = max(picture.size), min(picture.size)
    sides = [longest if longest > ${MAX_STRETCH} * shortest else side for side in picture.size]  # a long one keeps its shape
    picture = picture.resize([max(1, int(n * (size / side) + 0.5)) for n, side in zip(picture.size, sides)], Image.LANCZOS)
    square = Image.new("RGB", (size, size), tuple(int(mean + 0.5) for mean in np.asarray(picture).mean((0, 1))))
    square.paste(picture, tuple((size - side) // 2 for side in picture.size))
    return np.asarray(square, np.float32) / 255

model = InferenceSession(Path(__file__).with_suffix(".onnx"), providers=["CPUExecutionProvider"])
embeddings = model.run(["embeddings"], {"images": np.stack([pixels(file) for file in sys.argv[1:]])})[0]
print(embeddings @ embeddings.T)
`;
}
