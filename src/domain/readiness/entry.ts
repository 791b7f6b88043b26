import type { DesiredCluster } from '../desired.ts';
import { entryBackendsOf, proxiesOf, type LeadingBackend } from '../health/entry-overview.ts';
import { checksRole, type ProxyServer } from '../entry/servers.ts';
import type { NodeFacts } from '../facts.ts';
import type { Lack } from '../sentinel/lack.ts';
import { listed } from '../text/listed.ts';

const CHECK = 'option tcp-check, then tcp-check send info\\ replication\\r\\n and tcp-check expect string role:master';

/** Why clients that come through HAProxy would not follow a failover. */
export function entryLacks(
  desired: DesiredCluster,
  observed: readonly NodeFacts[],
  master: string | null,
): readonly Lack[] {
  if (!desired.entry) return [];
  const backends = entryBackendsOf(observed, master);
  return [
    ...backends.flatMap(portOnly),
    ...backends.flatMap((backend) => missing(backend, desired)),
    ...unread(observed),
  ];
}

/** A replica that counts as up gets the clients when the master is gone, whatever its role. */
function portOnly({ host, name, servers }: LeadingBackend): readonly Lack[] {
  if (servers.length < 2 || checksRole(servers)) return [];
  const pinned = servers.filter(({ weight, fullWeight }) => weight === 0 && fullWeight > 0);
  const held =
    pinned.length === 0
      ? ''
      : ` Until then a hand-over holds ${listed(pinned.map(({ node }) => node))} back by weight 0, which a restart of HAProxy forgets.`;
  return [
    {
      code: 'ENTRY_CHECKS_PORT',
      nodes: servers.map(({ node }) => node),
      message: `HAProxy on ${host} (${name}) looks at a port only, not at the role: after a failover it may send writes to a replica.${held}`,
      evidence: servers.map(evidenceOf),
      cure: `Let its health check ask for the role: ${CHECK}.`,
    },
  ];
}

function missing({ host, name, servers }: LeadingBackend, { nodes }: DesiredCluster): readonly Lack[] {
  const without = nodes.map((node) => node.name).filter((node) => !servers.some((server) => server.node === node));
  if (without.length === 0) return [];
  return [
    {
      code: 'ENTRY_SERVER_MISSING',
      nodes: without,
      message: `HAProxy on ${host} (${name}) has no server for ${listed(without)}: clients would not follow a failover there.`,
      evidence: servers.map(evidenceOf),
      cure: 'Add a server for each node to the backend.',
    },
  ];
}

function unread(observed: readonly NodeFacts[]): readonly Lack[] {
  return proxiesOf(observed).flatMap((proxy): readonly Lack[] =>
    proxy.read
      ? []
      : [
          {
            code: 'ENTRY_UNREADABLE',
            nodes: [],
            message: `HAProxy on ${proxy.host} cannot be asked: a hand-over cannot lead its clients along.`,
            evidence: [proxy.reason],
            cure: 'Check `stats socket … level admin` in haproxy.cfg, and `entry: socket` in redisops.yml.',
            isWarning: true,
          },
        ],
  );
}

function evidenceOf({ backend, name, node, isUp, check }: ProxyServer): string {
  return `${backend}/${name} is ${node}: ${isUp ? 'up' : 'down'}, ${check === '' ? 'no check' : check}`;
}
