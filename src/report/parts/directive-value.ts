import { bytes } from '../text/format.ts';

const SIZES: readonly string[] = [
  'maxmemory',
  'repl-backlog-size',
  'auto-aof-rewrite-min-size',
  'active-defrag-ignore-bytes',
];
/** Redis’s units: `k` is 1,000 and `kb` 1,024. */
const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1e3,
  kb: 2 ** 10,
  m: 1e6,
  mb: 2 ** 20,
  g: 1e9,
  gb: 2 ** 30,
};

/** A directive’s value for people: unchanged, with a readable size before it. */
export function directiveValue(directive: string, value: string): string {
  if (value === '') return '""';
  const size = SIZES.includes(directive) ? sizeOf(value) : null;
  if (size === null) return value;
  return size === 0 ? '0 (none)' : `${bytes(size)} (${value})`;
}

function sizeOf(value: string): number | null {
  const [, digits, unit] = /^(\d{1,15})([a-z]{0,2})$/i.exec(value) ?? [];
  const factor = UNITS[unit?.toLowerCase() ?? ''];
  return digits === undefined || factor === undefined ? null : Number(digits) * factor;
}
