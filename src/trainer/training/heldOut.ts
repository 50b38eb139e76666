import { KindredError } from '../../rpc/errors';
import type { Dataset } from '../dataset/dataset';
import type { ItemTable } from '../dataset/itemTable';
import { splitAlias } from '../dataset/splits';
import { Random } from '../random';
import type { TrainingSettings } from '../types/training';
import { readRecord } from './runStore';

/** Items that a training does not see, and on which it is measured. */
export interface HeldOut {
  readonly by: 'class' | 'item' | 'split';
  /** How many classes they have. */
  readonly classes: number;
  readonly items: Int32Array;
  /** Beside whole classes: items of classes that the training knows. */
  readonly unseenItems?: Int32Array;
}

type HoldOutSettings = Pick<TrainingSettings, 'holdOut' | 'holdOutFraction' | 'seed'>;

/** From this many classes on, some of them can be held out whole and still tell much. */
const CLASSES_FOR_HOLDING_OUT = 20;
/** Held out by class, this many must be left to learn from and as many to measure on. */
const FEWEST_CLASSES = 2;
/** Beside whole classes, a class that is trained on gives some items too when it has as many: what it learns from hardly shrinks. */
const ITEMS_FOR_BOTH = 20;
const SHARE_FOR_BOTH = 0.1;
/** Held out by item, a class gives none unless two stay and two go: a query needs another of its class to find. */
const FEWEST_ITEMS = 4;

/**
 * Chooses what to hold out, by the seed. `auto`: val and test splits where there are any, otherwise whole classes where there
 * are many, otherwise items of each class. Without labels nothing can be measured, so nothing is held out.
 * @throws KindredError `bad-input` when the dataset cannot be held out as asked.
 */
export function chooseHeldOut(table: ItemTable, settings: HoldOutSettings): HeldOut {
  const classes = itemsByClass(table.label.codes);
  const by = settings.holdOut === 'auto' ? automatic(table, classes) : settings.holdOut;
  if (classes.size === 0) return describe(table, by, []);
  const random = new Random(settings.seed).fork('held out');
  if (by === 'split') return describe(table, by, bySplit(table));
  if (by === 'class') {
    const { whole, beside } = byClass(classes, settings.holdOutFraction, random);
    return describe(table, by, whole, beside);
  }
  return describe(table, by, byItem(classes, settings.holdOutFraction, random));
}

/** What a run held out, in the dataset as it is now: items are known by their content. */
export async function heldOutItems(dataset: Dataset, run: string): Promise<HeldOut> {
  const record = await readRecord(dataset.paths, run);
  return heldOutOf(dataset.items, record.heldOut.by, record.heldOutHashes, record.unseenItemHashes);
}

/** @param unseenHashes those of `hashes` that were held out beside whole classes */
export function heldOutOf(
  table: ItemTable,
  by: HeldOut['by'],
  hashes: readonly string[],
  unseenHashes: readonly string[] = [],
): HeldOut {
  const wanted = new Set(hashes);
  const unseen = new Set(unseenHashes);
  const items: number[] = [];
  const unseenItems: number[] = [];
  table.hashes.forEach((hash, item) => {
    if (unseen.has(hash)) unseenItems.push(item);
    else if (wanted.has(hash)) items.push(item);
  });
  const labels = new Set(items.map((item) => table.label.codes[item]).filter((code) => code >= 0));
  return {
    ...{ by, classes: labels.size, items: Int32Array.from(items) },
    ...(unseenItems.length === 0 ? {} : { unseenItems: Int32Array.from(unseenItems) }),
  };
}

/** The contents that are held out, in order, each once. */
export function hashesOf(table: ItemTable, { items, unseenItems = new Int32Array(0) }: HeldOut): string[] {
  return contentsOf(table, [...items, ...unseenItems]);
}

