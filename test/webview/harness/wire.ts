/**
 * What VS Code's webview channel does to a message: JSON, with typed arrays and buffers set aside. So an `undefined` in an array becomes
 * null, a Map becomes an empty object, and a class loses its methods.
 */
export function throughWire<T>(message: T): T {
  const binaries: unknown[] = [];
  const text = JSON.stringify(message, (_key, value: unknown) => {
    if (!(value instanceof ArrayBuffer) && !ArrayBuffer.isView(value)) return value;
    return { binary: binaries.push(structuredClone(value)) - 1 };
  });
  return JSON.parse(text, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && 'binary' in value ? binaries[value.binary as number] : value,
  ) as T;
}
