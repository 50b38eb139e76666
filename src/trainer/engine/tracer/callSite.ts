/** Frames of the machinery between a program and a kernel: TensorFlow.js, and the engine that records. */
const MACHINERY = /[\\/(](node_modules|tfjs-[a-z-]+)[\\/]|[\\/]src[\\/]trainer[\\/]engine[\\/]|node:internal/;

/**
 * Where in the person's or the product's own code the op was called whose recording threw, as "function (file:line:column)".
 * In a bundle all code is one file; then the frame that called the op's public function (TensorFlow.js names these `relu__op`) is taken.
 */
export function callSite(stack: string | undefined): string | undefined {
  const frames = (stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  // The innermost frame is always the machinery's own; if its file does not tell, no file does.
  const bundled = frames.length > 0 && !MACHINERY.test(frames[0]);
  const outside = bundled ? callerOfOp(frames) : frames.find((frame) => !MACHINERY.test(frame));
  return outside?.trim().replace(/^at /, '');
}

function callerOfOp(frames: readonly string[]): string | undefined {
  const op = frames.findIndex((frame) => frame.includes('__op'));
  return op < 0 ? undefined : frames.slice(op + 1).find((frame) => !/\w_+(op)? \(/.test(frame));
}

/** Runs `f` with stacks deep enough to reach the caller of an op from inside a gradient. */
export function withDeepStacks<T>(f: () => T): T {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 200;
  try {
    return f();
  } finally {
    Error.stackTraceLimit = limit;
  }
}
