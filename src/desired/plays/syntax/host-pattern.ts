import { isIP } from 'node:net';
import type { Inventory } from '../../inventory/inventory.ts';

const LONGEST = 1000;

/** The names of the hosts that a play’s `hosts` means: groups and hosts, `:` and `,`, `!`, `&`, `*`, `[0]`, `[1:]`. */
export function hostsMatching(pattern: string, { members }: Pick<Inventory, 'members'>): ReadonlySet<string> {
  const all = members.get('all') ?? [];
  const parts = partsOf(pattern);
  const found = new Set<string>();
  for (const part of parts.filter((each) => !/^[!&]/.test(each)))
    for (const host of namedBy(part, all, members)) found.add(host);
  for (const part of parts.filter((each) => each.startsWith('&'))) {
    const others = new Set(namedBy(part.slice(1), all, members));
    for (const host of found) if (!others.has(host)) found.delete(host);
  }
  for (const part of parts.filter((each) => each.startsWith('!')))
    for (const host of namedBy(part.slice(1), all, members)) found.delete(host);
  return found;
}

/** Colons in brackets, and those of an IPv6 address, do not separate. */
function partsOf(pattern: string): readonly string[] {
  if (isIP(pattern.trim()) > 0) return [pattern.trim()];
  const separated = pattern.includes(',')
    ? pattern.split(',')
    : (pattern.slice(0, LONGEST).match(/(?:\[[^[\]]*\]|[^:[])+/g) ?? []);
  return separated.map((part) => part.trim()).filter((part) => part !== '');
}

function namedBy(
  part: string,
  all: readonly string[],
  members: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  const [, name = part, from, to] = /^([^[\]]+)\[(-?\d+)(?:[:-](-?\d*))?\]$/.exec(part) ?? [];
  const hosts = plainlyNamed(name, all, members);
  if (from === undefined) return hosts;
  const first = Number(from);
  if (!/[:-]\d*\]$/.test(part.slice(name.length + 1)) || to === undefined)
    return hosts.slice(first, first + 1 || undefined);
  return hosts.slice(first, to === '' ? undefined : Number(to) + 1);
}

function plainlyNamed(
  name: string,
  all: readonly string[],
  members: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  if (name === 'all' || name === '*') return all;
  const group = members.get(name);
  if (group) return group;
  if (!name.includes('*') && !name.includes('?')) return all.filter((host) => host === name);
  const groups = [...members].filter(([each]) => each !== 'all' && isLike(each, name)).flatMap(([, hosts]) => hosts);
  return [...new Set([...groups, ...all.filter((host) => isLike(host, name))])];
}

/** Shell wildcards, without a regular expression that a pull request could make slow. */
function isLike(text: string, pattern: string): boolean {
  let [at, from, star, mark] = [0, 0, -1, 0];
  while (at < text.length) {
    if (pattern[from] === '?' || pattern[from] === text[at]) {
      at += 1;
      from += 1;
    } else if (pattern[from] === '*') {
      star = from;
      mark = at;
      from += 1;
    } else if (star >= 0) {
      from = star + 1;
      mark += 1;
      at = mark;
    } else return false;
  }
  while (pattern[from] === '*') from += 1;
  return from === pattern.length;
}
