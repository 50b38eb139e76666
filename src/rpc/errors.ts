/**
 * The one kind of failure that crosses a border. It says what was wrong with which file or setting, and what the person can
 * do about it; anything else that is thrown is a defect and travels as code `internal` with its stack kept for the log.
 */
export type ErrorCode =
  /** The person or the caller stopped the work. */
  | 'cancelled'
  /** What was asked for is not a thing that can be asked for: an unknown name, a value out of range. */
  | 'invalid-argument'
  /** A file or setting that the person gave cannot be used as it is. */
  | 'bad-input'
  /** A dataset, run, embedding, item or file is not there. */
  | 'not-found'
  /** A folder or file may not be written. */
  | 'read-only'
  /** The disk is full. */
  | 'disk-full'
  /** The other side of the border is gone. */
  | 'disconnected'
  /** The engine or the device failed. */
  | 'engine'
  /** A defect of Kindred. */
  | 'internal';

/** A `KindredError` as it travels between processes. */
export interface ErrorData {
  readonly code: ErrorCode;
  readonly message: string;
  readonly remedy?: string;
  readonly path?: string;
  readonly stack?: string;
}

export interface ErrorDetails {
  /** What the person can do, as a full sentence. */
  readonly remedy?: string;
  /** The file or folder that it is about. */
  readonly path?: string;
  readonly cause?: unknown;
}

export class KindredError extends Error {
  override readonly name = 'KindredError';
  readonly remedy: string | undefined;
  readonly path: string | undefined;

  constructor(
    readonly code: ErrorCode,
    message: string,
    details: ErrorDetails = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.remedy = details.remedy;
    this.path = details.path;
  }

  /** The message and the remedy in one line, as shown to a person. */
  get advice(): string {
    return adviceOf(this);
  }
}

/** What is wrong and what to do, in one line. */
export function adviceOf({
  message,
  remedy,
}: {
  readonly message: string;
  readonly remedy?: string | undefined;
}): string {
  return remedy === undefined ? message : `${message} ${remedy}`;
}

/** Throws code `cancelled` when `signal` is aborted. Call it between the steps of anything long. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new KindredError('cancelled', 'Cancelled.');
}

export function isCancelled(error: unknown): boolean {
  return error instanceof KindredError && error.code === 'cancelled';
}

export function toErrorData(error: unknown): ErrorData {
  if (error instanceof KindredError) {
    return {
      code: error.code,
      message: error.message,
      ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
      ...(error.path === undefined ? {} : { path: error.path }),
      ...(error.stack === undefined ? {} : { stack: error.stack }),
    };
  }
  if (error instanceof Error) {
    return { code: 'internal', message: error.message, ...(error.stack === undefined ? {} : { stack: error.stack }) };
  }
  return { code: 'internal', message: String(error) };
}

export function fromErrorData(data: ErrorData): KindredError {
  const error = new KindredError(data.code, data.message, {
    ...(data.remedy === undefined ? {} : { remedy: data.remedy }),
    ...(data.path === undefined ? {} : { path: data.path }),
  });
  if (data.stack !== undefined) error.stack = data.stack;
  return error;
}
