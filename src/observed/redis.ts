import { z } from 'zod';
import type { DesiredNode } from '../domain/desired.ts';
import { SECRET_DIRECTIVES, directiveInfo } from '../domain/directives.ts';
import { RedisopsError, asRedisopsError } from '../domain/error.ts';
import type { RedisFacts, RedisUp } from '../domain/facts.ts';
import { directivesOf } from '../domain/redis-conf.ts';
import { Secret } from '../domain/secret.ts';
import type { NodeSession, RedisLink } from '../ports.ts';
import { parseInfo, parseKeyspace, parseMasterLink, parseReplicas } from './redis-info.ts';

/** Read whether or not Git speaks of them: rules and reports need them. */
const ALWAYS_READ = [
  'save',
  'appendonly',
  'dir',
  'dbfilename',
  'logfile',
  'databases',
  'maxmemory',
  'maxmemory-policy',
  'min-replicas-to-write',
  'stop-writes-on-bgsave-error',
  'replica-read-only',
  'replica-serve-stale-data',
  'repl-diskless-sync',
  'repl-diskless-load',
  'repl-backlog-size',
];

const SENTINEL_CHANNEL = '__sentinel__:hello';

/** Reads a node’s Redis in one batch. Nothing listening, and listening but not readable, are told apart. Never throws. */
export async function observeRedis(
  session: NodeSession,
  node: DesiredNode,
  password: Secret | undefined,
  also: readonly string[],
): Promise<RedisFacts> {
  try {
    const link = await session.redis(password);
    try {
      return await readRedis(link, node, password, also);
    } finally {
      link.close();
    }
  } catch (thrown) {
    const { code, message } = asRedisopsError(thrown);
    if (code === 'REDIS_UNREACHABLE') return { state: 'down', reason: message };
    return { state: 'unreadable', code, reason: message };
  }
}

const pairs = z.array(z.string()).transform((flat) => {
  const found = new Map<string, string>();
  for (let at = 0; at + 1 < flat.length; at += 2) found.set(flat[at] ?? '', flat[at + 1] ?? '');
  return found;
});
const role = z.tuple([z.string()]).rest(z.unknown());
const subscribers = z.tuple([z.string(), z.coerce.number()]);

async function readRedis(
  link: RedisLink,
  node: DesiredNode,
  password: Secret | undefined,
  also: readonly string[],
): Promise<RedisUp> {
  const names = directivesToRead(node, also);
  const [infoReply, roleReply, configReply, secretReply, channelReply] = await Promise.all([
    link.command('INFO', 'server', 'clients', 'memory', 'persistence', 'stats', 'replication', 'keyspace'),
    link.command('ROLE'),
    link.command('CONFIG', 'GET', ...names),
    link.command('CONFIG', 'GET', 'requirepass', 'masterauth'),
    link.command('PUBSUB', 'NUMSUB', SENTINEL_CHANNEL),
  ]);
  const info = parseInfo(z.string().parse(infoReply));
  const [roleWord, , , roleState] = role.parse(roleReply);
  const secrets = pairs.parse(secretReply);
  return {
    ...upFacts(info, roleWord, String(roleState ?? '')),
    ...secretFacts(secrets, password),
    configuration: pairs.parse(configReply),
    watchedBySentinel: subscribers.parse(channelReply)[1] > 0,
  };
}

function directivesToRead(node: DesiredNode, also: readonly string[]): readonly string[] {
  const wanted = directivesOf(node.redisConf.content).map(({ name }) => name);
  const readable = [...ALWAYS_READ, ...wanted, ...also].filter(
    (name) => !SECRET_DIRECTIVES.has(name) && (directiveInfo(name)?.default ?? null) !== null,
  );
  return [...new Set(readable)];
}

function secretFacts(secrets: ReadonlyMap<string, string>, password: Secret | undefined) {
  const requirepass = secrets.get('requirepass') ?? '';
  const masterauth = secrets.get('masterauth') ?? '';
  return {
    requiresPassword: requirepass !== '',
    acceptsPassword: requirepass === (password?.reveal() ?? ''),
    ...(masterauth === '' ? {} : { masterauth: new Secret(masterauth) }),
  };
}

function upFacts(
  info: ReadonlyMap<string, string>,
  roleWord: string,
  roleState: string,
): Omit<RedisUp, 'requiresPassword' | 'acceptsPassword' | 'masterauth' | 'configuration' | 'watchedBySentinel'> {
  const word = (name: string): string => {
    const value = info.get(name);
    if (value === undefined) throw unreadable(name);
    return value;
  };
  const number = (name: string): number => Number(word(name));
  const isReplica = roleWord === 'slave';
  const keyspace = parseKeyspace(info);
  return {
    state: 'up',
    version: word('redis_version'),
    runId: word('run_id'),
    processId: number('process_id'),
    uptimeSeconds: number('uptime_in_seconds'),
    role: isReplica ? 'replica' : 'master',
    replicationId: word('master_replid'),
    replicationId2: word('master_replid2'),
    offset: Number(
      isReplica ? (info.get('slave_repl_offset') ?? word('master_repl_offset')) : word('master_repl_offset'),
    ),
    loading: word('loading') !== '0',
    ...(isReplica ? { master: parseMasterLink(info, roleState) } : {}),
    replicas: parseReplicas(info),
    keyspace,
    keys: [...keyspace.values()].reduce((sum, keys) => sum + keys, 0),
    usedMemoryBytes: number('used_memory'),
    connectedClients: number('connected_clients'),
    persistence: {
      rdbLastSaveOk: word('rdb_last_bgsave_status') === 'ok',
      rdbSaveInProgress: word('rdb_bgsave_in_progress') !== '0',
      aofEnabled: word('aof_enabled') !== '0',
      aofLastWriteOk: word('aof_last_write_status') === 'ok',
    },
    syncs: { full: number('sync_full'), partialOk: number('sync_partial_ok'), partialErr: number('sync_partial_err') },
    failoverInProgress: (info.get('master_failover_state') ?? 'no-failover') !== 'no-failover',
  };
}

function unreadable(name: string): RedisopsError {
  return new RedisopsError('REDIS_ERROR', `INFO does not say ${name}: redisops reads Redis 7.`, {
    hint: 'Debian 12 has Redis 7.0.',
  });
}
