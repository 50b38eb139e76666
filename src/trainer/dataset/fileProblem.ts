import type { FileProblem } from '../types/dataset';

/** Thrown for one file that cannot be used; it is caught where the file is listed, and never stops a job. */
export class UnusableFile extends Error {
  override readonly name = 'UnusableFile';

  constructor(
    /** What is wrong, to be read after the file's name: "is empty (0 bytes)". */
    readonly reason: string,
    readonly remedy: string,
    /** The content itself is at fault, so looking again is of no use until the file changes. */
    readonly lasting = false,
  ) {
    super(reason);
  }

  at(path: string): FileProblem {
    return { path, reason: this.reason, remedy: this.remedy };
  }
}

/** A path or a link that leads out of the dataset. */
export function outside(): UnusableFile {
  return new UnusableFile(
    'is outside of the dataset',
    'Copy the file into the dataset, or open a folder that holds both.',
  );
}
