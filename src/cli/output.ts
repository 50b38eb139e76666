import { isCancelled, toErrorData } from '../rpc/errors';

/** What a command gives: one JSON document, or text for a person. */
export interface Outcome {
  readonly code: 0 | 1;
  /** Becomes the JSON document; typed arrays become lists of numbers. */
  readonly document: object;
  readonly text: string;
}

export function toJson(document: object): string {
  return JSON.stringify(
    document,
    (_, value: unknown) =>
      ArrayBuffer.isView(value) && !(value instanceof DataView) ? Array.from(value as never) : value,
    2,
  );
}

/** The error as text for stderr. A defect shows where it is. */
export function errorText(error: unknown): string {
  const { code, message, remedy, stack } = toErrorData(error);
  if (isCancelled(error)) return `Stopped. ${remedy ?? 'Nothing is lost; the same command goes on where it can.'}`;
  const defect =
    code === 'internal' ? `\nThis is a defect of Kindred. Please report it with these lines:\n${stack ?? ''}` : '';
  return `Error: ${message}${remedy === undefined ? '' : `\n${remedy}`}${defect}`;
}

export function errorDocument(command: string, error: unknown): object {
  const { code, message, remedy, path } = toErrorData(error);
  return { command, error: { code, message, remedy, path } };
}
