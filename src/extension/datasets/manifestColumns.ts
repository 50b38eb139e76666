import type { ManifestColumns } from '../../trainer/protocol';

export type ColumnRole = keyof ManifestColumns;

const MANIFEST = /\.(csv|tsv|jsonl|ndjson)$/i;

export function isManifest(file: string): boolean {
  return MANIFEST.test(file);
}

/**
 * The names of a manifest's columns, from its first line, for a person to choose from: the header of a CSV or TSV table, or the
 * keys of the first JSON object. The trainer reads the rows.
 */
export function columnNames(file: string, firstLine: string): string[] {
  const line = firstLine.replace(/^\uFEFF/, '').trim();
  if (/\.(jsonl|ndjson)$/i.test(file)) return keysOf(line);
  const separator = /\.tsv$/i.test(file) || (line.includes('\t') && !line.includes(',')) ? '\t' : separatorOf(line);
  return splitHeader(line, separator)
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function keysOf(line: string): string[] {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
  } catch {
    return [];
  }
}

function separatorOf(line: string): string {
  return line.includes(';') && !line.includes(',') ? ';' : ',';
}

/** Names may be quoted, with quotes inside doubled. */
function splitHeader(line: string, separator: string): string[] {
  const names: string[] = [''];
  let quoted = false;
  for (const character of line) {
    if (character === '"') quoted = !quoted;
    else if (character === separator && !quoted) names.push('');
    else names[names.length - 1] += character;
  }
  return names;
}
