/**
 * A value as VS Code's webview channel can carry it. That channel is JSON with typed arrays set aside, so
 * - a `Buffer` would turn into an array of numbers (it has `toJSON`), and becomes a `Uint8Array`;
 * - a typed array that is a window on a larger buffer (all that come from the trainer's process are) would take the whole
 *   buffer along, and becomes one of its own.
 */
export function portable(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return ownArray(value);
  if (Array.isArray(value)) return value.map(portable);
  if (typeof value !== 'object' || value === null || value instanceof ArrayBuffer) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, portable(field)]));
}

function ownArray(view: ArrayBufferView): ArrayBufferView {
  if (Buffer.isBuffer(view)) return Uint8Array.from(view);
  if (view.byteLength === view.buffer.byteLength) return view;
  const bytes = view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);
  const Array = view.constructor as new (buffer: ArrayBufferLike) => ArrayBufferView;
  return new Array(bytes);
}
