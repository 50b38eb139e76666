import { KindredError } from '../../rpc/errors';
import type { Decision, ItemRef } from '../types/curation';

/**
 * The journal's text: one decision a line, as JSON with its keys always in this order, so that a diff shows decisions and
 * nothing else:
 *
 *     {"at":"2026-01-31T09:30:00.000Z","kind":"remove","item":{"path":"cat/7.png","hash":"…"},"id":"6f1c2a9be04d7735.0"}
 *
 * An id is `<batch>.<lines of the batch that still follow>`: what was decided together is undone together, and a batch whose
 * last lines (up to `.0`) never reached the disk is seen to be incomplete.
 */
export function decisionLine(decision: Decision): string {
  const { at, kind, id } = decision;
  const what =
    decision.kind === 'undo'
      ? { of: decision.of }
      : decision.kind === 'not-duplicate'
        ? { items: decision.items.map(orderedRef) }
        : { item: orderedRef(decision.item), ...('label' in decision ? { label: decision.label } : {}) };
  return `${JSON.stringify({ at, kind, ...what, id })}\n`;
}

function orderedRef({ path, hash, others }: ItemRef): ItemRef {
  return { path, hash, ...(others === undefined ? {} : { others }) };
}

export function batchOf(id: string): string {
  const dot = id.lastIndexOf('.');
  return dot < 0 ? id : id.slice(0, dot);
}

function linesAfter(id: string): number {
  return Number(/\.(\d+)$/.exec(id)?.[1] ?? 0);
}

export interface JournalText {
  readonly decisions: readonly Decision[];
  /** Length in bytes of the part that counts. What follows is a write that a crash cut short. */
  readonly sound: number;
  /** The last line that counts ends with a line break. */
  readonly terminated: boolean;
}

const PARSE_AT_ONCE = 2000;

/**
 * Reads the text of a journal. A write that was cut short at the end (no line break, and no whole decision) is left out, with
 * the other lines of its batch. Kinds of a newer version are kept in the file and otherwise passed over.
 * @throws KindredError `bad-input` that names file and line for any other line that is no decision
 */
export async function parseJournal(bytes: Buffer, path: string): Promise<JournalText> {
  const decisions: Decision[] = [];
  const starts: number[] = [];
  let start = bytes.length >= 3 && bytes.readUIntBE(0, 3) === 0xefbbbf ? 3 : 0;
  for (let line = 1; start < bytes.length; line++) {
    if (line % PARSE_AT_ONCE === 0) await new Promise((resolve) => setImmediate(resolve));
    const end = bytes.indexOf(10, start);
    const text = bytes.toString('utf8', start, end < 0 ? bytes.length : end).trim();
    const decision = text === '' ? undefined : parseLine(text);
    if (decision === undefined && text !== '') {
      if (end < 0) return cutShort(decisions, starts, start);
      throw malformed(path, line, text);
    }
    if (decision !== undefined && decision !== 'unknown') {
      decisions.push(decision);
      starts.push(start);
    }
    if (end < 0) {
      // A whole line after which more of its batch was to come was cut just before its line break.
      const more = linesAfter(decisions.at(-1)?.id ?? '') > 0;
      return more ? cutShort(decisions, starts, bytes.length) : { decisions, sound: bytes.length, terminated: false };
    }
    start = end + 1;
  }
  return { decisions, sound: bytes.length, terminated: true };
}

/** Leaves out the lines before the tear that belong to a batch of which more was to come. */
function cutShort(decisions: Decision[], starts: number[], torn: number): JournalText {
  let sound = torn;
  const last = decisions.at(-1);
  if (last !== undefined && linesAfter(last.id) > 0) {
    while (decisions.length > 0 && batchOf(decisions.at(-1)!.id) === batchOf(last.id)) {
      decisions.pop();
      sound = starts.pop()!;
    }
  }
  return { decisions, sound, terminated: true };
}

function malformed(path: string, line: number, text: string): KindredError {
  const merging = /^(<{7}|={7}|>{7}|\|{7})/.test(text);
  return new KindredError('bad-input', `${path}:${line} is not a decision: ${text.slice(0, 60)}`, {
    remedy: merging
      ? 'A merge was left unfinished: keep the lines of both sides, delete the lines that begin with <<<<<<<, ======= and >>>>>>>, and do it again. (The line "kindred.decisions.jsonl merge=union" in .gitattributes lets git do this.)'
      : 'Restore the line from version control, or delete it, and do it again. Nothing was changed.',
    path,
  });
}

/** A decision, 'unknown' for one of a newer version, or undefined when the text is none. */
function parseLine(text: string): Decision | 'unknown' | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(value)) return undefined;
  const { id, at, kind } = value;
  if (typeof id !== 'string' || typeof at !== 'string') return undefined;
  switch (kind) {
    case 'keep':
    case 'remove':
      return isRef(value['item']) ? { kind, item: value['item'], id, at } : undefined;
    case 'label-right':
    case 'relabel': {
      const { item, label } = value;
      return isRef(item) && isText(label) ? { kind, item, label, id, at } : undefined;
    }
    case 'not-duplicate':
      return isListOf(value['items'], isRef) ? { kind, items: value['items'], id, at } : undefined;
    case 'undo':
      return isListOf(value['of'], isText) ? { kind, of: value['of'], id, at } : undefined;
    default:
      return typeof kind === 'string' ? 'unknown' : undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isListOf<T>(value: unknown, is: (one: unknown) => one is T): value is T[] {
  return Array.isArray(value) && value.every(is);
}

function isRef(value: unknown): value is ItemRef {
  if (!isRecord(value)) return false;
  const { hash, path, others } = value;
  return isText(hash) && isText(path) && (others === undefined || isListOf(others, isText));
}
