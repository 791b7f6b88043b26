import type { DesiredCluster } from '../desired.ts';
import type { NodeFacts, ReachableNode } from '../facts.ts';
import { spelled } from '../entry/entry.ts';
import type { EntryAnswer, EntryFacts } from '../entry/facts.ts';
import { checksRole, inUse, type ProxyServer } from '../entry/servers.ts';

/** The entry in `status --json`. */
export interface EntryOverview {
  addresses: readonly { address: string; nodes: readonly string[]; reachable: boolean }[];
  /** What HAProxy’s health check looks at; `unknown` where it could not be asked. */
  check: 'role' | 'port' | 'unknown';
}

/** Which nodes answer at each address, and what the health check looks at. Null where Git names no entry. */
export function entryOverview({ entry }: DesiredCluster, observed: readonly NodeFacts[]): EntryOverview | null {
  if (!entry) return null;
  const answers = observed.flatMap((facts) => entryOf(facts)?.answers ?? []);
  return {
    addresses: entry.addresses.map((at) => {
      const address = spelled(at);
      const here = answers.filter((answer) => spelled(answer.at) === address);
      const nodes = here.flatMap((answer) => answeredBy(answer, observed) ?? []);
      return { address, nodes: [...new Set(nodes)], reachable: here.some(({ answers: isUp }) => isUp) };
    }),
    check: checkOf(observed),
  };
}

function checkOf(observed: readonly NodeFacts[]): EntryOverview['check'] {
  const backends = entryBackendsOf(observed, masterOf(observed));
  if (backends.length === 0) return 'unknown';
  return backends.every(({ servers }) => checksRole(servers)) ? 'role' : 'port';
}

/** A backend of HAProxy that leads to the master alone. */
export interface LeadingBackend {
  host: string;
  name: string;
  servers: readonly ProxyServer[];
}

export function entryBackendsOf(observed: readonly NodeFacts[], master: string | null): readonly LeadingBackend[] {
  return proxiesOf(observed).flatMap((proxy) => {
    if (!proxy.read) return [];
    const names = [...new Set(proxy.servers.map(({ backend }) => backend))];
    return names.flatMap((name) => {
      const servers = proxy.servers.filter(({ backend }) => backend === name);
      const used = inUse(servers);
      return used.length === 1 && used[0]?.node === master ? [{ host: proxy.host, name, servers }] : [];
    });
  });
}

/** As the first node that was read has it: each look asks HAProxy once. */
export function proxiesOf(observed: readonly NodeFacts[]): EntryFacts['proxies'] {
  return observed.map(entryOf).find((entry) => entry !== null)?.proxies ?? [];
}

/** The node behind an answer; null for a Redis outside the cluster, or for none. */
export function answeredBy(answer: EntryAnswer, observed: readonly NodeFacts[]): string | null {
  if (!answer.answers) return null;
  return running(observed).find(({ redis }) => redis.state === 'up' && redis.runId === answer.runId)?.name ?? null;
}

export function entryOf(facts: NodeFacts): EntryFacts | null {
  return facts.reachable ? (facts.entry ?? null) : null;
}

/** The only node that says it is the master. */
export function masterOf(observed: readonly NodeFacts[]): string | null {
  const masters = running(observed).filter(({ redis }) => redis.state === 'up' && redis.role === 'master');
  return masters.length === 1 ? (masters[0]?.name ?? null) : null;
}

function running(observed: readonly NodeFacts[]): readonly ReachableNode[] {
  return observed.filter((facts) => facts.reachable);
}
