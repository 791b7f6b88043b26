import { z } from 'zod';
import { RedisopsError } from '../domain/error.ts';
import type { RedisUnreadable, RedisUp } from '../domain/facts.ts';
import { aclUsers } from '../domain/redis/acl.ts';
import { settingsIn } from '../domain/redis/config-get.ts';
import { datasetIn, expiringKeysIn } from '../domain/redis/dataset.ts';
import { SECRET_DIRECTIVES } from '../domain/redis/directives.ts';
import { modulesIn } from '../domain/traces/modules.ts';
import { Info } from '../domain/replication/info.ts';
import { replicationView } from '../domain/replication/view.ts';
import { Secret } from '../domain/secret.ts';
import { OLDEST_MAJOR } from '../domain/server/oldest.ts';
import { writeRate } from './write-rate.ts';
import type { RedisReply } from '../ports/nodes.ts';

/** Redis’s replies, or errors in their place. */
export interface RedisReplies {
  info: RedisReply | RedisopsError;
  role: RedisReply | RedisopsError;
  /** CONFIG GET of everything except secrets. */
  configuration: RedisReply | RedisopsError;
  masterauth: RedisReply | RedisopsError;
  /** PUBSUB NUMSUB `__sentinel__:hello`. */
  sentinels: RedisReply | RedisopsError;
  /** ACL LIST. */
  users: RedisReply | RedisopsError;
  /** AUTH again, with Git’s password; null without one. */
  auth: RedisReply | RedisopsError | null;
}

const subscribers = z.tuple([z.string(), z.number()]);

/** Parses the replies. If one is missing or invalid, Redis counts as unreadable: half a reading is none. */
export function redisUp(replies: RedisReplies): RedisUp | RedisUnreadable {
  try {
    return read(replies);
  } catch (error) {
    if (error instanceof RedisopsError) return unreadable(error);
    const why = error instanceof Error ? error.message : String(error);
    return { state: 'unreadable', code: 'REDIS_ERROR', reason: `Redis sent a reply that makes no sense: ${why}` };
  }
}

export function unreadable({ code, message, hint }: RedisopsError): RedisUnreadable {
  return { state: 'unreadable', code, reason: message, hint };
}

function read(replies: RedisReplies): RedisUp | RedisUnreadable {
  const said = answered(replies.info);
  const info = new Info(said);
  const misfit = misfitOf(info);
  if (misfit) return { state: 'unreadable', code: 'REDIS_ERROR', reason: misfit };

  const view = replicationView(info, answered(replies.role));
  const configuration = settingsIn(answered(replies.configuration));
  const masterauth = settingsIn(answered(replies.masterauth)).get('masterauth') ?? '';
  const requiresPassword = asksForPassword(replies.auth);
  return {
    ...view,
    ...datasetIn(info),
    state: 'up',
    version: info.text('redis_version'),
    ...valkeyVersionOf(info),
    configFile: info.optionalText('config_file') ?? '',
    runId: info.text('run_id'),
    processId: info.number('process_id'),
    writeBytesPerSecond: writeRate(info, view.replicas),
    persistence: {
      rdbLastSaveOk: info.text('rdb_last_bgsave_status') === 'ok',
      rdbSaveInProgress: info.flag('rdb_bgsave_in_progress'),
      aofEnabled: info.flag('aof_enabled'),
      aofLastWriteOk: info.text('aof_last_write_status') === 'ok',
    },
    syncs: {
      full: info.number('sync_full'),
      partialOk: info.number('sync_partial_ok'),
      partialErr: info.number('sync_partial_err'),
    },
    // The names are known only from these replies: the node resolves them afterwards.
    resolved: new Map(),
    ...writability(info),
    ...modulesOf(said),
    ...usersOf(replies.users),
    failoverInProgress: info.text('master_failover_state') !== 'no-failover',
    configuration: new Map([...configuration].filter(([name]) => !SECRET_DIRECTIVES.has(name))),
    ...(masterauth === '' ? {} : { masterauth: new Secret(masterauth) }),
    requiresPassword,
    watchedBySentinel: subscribers.parse(answered(replies.sentinels))[1] > 0,
  };
}

function modulesOf(info: RedisReply): Pick<RedisUp, 'modules'> {
  const modules = typeof info === 'string' ? modulesIn(info) : [];
  return modules.length > 0 ? { modules } : {};
}

/** Without them a plan cannot tell which users it would remove. */
function usersOf(reply: RedisReply | RedisopsError): Pick<RedisUp, 'aclUsers'> {
  const lines = z.array(z.string()).safeParse(reply);
  return lines.success ? { aclUsers: aclUsers(lines.data) } : {};
}

function valkeyVersionOf(info: Info): Pick<RedisUp, 'valkeyVersion'> {
  const valkeyVersion = info.optionalText('valkey_version');
  return valkeyVersion === null ? {} : { valkeyVersion };
}

/** What decides whether a master takes writes. */
function writability(info: Info): Pick<RedisUp, 'countedMemoryBytes' | 'expiringKeys' | 'goodReplicas'> {
  const uncounted = info.optionalNumber('mem_not_counted_for_evict');
  const goodReplicas = info.optionalNumber('min_slaves_good_slaves');
  return {
    ...(uncounted === null ? {} : { countedMemoryBytes: info.number('used_memory') - uncounted }),
    expiringKeys: expiringKeysIn(info),
    ...(goodReplicas === null ? {} : { goodReplicas }),
  };
}

/** Why redisops does not support this Redis; null if it does. */
function misfitOf(info: Info): string | null {
  const version = info.text('redis_version');
  const mode = info.text('redis_mode');
  if (mode !== 'standalone') return `It runs in ${mode} mode, which redisops does not deal with.`;
  if (Number.parseInt(version, 10) < OLDEST_MAJOR)
    return `Redis ${version} is too old: redisops needs ${OLDEST_MAJOR}.0.`;
  return null;
}

/** Without a password Redis grants access, and says so when given one. */
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
