/** Figures for people: used by reports through `format.ts`, and by plans. */

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** `512 B`, `1.5 KiB`, `256 MiB`: three digits, binary units. */
export function bytes(value: number): string {
  const sign = value < 0 ? '-' : '';
  let size = Math.abs(value);
  let unit = 0;
  while (size >= 1023.5 && unit < BYTE_UNITS.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${sign}${unit === 0 ? Math.round(size) : threeFigures(size)} ${BYTE_UNITS[unit] ?? 'B'}`;
}

/** From milliseconds: `850 ms`, `3.2 s`, `2 min 5 s`, `1 h 3 min`. */
export function duration(milliseconds: number): string {
  const value = Math.max(0, milliseconds);
  if (value < 999.5) return `${Math.round(value)} ms`;
  if (value < 9_950) return `${(value / 1000).toFixed(1)} s`;
  const seconds = Math.round(value / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return joined([minutes, 'min'], [seconds % 60, 's']);
  return joined([Math.floor(minutes / 60), 'h'], [minutes % 60, 'min']);
}

const DAY_SECONDS = 86_400;

/** From seconds: `40 s`, `5 min`, `7 h`, `3 days`. */
export function age(seconds: number): string {
  const units = [
    ['days', DAY_SECONDS],
    ['h', 3600],
    ['min', 60],
  ] as const;
  const unit = units.find(([, size]) => seconds >= 2 * size);
  return unit ? `${Math.floor(seconds / unit[1])} ${unit[0]}` : `${Math.floor(seconds)} s`;
}

function threeFigures(size: number): string {
  if (size >= 99.95) return size.toFixed(0);
  return String(Number(size.toFixed(size >= 9.995 ? 1 : 2)));
}

function joined([large, largeUnit]: [number, string], [small, smallUnit]: [number, string]): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/** `1 key`, `12 keys`. */
export function keyCount(keys: number): string {
  return keys === 1 ? '1 key' : `${keys} keys`;
}
