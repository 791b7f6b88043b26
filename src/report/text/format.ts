import type { Progress } from '../../domain/run/event.ts';
import { bytes, duration } from '../../domain/text/figures.ts';

export { bytes, duration } from '../../domain/text/figures.ts';
export { listed } from '../../domain/text/listed.ts';

/** Placeholder for unknown values. */
export const DASH = '–';

/** `1,234,567`. Written by hand: the first `Intl.NumberFormat` of a process takes 12 ms, a tenth of a whole command. */
export function count(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `1 node`, `3 nodes`. */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** A short time with fraction: `0.42 ms`, `12.3 ms`, `2.1 s`. */
export function latency(milliseconds: number): string {
  if (milliseconds >= 999.5) return duration(milliseconds);
  if (milliseconds >= 99.95) return `${Math.round(milliseconds)} ms`;
  return `${milliseconds < 9.995 ? milliseconds.toFixed(2) : milliseconds.toFixed(1)} ms`;
}

/** `48 %`; 100 only at the end. */
export function percent(done: number, total: number): string {
  if (total <= 0 || done >= total) return '100 %';
  return `${Math.min(99, Math.max(0, Math.floor((done / total) * 100)))} %`;
}

/** `84 MiB of 1.2 GiB, 7 %, 40 s left`; null if there are no figures. */
export function amount({ doneBytes, totalBytes = 0, estimated, secondsLeft }: Progress): string | null {
  if (doneBytes === undefined) return null;
  if (totalBytes <= 0) return bytes(doneBytes);
  const of = `${bytes(doneBytes)} of ${estimated ? 'about ' : ''}${bytes(totalBytes)}, ${percent(doneBytes, totalBytes)}`;
  return secondsLeft === undefined ? of : `${of}, ${duration(secondsLeft * 1000)} left`;
}

/** `▰▰▰▱▱▱▱▱▱▱`. */
export function bar(done: number, total: number, cells = 10): string {
  const share = total <= 0 ? 1 : Math.min(1, Math.max(0, done / total));
  const full = Math.floor(share * cells);
  return '▰'.repeat(full) + '▱'.repeat(cells - full);
}

/** A commit or digest, abbreviated; other names unchanged. */
export function short(hash: string): string {
  return /^[0-9a-f]{20,}$/i.test(hash) ? hash.slice(0, 12) : hash;
}

/** `2025-12-03 14:05 UTC`, from ISO 8601. */
export function instant(iso: string): string {
  const time = Date.parse(iso);
  return Number.isNaN(time) ? iso : `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
