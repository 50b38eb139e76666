/** What scripts can rely on. */
export const EXIT = {
  /** All is well. */
  fine: 0,
  /** It was done, and there is something to look at: unreadable files, duplicates, files that could not be moved. */
  problems: 1,
  /** It could not be done; what to do is on stderr. */
  failed: 2,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
