import { hostsOf, type DesiredCluster, type ClusterHost } from '../../domain/desired.ts';
import { RedisopsError, asRedisopsError } from '../../domain/error.ts';
import { Info } from '../../domain/replication/info.ts';
import { sameAddress } from '../../domain/replication/address.ts';
import { sameEndpoint, type Endpoint } from '../../domain/replication/endpoint.ts';
import { sentinelAddress, sentinelPassword } from '../../domain/sentinel/access.ts';
import { SENTINEL_PORT } from '../../domain/sentinel/sentinel-file.ts';
import type { Secret } from '../../domain/secret.ts';
import type { SentinelFacts, SentinelProcess, SentinelUp } from '../../domain/sentinel/facts.ts';
import { mastersIn, peersIn, quorumCheckIn, replicasIn, type SentinelMaster } from '../../domain/sentinel/replies.ts';
import type { NodeSession, Nodes, RedisLink, RedisReply } from '../../ports/nodes.ts';
import { placeOf, serverOf } from '../../domain/server/server.ts';
import type { RedisProcess } from '../facts/processes.ts';
import { within } from '../../time/within.ts';
import { readSentinelHost } from './sentinel-host.ts';

const LIMIT_MS = 4000;

/**
 * The Sentinel of a node; null where none runs and none is wanted, so that other clusters cost nothing more.
 * @throws what `NodeSession.run` does.
 */
export async function readSentinel(
  session: NodeSession,
  { node, desired, processes }: { node: ClusterHost; desired: DesiredCluster; processes: readonly RedisProcess[] },
  nodes: Nodes,
): Promise<SentinelFacts | null> {
  const running = runningSentinel(processes, node);
  if (!running && !node.sentinel) return null;
  const port = running?.port ?? node.sentinel?.port ?? SENTINEL_PORT;
  const process = await readProcess(await nodes.connect(sentinelAddress(node, port)), sentinelPassword(node));
  const configFile = process.state === 'up' ? process.configFile : '';
  const usual = placeOf(serverOf(node)).sentinel;
  const place = {
    unit: running?.unit ?? node.sentinel?.unit ?? usual.unit,
    path: configFile || node.sentinel?.file.path || usual.conf,
  };
  const secrets = [desired.password, desired.masterauth, sentinelPassword(node)].filter((each) => each !== undefined);
  const host = await readSentinelHost(session, place, othersOf(process, node, desired), secrets);
  return { port, ...host, process };
}

/** From its title: `/usr/bin/redis-sentinel *:26379 [sentinel]`. The one on Git’s port, or any. */
function runningSentinel(
  processes: readonly RedisProcess[],
  { sentinel }: ClusterHost,
): { port: number; unit: string | null } | null {
  const found = processes.flatMap(({ title, controlGroup, inContainer }) => {
    const port = /:(\d{1,5}) \[sentinel\]/.exec(title)?.[1];
    if (port === undefined || inContainer) return [];
    return [{ port: Number(port), unit: controlGroup.endsWith('.service') ? controlGroup : null }];
  });
  return found.find(({ port }) => port === sentinel?.port) ?? found[0] ?? null;
}

async function readProcess(session: NodeSession, password: Secret | undefined): Promise<SentinelProcess> {
  try {
    const link = await session.redis(password);
    try {
      return await within(LIMIT_MS, ask(link), () => silent(session.node.name));
    } finally {
      link.close();
    }
  } catch (thrown) {
    const { code, message, hint } = asRedisopsError(thrown);
    // Only a refused connection proves that nothing listens.
    if (code === 'REDIS_UNREACHABLE')
      return { state: 'down', reason: `Nothing listens on port ${session.node.redisPort}.` };
    return { state: 'unreadable', code, reason: message, hint };
  }
}

async function ask(link: RedisLink): Promise<SentinelUp> {
  const [info, id, reply] = await Promise.all([
    link.command('INFO').then((text) => new Info(text)),
    link.command('SENTINEL', 'MYID'),
    link.command('SENTINEL', 'MASTERS'),
  ]);
  return {
    state: 'up',
    id: typeof id === 'string' ? id : '',
    version: info.text('redis_version'),
    configFile: info.optionalText('config_file') ?? '',
    processId: info.number('process_id'),
    tilt: info.flag('sentinel_tilt'),
    masters: await Promise.all(mastersIn(reply).map((master) => withMembers(link, master))),
  };
}

async function withMembers(
  link: RedisLink,
  master: Omit<SentinelMaster, 'replicas' | 'peers' | 'quorumCheck'>,
): Promise<SentinelMaster> {
  const of = (command: string): Promise<RedisReply> => link.command('SENTINEL', command, master.name);
  const [replicas, peers, check] = await Promise.all([
    of('REPLICAS').then(replicasIn),
    of('SENTINELS').then(peersIn),
    of('CKQUORUM').then(String, (error: unknown) => asRedisopsError(error).message),
  ]);
  return { ...master, replicas, peers, quorumCheck: quorumCheckIn(check) };
}

/** The Sentinels that Git asks for, and those that this one knows; not itself. */
function othersOf(process: SentinelProcess, node: ClusterHost, desired: DesiredCluster): readonly Endpoint[] {
  const wanted = hostsOf(desired).flatMap(({ name, address, sentinel }): Endpoint[] =>
    sentinel && name !== node.name ? [{ host: address, port: sentinel.port }] : [],
  );
  const known = process.state === 'up' ? process.masters.flatMap(({ peers }) => peers) : [];
  const others = [...wanted, ...known.map(({ host, port }) => ({ host, port }))];
  return others.filter(
    (each, at) =>
      !sameAddress(each.host, node.address) &&
      /^[\w.:-]+$/.test(each.host) &&
      others.findIndex((other) => sameEndpoint(each, other)) === at,
  );
}

function silent(name: string): RedisopsError {
  return new RedisopsError('REDIS_TIMEOUT', `Sentinel on ${name} was not read within ${LIMIT_MS / 1000} s.`, {
    hint: 'Sentinel may hang. Check its log and load.',
  });
}
