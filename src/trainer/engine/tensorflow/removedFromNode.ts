import { createRequire } from 'node:module';

/**
 * Node 23 removed helpers of its module `util` that TensorFlow's package still calls. They are put back, in this thread, where
 * they are missing.
 */
export function restoreUtil(): void {
  const util = createRequire(__filename)('node:util') as Record<string, unknown>;
  util['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  util['isArray'] ??= (value: unknown) => Array.isArray(value);
}
