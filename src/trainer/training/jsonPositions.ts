import type { TextPosition } from '../types/training';

/** A stretch of a text, by characters from 0; `end` is behind the last one. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where in a JSON text each member is: by its key with dots ("training.loss.kind", "list.0"), name and value together. */
export function jsonPositions(text: string): ReadonlyMap<string, Span> {
  const reader = new Reader(text);
  reader.value('', 0);
  return reader.found;
}

/** Line and character of an offset, from 0, as editors count. */
export function positionAt(text: string, offset: number): TextPosition {
  const before = text.slice(0, offset);
  const lastBreak = before.lastIndexOf('\n');
  return { line: before.split('\n').length - 1, character: offset - lastBreak - 1 };
}

/** Goes through a text that `JSON.parse` takes; in another one it stops where it is at a loss. */
class Reader {
  readonly found = new Map<string, Span>();
  private at = 0;

  constructor(private readonly text: string) {}

  /** @param start where the member begins: at its name, when it has one */
  value(key: string, start: number): void {
    this.space();
    const first = this.text[this.at];
    if (first === '{') this.object(key);
    else if (first === '[') this.list(key);
    else if (first === '"') this.string();
    else while (this.at < this.text.length && !/[\s,\]}]/.test(this.text[this.at])) this.at++;
    this.found.set(key, { start, end: this.at });
  }

  private object(key: string): void {
    this.at++;
    this.space();
    while (this.text[this.at] === '"') {
      const start = this.at;
      const name = this.string();
      this.space();
      this.at++; // The colon.
      this.value(join(key, name), start);
      this.space();
      if (this.text[this.at] === ',') this.at++;
      this.space();
    }
    this.at++;
  }

  private list(key: string): void {
    this.at++;
    this.space();
    for (let i = 0; this.at < this.text.length && this.text[this.at] !== ']'; i++) {
      const before = this.at;
      this.value(join(key, String(i)), this.at);
      this.space();
      if (this.text[this.at] === ',') this.at++;
      this.space();
      if (this.at === before) return;
    }
    this.at++;
  }

  private string(): string {
    const start = this.at++;
    while (this.at < this.text.length && this.text[this.at] !== '"') this.at += this.text[this.at] === '\\' ? 2 : 1;
    this.at++;
    try {
      return JSON.parse(this.text.slice(start, this.at)) as string;
    } catch {
      return '';
    }
  }

  private space(): void {
    while (/\s/.test(this.text[this.at] ?? '')) this.at++;
  }
}

function join(key: string, name: string): string {
  return key === '' ? name : `${key}.${name}`;
}
