const ALIASES: Readonly<Record<string, string>> = {
  train: 'train',
  training: 'train',
  val: 'val',
  valid: 'val',
  validation: 'val',
  dev: 'val',
  test: 'test',
  testing: 'test',
};

/** `train`, `val` or `test` for one of their usual names in any case; undefined for anything else. */
export function splitAlias(name: string): string | undefined {
  const key = name.trim().toLowerCase();
  return Object.hasOwn(ALIASES, key) ? ALIASES[key] : undefined;
}

/**
 * Whether the folders at the top of a dataset are splits: all of them have the name of one, or at least two different splits
 * are there. A single class that happens to be called "test" among other classes stays a class.
 */
export function areSplitFolders(names: readonly string[]): boolean {
  const splits = names.map(splitAlias).filter((split) => split !== undefined);
  return splits.length > 0 && (splits.length === names.length || new Set(splits).size >= 2);
}
