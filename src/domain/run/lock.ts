import type { Origin } from './run.ts';

/** While a cluster is locked, no run of it starts. */
export interface Lock {
  by: Origin;
  reason: string;
  /** ISO 8601. */
  at: string;
  /** ISO 8601; null: until somebody unlocks. */
  until: string | null;
}

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
const LONGEST_MS = 90 * 86_400_000;
export const LONGEST_REASON = 200;

/** `45m`, `2h`, `1d`, at most 90 days, in milliseconds; null for anything else. */
export function readDuration(text: string): number | null {
  const [, number, unit = ''] = /^([1-9]\d{0,4})([mhd])$/i.exec(text) ?? [];
  const milliseconds = Number(number) * (UNITS[unit.toLowerCase()] ?? 0);
  return number !== undefined && milliseconds <= LONGEST_MS ? milliseconds : null;
}
