import type { DesiredCluster } from '../../domain/desired.ts';
import { ASK_HAPROXY } from '../../domain/entry/ask-haproxy.ts';
import type { ProxyHost } from '../../domain/entry/entry.ts';
import type { ProxyFacts } from '../../domain/entry/facts.ts';
import { SHOW_SERVERS, serversIn, type ProxyServer } from '../../domain/entry/servers.ts';
import { RedisopsError, asRedisopsError } from '../../domain/error.ts';
import { endpointOf } from '../../domain/replication/endpoint.ts';
import type { Nodes } from '../../ports/nodes.ts';
import { within } from '../../time/within.ts';

const LIMIT_MS = 4000;

/** The servers of HAProxy on each host of the entry. Only reads, and never throws. */
export async function readProxies(desired: DesiredCluster, nodes: Nodes): Promise<readonly ProxyFacts[]> {
  const { hosts = [], socket = '' } = desired.entry?.proxies ?? {};
  return Promise.all(hosts.map((host) => readProxy(host, socket, desired, nodes)));
}

async function readProxy(host: ProxyHost, socket: string, desired: DesiredCluster, nodes: Nodes): Promise<ProxyFacts> {
  try {
    const servers = await within(LIMIT_MS, serversOn(host, socket, desired, nodes), silent);
    return { host: host.name, read: true, servers };
  } catch (error) {
    return { host: host.name, read: false, reason: asRedisopsError(error).message };
  }
}

async function serversOn(
  host: ProxyHost,
  socket: string,
  desired: DesiredCluster,
  nodes: Nodes,
): Promise<readonly ProxyServer[]> {
  const session = await nodes.connect({ ...host, redisPort: 0 });
  const talk = await session.talk(ASK_HAPROXY, { parameters: [socket], timeoutMs: LIMIT_MS });
  try {
    const endpoints = new Map(desired.nodes.map((node) => [node.name, endpointOf(node)]));
    return serversIn(await talk.ask(SHOW_SERVERS), endpoints);
  } finally {
    talk.close();
  }
}

function silent(): RedisopsError {
  return new RedisopsError('COMMAND_TIMEOUT', `HAProxy was not read within ${LIMIT_MS / 1000} s.`, {
    hint: 'Check the load of its host.',
  });
}
