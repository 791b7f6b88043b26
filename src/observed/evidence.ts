import { placeOf, serverOf } from '../domain/server/server.ts';
import { randomBytes } from 'node:crypto';
import { secretsOf, type DesiredCluster, type DesiredNode } from '../domain/desired.ts';
import { RedisopsError, asRedisopsError } from '../domain/error.ts';
import { aclUsers } from '../domain/redis/acl.ts';
import { AS_REDIS } from '../domain/redis/as-redis.ts';
import { SECRET_DIRECTIVES } from '../domain/redis/directives.ts';
import { maskSecrets, type Secret } from '../domain/secret.ts';
import { sh } from '../domain/shell.ts';
import type { NodeSession, RedisLink, RedisReply } from '../ports/nodes.ts';
import { desiredLog, sectionsOf } from './host-script.ts';

/** What a node shows of an intrusion: each part as its command printed it, by the command’s name. */
export interface NodeEvidence {
  redis: Readonly<Record<string, unknown>>;
  host: Readonly<Record<string, string>>;
}

const LIMIT_MS = 60_000;

/** Of each part, at most as much: an intruder can make any of them long. Bytes. */
const PART = 262_144;

const QUESTIONS: readonly (readonly [string, ...string[]])[] = [
  ['INFO', 'everything'],
  ['ROLE'],
  ['CLIENT', 'LIST'],
  ['SLOWLOG', 'GET', '128'],
  ['ACL', 'LOG'],
  ['MODULE', 'LIST'],
  ['FUNCTION', 'LIST'],
];

/**
 * $1 a marker, $2 unit, $3 log, $4 redis.conf, then data folders. Reads only. What Redis’s user owns is read as that
 * user; from root’s folders, the files by which an intruder stays.
 */
const SCRIPT = sh`
export LC_ALL=C
marker=$1 unit=$2 log=$3 conf=$4
shift 4
${AS_REDIS}
part() {
  printf '\n%s %s\n' "$marker" "$1"
  shift
  timeout 10 "$@" 2>&1 | head -c ${PART}
}
part_as_redis() {
  printf '\n%s %s\n' "$marker" "$1"
  shift
  as_redis timeout 10 "$@" | head -c ${PART}
}
part time date --iso-8601=seconds
part unit systemctl show "$unit"
part unit-file systemctl cat "$unit"
part journal journalctl --quiet --no-pager --unit="$unit" --lines=1000 --output=short-iso
part processes ps -e -o pid,ppid,user,lstart,args
part sockets ss -tunap
part cron-files find /etc/crontab /etc/cron.d /var/spool/cron /etc/ld.so.preload /root/.ssh -xdev -type f -printf '%TY-%Tm-%Td %TT %u:%g %m %s %p\n'
part cron-content find /etc/crontab /etc/cron.d /var/spool/cron /etc/ld.so.preload -xdev -type f -exec head -v -c 4096 -- '{}' +
part logins last -n 50
for folder; do
  part_as_redis "files $folder" find "$folder" -xdev -maxdepth 3 -printf '%TY-%Tm-%Td %TT %y %u:%g %m %s %p -> %l\n'
done
part_as_redis log tail --bytes=131072 -- "$log"
part_as_redis redis.conf-sha256 sha256sum -- "$conf"
printf '\n%s end\n' "$marker"
`;

/** Reads the evidence. Secrets of the cluster are masked. @throws what a broken connection throws; COMMAND_FAILED. */
export async function evidenceOn(
  session: NodeSession,
  node: DesiredNode,
  desired: DesiredCluster,
): Promise<NodeEvidence> {
  const secrets = secretsOf(desired);
  const [host, redis] = await Promise.all([ofHost(session, node, secrets), ofRedis(session, desired, secrets)]);
  return { redis, host };
}

async function ofHost(
  session: NodeSession,
  node: DesiredNode,
  secrets: readonly Secret[],
): Promise<NodeEvidence['host']> {
  const marker = randomBytes(16).toString('hex');
  const { unit, redisConf, dataDirectory } = node;
  const place = placeOf(serverOf(node));
  const folders = [...new Set([dataDirectory, place.dataFolder, place.confFolder])];
  const parameters = [marker, unit, desiredLog(node), redisConf.path, ...folders];
  const { stdout } = await session.run(SCRIPT, { parameters, timeoutMs: LIMIT_MS });
  const sections = [...sectionsOf(stdout, marker)].filter(([name]) => name !== 'end');
  return Object.fromEntries(sections.map(([name, text]) => [name, maskSecrets(text, secrets)]));
}

/** A Redis that gives no answer is evidence too. */
async function ofRedis(
  session: NodeSession,
  { password }: DesiredCluster,
  secrets: readonly Secret[],
): Promise<NodeEvidence['redis']> {
  const link = await session.redis(password).catch(asRedisopsError);
  if (link instanceof RedisopsError) return { unread: link.message };
  try {
    const answers = QUESTIONS.map(async (words) => [words.join(' '), await answered(link, words, secrets)] as const);
    const users = link.command('ACL', 'LIST').then(aclText, said);
    const settings = link.command('CONFIG', 'GET', '*').then(settingsText, said);
    const all = await Promise.all(answers);
    return { ...Object.fromEntries(all), 'ACL LIST': await users, 'CONFIG GET *': await settings };
  } finally {
    link.close();
  }
}

async function answered(
  link: RedisLink,
  words: readonly [string, ...string[]],
  secrets: readonly Secret[],
): Promise<unknown> {
  const reply = await link.command(...words).then(textOf, said);
  return maskSecrets(reply.slice(0, PART), secrets);
}

function textOf(reply: RedisReply): string {
  return typeof reply === 'string' ? reply : JSON.stringify(reply);
}

function said(error: unknown): string {
  return asRedisopsError(error).message;
}

function aclText(reply: RedisReply): unknown {
  return Array.isArray(reply) ? aclUsers(reply.map(String)) : textOf(reply);
}

function settingsText(reply: RedisReply): unknown {
  const words = Array.isArray(reply) ? reply.map(String) : [];
  const pairs = words.flatMap((name, at) => (at % 2 === 0 ? [[name, words[at + 1] ?? ''] as const] : []));
  return Object.fromEntries(pairs.filter(([name]) => !SECRET_DIRECTIVES.has(name)));
}
