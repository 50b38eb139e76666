/** Loaded before a script, in all of its threads: ONNX Runtime's native library cannot be loaded, as on a system that it is not for. */
const Module = require('node:module');

const load = Module._extensions['.node'];
Module._extensions['.node'] = (module, file) => {
  if (file.includes('onnxruntime')) throw new Error(`refused: ${file}`);
  load(module, file);
};
