/** Settings while a person changes them: plain data, addressed by keys with dots. */
export type Draft = Record<string, unknown>;

export function valueAt(draft: Draft, key: string): unknown {
  return key.split('.').reduce<unknown>((value, name) => (isGroup(value) ? value[name] : undefined), draft);
}

/** A copy with another value; `undefined` takes the setting out. Groups on the way are made. */
export function withValue(draft: Draft, key: string, value: unknown): Draft {
  const [name, ...rest] = key.split('.');
  const { [name]: before, ...others } = draft;
  if (rest.length === 0) return value === undefined ? others : { ...draft, [name]: value };
  return { ...draft, [name]: withValue(isGroup(before) ? before : {}, rest.join('.'), value) };
}

/** What a person typed as a number; text that is none stays text, for the trainer to say what is wrong with it. */
export function numberOrText(text: string): unknown {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  const value = Number(trimmed);
  return Number.isFinite(value) ? value : trimmed;
}

/** Every setting by its key with dots, as a person reads its value. In lists of groups the place is a key, from 0; others stand as they are. */
export function flattened(draft: Draft, prefix = ''): [key: string, value: string][] {
  return Object.entries(draft).flatMap(([name, value]): [string, string][] => {
    if (isGroup(value)) return flattened(value, `${prefix}${name}.`);
    if (Array.isArray(value) && value.some(isGroup))
      return flattened(Object.fromEntries(value.entries()), `${prefix}${name}.`);
    return value === undefined ? [] : [[prefix + name, typeof value === 'string' ? value : JSON.stringify(value)]];
  });
}

export function isGroup(value: unknown): value is Draft {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
