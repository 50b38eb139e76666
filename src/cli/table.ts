export type Cell = string | number;

/** A table for a terminal: columns of numbers (and what stands for them) to the right, all others to the left. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const texts = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, column) => Math.max(...texts.map((row) => width(row[column]))));
  const isNumeric = head.map((_, column) => rows.length > 0 && rows.every((row) => isNumber(row[column])));
  const lines = texts.map((row) =>
    row
      .map((text, column) => {
        const space = ' '.repeat(widths[column] - width(text));
        return isNumeric[column] ? space + text : text + space;
      })
      .join('  ')
      .trimEnd(),
  );
  return [lines[0], widths.map((one) => '-'.repeat(one)).join('  '), ...lines.slice(1)].join('\n');
}

function isNumber(cell: Cell): boolean {
  return typeof cell === 'number' || /^[-+]?[\d.,]+( ?(%|B|kB|MB|GB|TB))?$/.test(cell) || cell === '-';
}

/** Columns that a text takes; file names may have wide characters and marks that take none. */
function width(text: string): number {
  let sum = 0;
  for (const character of text.normalize('NFC')) {
    if (/\p{Mark}|\u200d|\ufe0f/u.test(character)) continue;
    sum += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\u{1f300}-\u{1faff}]/u.test(
      character,
    )
      ? 2
      : 1;
  }
  return sum;
}

export function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  while (bytes >= 1000 && unit < units.length - 1) {
    bytes /= 1000;
    unit++;
  }
  return `${unit === 0 ? bytes : bytes.toFixed(1)} ${units[unit]}`;
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** "1 image", "1,234 images". */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString('en-US')} ${n === 1 ? one : many}`;
}
