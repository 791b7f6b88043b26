import { checksRole, inUse, type ProxyServer } from './servers.ts';

/** The nodes of a hand-over. */
export interface Move {
  from: string;
  to: string;
}

/** A backend through which clients reach the master. */
export interface EntryBackend {
  name: string;
  /** Whether its health check looks at the role. */
  byRole: boolean;
}

/**
 * The backends with one server in use, which is one of the two nodes. Others, such as one that spreads reads, are not
 * touched.
 */
export function entryBackends(servers: readonly ProxyServer[], { from, to }: Move): readonly EntryBackend[] {
  const names = [...new Set(servers.map(({ backend }) => backend))];
  return names.flatMap((name) => {
    const backend = of(name, servers);
    const [used, ...others] = inUse(backend);
    const isEntry = used !== undefined && others.length === 0 && [from, to].includes(used.node);
    return isEntry ? [{ name, byRole: checksRole(backend) }] : [];
  });
}

/** Why HAProxy cannot lead clients to the node; null if it can. */
export function obstacleTo(
  entry: readonly EntryBackend[],
  servers: readonly ProxyServer[],
  { to }: Move,
): string | null {
  for (const { name } of entry) {
    const target = of(name, servers).find(({ node }) => node === to);
    if (!target) return `its backend ${name} has no server for ${to}`;
    if (target.isHeld) return `its server ${pathOf(target)} is in maintenance`;
    if (!target.isUp && /^L4(?!OK)/.test(target.check))
      return `its server ${pathOf(target)} does not answer it (${target.check})`;
  }
  return null;
}

/**
 * HAProxy’s runtime commands that lead new connections to the node, and end those to the others; none if they lead
 * there already. A check that looks at the role keeps it so. One that looks at a port only would undo it: then the
 * other servers get no weight, until the role is back where the configuration leads.
 */
export function leadCommands(
  entry: readonly EntryBackend[],
  servers: readonly ProxyServer[],
  { to }: Move,
): readonly string[] {
  return entry.flatMap(({ name, byRole }) => {
    const backend = of(name, servers);
    const target = backend.find(({ node }) => node === to);
    if (!target || target.isHeld) return [];
    const ended = inUse(backend).filter((server) => server !== target);
    return [
      ...(target.isUp ? [] : [`set server ${pathOf(target)} health up`]),
      ...(byRole ? byHealth(backend, target) : byWeight(backend, target)),
      ...ended.map((server) => `shutdown sessions server ${pathOf(server)}`),
    ];
  });
}

/** Whether HAProxy’s own checks agree with where it leads: until then, one that was under way may still turn it. */
export function isSettled(entry: readonly EntryBackend[], servers: readonly ProxyServer[], { to }: Move): boolean {
  return entry.every(({ name, byRole }) => {
    const backend = of(name, servers);
    const used = inUse(backend);
    if (used.length !== 1 || used[0]?.node !== to) return false;
    return !byRole || backend.every(({ node, isHeld, check }) => isHeld || (node === to) === check.startsWith('L7OK'));
  });
}

function byHealth(backend: readonly ProxyServer[], target: ProxyServer): readonly string[] {
  const down = backend.filter((server) => server !== target && server.isUp && !server.isHeld);
  return [...withWeight(backend), ...down.map((server) => `set server ${pathOf(server)} health down`)];
}

function byWeight(backend: readonly ProxyServer[], target: ProxyServer): readonly string[] {
  const natural = inUse(
    backend.map((server) => ({ ...server, weight: server.fullWeight, isUp: server.isUp || server === target })),
  );
  if (natural.length === 1 && natural[0]?.name === target.name) return withWeight(backend);
  const others = backend.filter((server) => server !== target && server.weight > 0 && !server.isHeld);
  return [...withWeight([target]), ...others.map((server) => `set server ${pathOf(server)} weight 0%`)];
}

/** Back to the weight of the configuration. */
function withWeight(servers: readonly ProxyServer[]): readonly string[] {
  const without = servers.filter(({ weight, fullWeight }) => weight === 0 && fullWeight > 0);
  return without.map((server) => `set server ${pathOf(server)} weight 100%`);
}

function of(backend: string, servers: readonly ProxyServer[]): readonly ProxyServer[] {
  return servers.filter((server) => server.backend === backend);
}

function pathOf({ backend, name }: ProxyServer): string {
  return `${backend}/${name}`;
}
