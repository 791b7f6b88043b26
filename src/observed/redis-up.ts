import { z } from 'zod';
import { RedisopsError } from '../domain/error.ts';
import type { RedisUnreadable, RedisUp } from '../domain/facts.ts';
import { SECRET_DIRECTIVES } from '../domain/redis/directives.ts';
import { Secret } from '../domain/secret.ts';
import {
  infoNumber,
  infoText,
  parseInfo,
  parseKeyspace,
  parseMasterLink,
  parseReplicas,
  writeRate,
  type Info,
} from './redis-info.ts';
import type { RedisReply } from '../ports/nodes.ts';

/** What Redis answered; an error stands where a reply would. */
export interface RedisReplies {
  info: RedisReply | RedisopsError;
  role: RedisReply | RedisopsError;
  /** CONFIG GET of everything but secrets. */
  configuration: RedisReply | RedisopsError;
  masterauth: RedisReply | RedisopsError;
  /** PUBSUB NUMSUB `__sentinel__:hello`. */
  sentinels: RedisReply | RedisopsError;
  /** AUTH again, with Git’s password; null where Git has none. */
  auth: RedisReply | RedisopsError | null;
}

const OLDEST_MAJOR = 7;

const role = z.tuple([z.enum(['master', 'slave'])]).rest(z.unknown());
const pairs = z.array(z.string());
const subscribers = z.tuple([z.string(), z.number()]);

/** The replies as facts. One that is missing, or makes no sense, makes Redis unreadable: half a reading is none. */
export function redisUp(replies: RedisReplies): RedisUp | RedisUnreadable {
  try {
    return read(replies);
  } catch (error) {
    if (error instanceof RedisopsError) return unreadable(error);
    const why = error instanceof Error ? error.message : String(error);
    return { state: 'unreadable', code: 'REDIS_ERROR', reason: `Redis gave an answer that makes no sense: ${why}` };
  }
}

export function unreadable({ code, message }: RedisopsError): RedisUnreadable {
  return { state: 'unreadable', code, reason: message };
}

function read(replies: RedisReplies): RedisUp | RedisUnreadable {
  const info = parseInfo(z.string().parse(answered(replies.info)));
  const misfit = misfitOf(info);
  if (misfit) return { state: 'unreadable', code: 'REDIS_ERROR', reason: misfit };

  const [, , , linkState] = role.parse(answered(replies.role));
  const configuration = mapOf(answered(replies.configuration));
  const masterauth = mapOf(answered(replies.masterauth)).get('masterauth') ?? '';
  const keyspace = parseKeyspace(info);
  const requiresPassword = asksForPassword(replies.auth);
  const isReplica = infoText(info, 'role') === 'slave';
  return {
    state: 'up',
    version: infoText(info, 'redis_version'),
    runId: infoText(info, 'run_id'),
    processId: infoNumber(info, 'process_id'),
    uptimeSeconds: infoNumber(info, 'uptime_in_seconds'),
    role: isReplica ? 'replica' : 'master',
    replicationId: infoText(info, 'master_replid'),
    replicationId2: infoText(info, 'master_replid2'),
    secondOffset: infoNumber(info, 'second_repl_offset'),
    offset: infoNumber(info, isReplica ? 'slave_repl_offset' : 'master_repl_offset'),
    loading: infoText(info, 'loading') !== '0' || info.get('async_loading') === '1',
    ...(isReplica ? { master: parseMasterLink(info, String(linkState)) } : {}),
    replicas: parseReplicas(info),
    keyspace,
    keys: [...keyspace.values()].reduce((sum, keys) => sum + keys, 0),
    usedMemoryBytes: infoNumber(info, 'used_memory'),
    datasetBytes: infoNumber(info, 'used_memory_dataset'),
    writeBytesPerSecond: writeRate(info),
    connectedClients: infoNumber(info, 'connected_clients'),
    persistence: {
      rdbLastSaveOk: infoText(info, 'rdb_last_bgsave_status') === 'ok',
      rdbSaveInProgress: infoText(info, 'rdb_bgsave_in_progress') === '1',
      aofEnabled: infoText(info, 'aof_enabled') === '1',
      aofLastWriteOk: infoText(info, 'aof_last_write_status') === 'ok',
    },
    syncs: {
      full: infoNumber(info, 'sync_full'),
      partialOk: infoNumber(info, 'sync_partial_ok'),
      partialErr: infoNumber(info, 'sync_partial_err'),
    },
    failoverInProgress: infoText(info, 'master_failover_state') !== 'no-failover',
    configuration: new Map([...configuration].filter(([name]) => !SECRET_DIRECTIVES.has(name))),
    ...(masterauth === '' ? {} : { masterauth: new Secret(masterauth) }),
    requiresPassword,
    acceptsPassword: replies.auth === null || requiresPassword,
    watchedBySentinel: subscribers.parse(answered(replies.sentinels))[1] > 0,
  };
}

/** Why redisops does not deal with this Redis; null where it does. */
function misfitOf(info: Info): string | null {
  const version = infoText(info, 'redis_version');
  const mode = infoText(info, 'redis_mode');
  if (mode !== 'standalone') return `It runs in ${mode} mode, which redisops does not deal with.`;
  if (Number.parseInt(version, 10) < OLDEST_MAJOR)
    return `Redis ${version} is too old: redisops needs ${OLDEST_MAJOR}.0.`;
  return null;
}

/** Redis lets one in without a password, and says so when one is given all the same. */
function asksForPassword(auth: RedisReplies['auth']): boolean {
  if (auth === null) return false;
  if (!(auth instanceof RedisopsError)) return true;
  if (auth.message.includes('without any password configured')) return false;
  throw auth;
}

function answered(reply: RedisReply | RedisopsError): RedisReply {
  if (reply instanceof RedisopsError) throw reply;
  return reply;
}

/** CONFIG GET’s names and values, in turn. */
function mapOf(reply: RedisReply): ReadonlyMap<string, string> {
  const words = pairs.parse(reply);
  return new Map(words.flatMap((word, at): [string, string][] => (at % 2 === 0 ? [[word, words[at + 1] ?? '']] : [])));
}
