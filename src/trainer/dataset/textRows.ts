/** Path of an item that is a row of a table: the table and the line on which the row begins. */
export function rowPath(manifest: string, line: number): string {
  return `${manifest}:${line}`;
}
