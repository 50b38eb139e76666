/**
 * A text that sorts by UTF-16 code units as people number files: runs of digits by their value ("2" before "10"), folders as a
 * whole. It depends on no locale, so the order of items is the same on every machine.
 */
export function naturalKey(path: string): string {
  return path
    .replace(/\d+/g, (digits) => {
      const value = digits.replace(/^0+(?=\d)/, '');
      return `${String.fromCharCode(0x2f + Math.min(value.length, 0x1000))}${value}`;
    })
    .replaceAll('/', '\0');
}

/** Compares natural keys; where they are equal ("07" and "7") the texts themselves decide. */
export function compareKeyed(a: readonly [key: string, text: string], b: readonly [key: string, text: string]): number {
  if (a[0] !== b[0]) return a[0] < b[0] ? -1 : 1;
  return a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0;
}

/** A new array in natural order. For short lists (names of classes); it does not take breaks. */
export function sortNaturally(texts: Iterable<string>): string[] {
  return Array.from(texts, (text) => [naturalKey(text), text] as const)
    .sort(compareKeyed)
    .map(([, text]) => text);
}
