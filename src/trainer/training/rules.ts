/** What one setting may be: a test and its words, as they complete "must be ...". */
export interface Rule {
  readonly allowed: string;
  readonly holds: (value: unknown) => boolean;
}

export type Rules = Readonly<Record<string, Rule>>;

export function number(lowest: number, highest: number): Rule {
  return {
    allowed: `a number from ${lowest} to ${highest}`,
    holds: (value) => typeof value === 'number' && value >= lowest && value <= highest,
  };
}

export function integer(lowest: number, highest: number): Rule {
  return {
    allowed: `a whole number from ${lowest} to ${highest}`,
    holds: (value) => Number.isSafeInteger(value) && (value as number) >= lowest && (value as number) <= highest,
  };
}

export function oneOf(values: readonly string[]): Rule {
  return {
    allowed: `one of ${values.map((value) => `"${value}"`).join(', ')}`,
    holds: (value) => typeof value === 'string' && values.includes(value),
  };
}

export function optional({ allowed, holds }: Rule): Rule {
  return { allowed, holds: (value) => value === undefined || holds(value) };
}

export const YES_OR_NO: Rule = { allowed: 'true or false', holds: (value) => typeof value === 'boolean' };

export const GROUP: Rule = { allowed: 'a group of settings in braces', holds: isGroup };

/** Parts of a sum of losses; what is in each is checked by itself. */
export const PARTS: Rule = {
  allowed: 'a list of 1 to 8 groups with "weight" and "loss"',
  holds: (value) => Array.isArray(value) && value.length >= 1 && value.length <= 8 && value.every(isGroup),
};

export function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
