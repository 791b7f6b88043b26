/** Figures for people. */

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;
const COUNT = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** What stands where nothing is known. */
export const DASH = '–';

/** `1,234,567`. */
export function count(value: number): string {
  return COUNT.format(value);
}

/** `1 node`, `3 nodes`. */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** `512 B`, `1.5 KiB`, `256 MiB`: three figures, binary units. */
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

/** A short time with its fraction: `0.42 ms`, `12.3 ms`, `2.1 s`. */
export function latency(milliseconds: number): string {
  if (milliseconds >= 999.5) return duration(milliseconds);
  if (milliseconds >= 99.95) return `${Math.round(milliseconds)} ms`;
  return `${milliseconds < 9.995 ? milliseconds.toFixed(2) : milliseconds.toFixed(1)} ms`;
}

/** `48 %`, never more than 100 and never 100 before the end. */
export function percent(done: number, total: number): string {
  if (total <= 0 || done >= total) return '100 %';
  return `${Math.min(99, Math.max(0, Math.floor((done / total) * 100)))} %`;
}

/** `▰▰▰▱▱▱▱▱▱▱`. */
export function bar(done: number, total: number, cells = 10): string {
  const share = total <= 0 ? 1 : Math.min(1, Math.max(0, done / total));
  const full = Math.floor(share * cells);
  return '▰'.repeat(full) + '▱'.repeat(cells - full);
}

/** A commit or digest as people quote it; other names stay as they are. */
export function short(hash: string): string {
  return /^[0-9a-f]{20,}$/i.test(hash) ? hash.slice(0, 12) : hash;
}

/** `2025-12-03 14:05 UTC`, from ISO 8601. */
export function instant(iso: string): string {
  const time = Date.parse(iso);
  return Number.isNaN(time) ? iso : `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** `redis-01`, `redis-01 and redis-02`, `redis-01, redis-02 and redis-03`. */
export function listed(names: readonly string[]): string {
  const last = names.at(-1);
  if (last === undefined) return '';
  return names.length === 1 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}

function threeFigures(size: number): string {
  if (size >= 99.95) return size.toFixed(0);
  return size.toFixed(size >= 9.995 ? 1 : 2).replace(/\.?0+$/, '');
}

function joined([large, largeUnit]: [number, string], [small, smallUnit]: [number, string]): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}
