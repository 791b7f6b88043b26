import type { RedisUp } from '../../domain/facts.ts';
import type { Risk } from '../../domain/plan.ts';
import { sameValue } from '../../domain/redis/directive-value.ts';
import type { Pair, Roles } from '../roles/topology.ts';
import { isSameServer, namedVersion, ownVersion } from '../../domain/server/version.ts';
import type { RunningMaster } from './candidates.ts';

/** Directives that clients notice on their master. */
const NOTICED = [
  'maxmemory',
  'maxmemory-policy',
  'maxclients',
  'save',
  'appendonly',
  'appendfsync',
  'databases',
  'timeout',
  'min-replicas-to-write',
  'min-replicas-max-lag',
];

/** What clients would find changed on their new master, and what the others would meet there. */
export function comparisonRisks({ pair: from, redis: old }: RunningMaster, to: Pair, roles: Roles): readonly Risk[] {
  const { redis } = to;
  if (!redis) return [];
  const names = { from: from.desired.name, to: to.desired.name };
  const risk = (message: string): Risk => ({ code: null, node: names.to, message });
  return [
    ...differences(old, redis).map((what) => risk(`${names.to} differs from ${names.from}: ${what}.`)),
    ...scarceReplicas(to, redis, roles).map(risk),
    ...unwritable(from),
  ];
}

function differences(old: RedisUp, redis: RedisUp): readonly string[] {
  const directives = NOTICED.flatMap((directive) => {
    const [was, is] = [old, redis].map(({ configuration }) => configuration.get(directive));
    if (was === undefined || is === undefined || sameValue(directive, was, is)) return [];
    return [`${directive} is ${shown(is)}, not ${shown(was)}`];
  });
  const [was, is] = [old, redis].map(isSameServer(old, redis) ? ownVersion : namedVersion);
  const version = was === is ? [] : [`it runs ${is}, not ${was}`];
  const password =
    old.requiresPassword === redis.requiresPassword
      ? []
      : [redis.requiresPassword ? 'it asks for a password' : 'it asks for no password'];
  return [...directives, ...version, ...password, ...aclDifferences(old, redis)];
}

function aclDifferences({ aclUsers: old }: RedisUp, { aclUsers: now }: RedisUp): readonly string[] {
  if (!old || !now) return old || now ? ['its ACL users could not be compared'] : [];
  const rulesOf = (users: typeof old, name: string) => users.find((user) => user.name === name)?.rules;
  const names = [...new Set([...old, ...now].map(({ name }) => name))];
  return names.flatMap((name) => {
    const [was, is] = [rulesOf(old, name), rulesOf(now, name)];
    if (was === is) return [];
    if (is === undefined) return [`it has no ACL user ${name}`];
    return [was === undefined ? `it has an ACL user ${name} more` : `its ACL user ${name} has other rules`];
  });
}

function scarceReplicas({ desired: { name } }: Pair, redis: RedisUp, { pairs }: Roles): readonly string[] {
  const wanted = Number(redis.configuration.get('min-replicas-to-write') ?? 0);
  const there = pairs.filter((pair) => pair.redis).length - 1;
  if (!(wanted > there)) return [];
  return [`${name} would refuse writes: min-replicas-to-write is ${wanted}, and it would have ${there} replicas.`];
}

function unwritable({ desired: { name, dataDirectory }, facts }: Pair): readonly Risk[] {
  if (!facts.reachable || facts.host.dataDirectoryWritable !== false) return [];
  const message = `${name} cannot write ${dataDirectory}: as a replica it could not load a full synchronization. \`apply\` fixes that.`;
  return [{ code: 'DATA_DIRECTORY_READ_ONLY', node: name, message }];
}

function shown(value: string): string {
  return value === '' ? '""' : value;
}