/** Those of them that are held out beside whole classes. */
export function unseenHashesOf(table: ItemTable, { unseenItems = new Int32Array(0) }: HeldOut): string[] {
  return contentsOf(table, [...unseenItems]);
}

function contentsOf(table: ItemTable, items: readonly number[]): string[] {
  return [...new Set(items.map((item) => table.hashes[item]))].sort();
}

/** Items with the same content as a held-out one are held out with it: they would give the answer away. */
function describe(
  table: ItemTable,
  by: HeldOut['by'],
  items: readonly number[],
  beside: readonly number[] = [],
): HeldOut {
  const hashes = contentsOf(table, items);
  const known = new Set(hashes);
  return heldOutOf(
    table,
    by,
    hashes,
    contentsOf(table, beside).filter((hash) => !known.has(hash)),
  );
}

function automatic(table: ItemTable, classes: ReadonlyMap<number, readonly number[]>): HeldOut['by'] {
  const labelled = bySplitOrNone(table).filter((item) => table.label.codes[item] >= 0);
  if (labelled.length >= 2) return 'split';
  const pairs = [...classes.values()].filter((items) => items.length >= 2);
  if (pairs.length >= CLASSES_FOR_HOLDING_OUT) return 'class';
  const large = pairs.some((items) => items.length >= FEWEST_ITEMS);
  return !large && pairs.length >= 2 * FEWEST_CLASSES ? 'class' : 'item';
}

function itemsByClass(codes: Int32Array): Map<number, number[]> {
  const classes = new Map<number, number[]>();
  codes.forEach((code, item) => {
    if (code < 0) return;
    const items = classes.get(code);
    if (items) items.push(item);
    else classes.set(code, [item]);
  });
  return classes;
}

/** Items of val and test splits; none when that would leave nothing to train on. */
function bySplitOrNone({ split }: ItemTable): number[] {
  const names = split.categories.map(splitAlias);
  const items: number[] = [];
  split.codes.forEach((code, item) => {
    if (code >= 0 && (names[code] === 'val' || names[code] === 'test')) items.push(item);
  });
  return items.length < split.codes.length ? items : [];
}

function bySplit(table: ItemTable): number[] {
  const items = bySplitOrNone(table);
  if (items.length > 0) return items;
  throw new KindredError('bad-input', 'The dataset has no val or test split beside the one to train on.', {
    remedy: 'Set holdOut to "auto", "class" or "item", or put images into folders named train, val and test.',
  });
}

function byClass(
  classes: ReadonlyMap<number, readonly number[]>,
  fraction: number,
  random: Random,
): { whole: number[]; beside: number[] } {
  const candidates = random.shuffle([...classes.values()].filter((items) => items.length >= 2));
  const most = Math.min(candidates.length, classes.size - FEWEST_CLASSES);
  if (most < FEWEST_CLASSES) {
    throw new KindredError('bad-input', 'There are too few classes with two or more images to hold some of them out.', {
      remedy: 'Set holdOut to "item" or "auto", or add images to the classes.',
    });
  }
  const count = Math.min(Math.max(Math.round(candidates.length * fraction), FEWEST_CLASSES), most);
  const whole = candidates.slice(0, count);
  const taken = new Set(whole);
  const rest = [...classes.values()].filter((items) => !taken.has(items) && items.length >= ITEMS_FOR_BOTH);
  return { whole: whole.flat(), beside: rest.flatMap((items) => someOf(items, SHARE_FOR_BOTH, random)) };
}

function byItem(classes: ReadonlyMap<number, readonly number[]>, fraction: number, random: Random): number[] {
  return [...classes.values()].flatMap((items) => {
    return items.length < FEWEST_ITEMS ? [] : someOf(items, fraction, random);
  });
}

/** At least two, and two stay. */
function someOf(items: readonly number[], fraction: number, random: Random): number[] {
  const count = Math.min(Math.max(Math.round(items.length * fraction), 2), items.length - 2);
  return random.shuffle([...items]).slice(0, count);
}
