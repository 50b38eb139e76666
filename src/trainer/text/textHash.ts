/** 32-bit FNV-1a over UTF-16 code units with the last mixing of MurmurHash3, so that every bit depends on every unit. */
export function hashRange(text: string, start: number, end: number, seed: number): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return mix(hash);
}

/** The same for several hashes in their order. */
export function hashOfHashes(parts: readonly number[], seed: number): number {
  let hash = seed;
  for (const part of parts) hash = mix(Math.imul(hash ^ part, 0x9e3779b1) + 0x7f4a7c15);
  return hash >>> 0;
}

export function mix(value: number): number {
  let hash = value ^ (value >>> 16);
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
