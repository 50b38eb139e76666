import util from 'node:util';

/**
 * Node 23 removed helpers of its module `util` that TensorFlow's package still calls. They are put back, in this thread, where
 * they are missing.
 */
export function restoreUtil(): void {
  const helpers = util as unknown as Record<string, unknown>;
  helpers['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  helpers['isArray'] ??= (value: unknown) => Array.isArray(value);
}
