import { secretsOf, type DesiredCluster, type SentinelHost } from '../../domain/desired.ts';
import { RedisopsError, asRedisopsError, withoutSecrets } from '../../domain/error.ts';
import type { SentinelHostFacts } from '../../domain/sentinel/facts.ts';
import type { Nodes } from '../../ports/nodes.ts';
import { within } from '../../time/within.ts';
import { readSentinel } from './read-sentinel.ts';

const LIMIT_MS = 8000;

/** The hosts that run Sentinel and no Redis, with what is there. Reads only, and never throws: an unreadable one says why. */
export async function observeSentinelHosts(desired: DesiredCluster, nodes: Nodes): Promise<readonly SentinelHost[]> {
  const hosts = desired.sentinelHosts ?? [];
  return Promise.all(hosts.map(async (host) => ({ ...host, facts: await factsOf(host, desired, nodes) })));
}

async function factsOf(host: SentinelHost, desired: DesiredCluster, nodes: Nodes): Promise<SentinelHostFacts> {
  try {
    return await within(LIMIT_MS, readHost(host, desired, nodes), () => silent(host));
  } catch (thrown) {
    const { code, message, hint } = withoutSecrets(asRedisopsError(thrown), secretsOf(desired));
    return { reachable: false, code, reason: message, hint };
  }
}

async function readHost(host: SentinelHost, desired: DesiredCluster, nodes: Nodes): Promise<SentinelHostFacts> {
  const reading = async () => readSentinel(await nodes.connect(host), { node: host, desired, processes: [] }, nodes);
  // A kept connection may have died while idle: that says nothing about the host.
  const sentinel = await reading().catch((error: unknown) => {
    if (error instanceof RedisopsError && error.code === 'SSH_UNREACHABLE') return reading();
    throw error;
  });
  if (sentinel) return { reachable: true, sentinel };
  throw silent(host);
}

function silent({ name }: SentinelHost): RedisopsError {
  return new RedisopsError('SSH_TIMEOUT', `${name} was not read within ${LIMIT_MS / 1000} s.`, {
    hint: 'The host may hang. Check its load, disks and journal.',
  });
}
