import { isIP } from 'node:net';

/** A range with more hosts is a typo. */
const MOST_HOSTS = 1000;
const LONGEST = 300;

/** `name:2222` in an inventory is a host with its SSH port. */
export function withoutPort(pattern: string): { pattern: string; port: string | null } {
  const short = pattern.slice(0, LONGEST + 1);
  // `[2001:db8::1]:2222`; brackets elsewhere are a range.
  const [, bracketed = '', own] = /^\[([^\]]+)\]:(\d{1,5})$/.exec(short) ?? [];
  if (own !== undefined && (isIP(bracketed) > 0 || !bracketed.includes(':'))) return { pattern: bracketed, port: own };
  const [, name, port] = /^([^:[]*(?:\[[^\]]*\][^:[\]]*)*):(\d{1,5})$/.exec(short) ?? [];
  return name === undefined || name === '' || port === undefined ? { pattern, port: null } : { pattern: name, port };
}

/**
 * The hosts named by an inventory pattern: `redis-[01:03]` is redis-01, redis-02 and redis-03; `[a:c]` and a step
 * (`[1:9:2]`) as in Ansible. A name without a range is itself. Null for an invalid range.
 */
export function hostsOfPattern(pattern: string): readonly string[] | null {
  if (pattern.length > LONGEST) return null;
  const match = /^([^[\]]*)\[(\w*):(\w+)(?::(\d+))?\](.*)$/.exec(pattern);
  if (!match) return /[[\]]/.test(pattern) ? null : [pattern];
  const [, before = '', start = '', to = '', step = '1', after = ''] = match;
  // As in Ansible, a range without a start begins at 0.
  const middles = range(start === '' ? '0' : start, to, Number(step));
  const ends = hostsOfPattern(after);
  if (!middles || !ends || middles.length * ends.length > MOST_HOSTS) return null;
  return middles.flatMap((middle) => ends.map((end) => `${before}${middle}${end}`));
}

/** Python’s `string.ascii_letters`. */
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

function range(from: string, to: string, step: number): readonly string[] | null {
  const figures = /^\d{1,9}$/.test(from) && /^\d{1,9}$/.test(to);
  const letters = LETTERS.includes(from) && LETTERS.includes(to) && from.length === 1 && to.length === 1;
  if (!figures && !letters) return null;
  const [first, last] = figures ? [Number(from), Number(to)] : [LETTERS.indexOf(from), LETTERS.indexOf(to)];
  // As in Ansible, a leading zero fixes the width.
  const width = from.startsWith('0') && from.length > 1 ? from.length : 1;
  const count = Math.floor((last - first) / step) + 1;
  if (step < 1 || count < 1 || count > MOST_HOSTS || (width > 1 && to.length !== width)) return null;
  return Array.from({ length: count }, (_, index) => {
    const value = first + index * step;
    return figures ? String(value).padStart(width, '0') : LETTERS.charAt(value);
  });
}
