import { IpNetwork, parseIpNetwork } from './network.ts';
import type { Budget } from '../budget.ts';
import { TemplateMistake } from '../mistake.ts';

/** @throws TemplateMistake */
export function network(text: string): IpNetwork {
  const parsed = parseIpNetwork(text);
  if (!parsed) throw new TemplateMistake('merges something that is no network');
  return parsed;
}

interface Range {
  first: bigint;
  last: bigint;
  /** Null if several were merged. */
  only: IpNetwork | null;
}

/** The smallest list of networks with exactly the same addresses, in order. */
export function mergedNetworks(texts: readonly string[], budget: Budget): readonly IpNetwork[] {
  budget.items(texts.length * 4);
  const all = texts.map(network);
  return ([4, 6] as const).flatMap((version) => {
    const ranges: Range[] = all
      .filter((each) => each.version === version)
      .map((only) => ({ first: only.first, last: only.last, only }))
      .toSorted((a, b) => order(a.last, b.last) || order(a.first, b.first));
    for (let at = ranges.length - 1; at > 0; at -= 1) {
      const [low, high] = [ranges[at - 1], ranges[at]];
      if (!low || !high || high.first - 1n > low.last) continue;
      ranges.splice(at - 1, 2, { first: low.first < high.first ? low.first : high.first, last: high.last, only: null });
    }
    return ranges.flatMap((range) => (range.only ? [range.only] : networksOf(version, range, budget)));
  });
}

function networksOf(version: 4 | 6, { first, last }: Range, budget: Budget): readonly IpNetwork[] {
  const networks: IpNetwork[] = [];
  const width = version === 4 ? 32 : 128;
  for (let from = first; from <= last;) {
    budget.spend(16);
    let prefix = width;
    let next = new IpNetwork(version, from, prefix);
    while (prefix > 0) {
      const wider = new IpNetwork(version, from, prefix - 1);
      if (wider.first !== from || wider.last > last) break;
      next = wider;
      prefix -= 1;
    }
    networks.push(next);
    from = next.last + 1n;
  }
  return networks;
}

/** The smallest network that contains all, as in netaddr. @throws TemplateMistake for networks of both versions. */
export function spanningNetwork(texts: readonly string[], budget: Budget): IpNetwork | null {
  budget.items(texts.length * 4);
  const sorted = texts
    .map(network)
    .toSorted(
      (a, b) =>
        a.version - b.version ||
        order(a.first, b.first) ||
        a.prefix - b.prefix ||
        order(a.value - a.first, b.value - b.first),
    );
  const [lowest, highest] = [sorted[0], sorted.at(-1)];
  if (!lowest || !highest) return null;
  if (sorted.length === 1) return lowest;
  if (lowest.version !== highest.version) throw new TemplateMistake('spans addresses of both versions');
  let [value, prefix] = [highest.last, highest.prefix];
  while (prefix > 0 && value > lowest.first) {
    prefix -= 1;
    value &= -(1n << BigInt(highest.width - prefix));
  }
  return new IpNetwork(highest.version, value, prefix);
}

function order(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
