/** Numbers, sizes and times as a person reads them. */

const whole = new Intl.NumberFormat('en');

/** 12345 -> "12,345". */
export function formatCount(value: number): string {
  return whole.format(value);
}

/** formatItems(1, 'image') -> "1 image"; formatItems(2, 'image') -> "2 images". */
export function formatItems(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`;
}

/** "1,234 characters, 12 lines" */
export function textMeasures(characters: number, lines: number): string {
  return `${formatItems(characters, 'character')}, ${formatItems(lines, 'line')}`;
}

/** Bytes with three digits and a decimal unit: "1.53 MB". */
export function formatBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return unit === 0 ? formatItems(bytes, 'byte') : `${value.toPrecision(3)} ${units[unit]}`;
}

/** A share of 1 as "53.2%". */
export function formatShare(share: number, digits = 1): string {
  return `${(share * 100).toFixed(digits)}%`;
}

/** A distance or a loss, with three digits after the point. */
export function formatDistance(distance: number): string {
  return distance.toFixed(3);
}

/** How long is left, rounded so that it does not flicker: "5 s", "1 min 20 s", "2 h 5 min". */
export function formatDuration(seconds: number): string {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 600) {
    const rounded = Math.round(seconds / 5) * 5;
    const rest = rounded % 60;
    return rest === 0 ? `${rounded / 60} min` : `${Math.floor(rounded / 60)} min ${rest} s`;
  }
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** The last part of a path with forward slashes. */
export function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
