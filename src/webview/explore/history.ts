/** The items that were looked at, like the pages of a browser. */
export interface History {
  readonly items: readonly number[];
  /** Place of the item that is looked at now; -1 for none. */
  readonly at: number;
}

const LONGEST = 100;

export const EMPTY_HISTORY: History = { items: [], at: -1 };

export function currentItem(history: History): number {
  return history.items[history.at] ?? -1;
}

/** Looks at another item; what was ahead is forgotten, as a browser does. */
export function visit(history: History, item: number): History {
  if (item === currentItem(history)) return history;
  const items = [...trodden(history), item].slice(-LONGEST);
  return { items, at: items.length - 1 };
}

/** Looks at nothing, and keeps the way back. */
export function leave(history: History): History {
  return { items: trodden(history), at: -1 };
}

export function canGo(history: History, step: -1 | 1): boolean {
  return goingTo(history, step) !== undefined;
}

export function go(history: History, step: -1 | 1): History {
  const at = goingTo(history, step);
  return at === undefined ? history : { items: history.items, at };
}

/** Up to the item that is looked at now; all when none is. */
function trodden({ items, at }: History): readonly number[] {
  return at === -1 ? items : items.slice(0, at + 1);
}

/** From nowhere, back leads to the last item looked at. */
function goingTo(history: History, step: -1 | 1): number | undefined {
  const at = history.at === -1 ? (step === -1 ? history.items.length - 1 : -1) : history.at + step;
  return at >= 0 && at < history.items.length ? at : undefined;
}
