import type { DesiredCluster, DesiredNode } from '../domain/desired.ts';
import { DIRECTIVES, SECRET_DIRECTIVES } from '../domain/redis/directives.ts';
import { RedisopsError, asRedisopsError } from '../domain/error.ts';
import type { RedisFacts, UnitFacts } from '../domain/facts.ts';
import { isStartLoop } from '../domain/unit/start-loop.ts';
import { askLive } from './ask-live.ts';
import { askForCommands, refusedCommands } from './refused-commands.ts';
import { resolveNames } from './resolve-names.ts';
import { sampleKeys } from './sample-keys.ts';
import { PLANTED, intruderTraces, type PlantedCount } from './intruder-traces.ts';
import { redisUp, unreadable, type RedisReplies } from './redis-up.ts';
import type { NodeSession, RedisLink, RedisReply } from '../ports/nodes.ts';

/** Every directive that CONFIG GET knows and may be shown. Redis ignores unknown names. */
const SHOWN = Object.entries(DIRECTIVES)
  .filter(([name, { default: value }]) => value !== null && !SECRET_DIRECTIVES.has(name))
  .map(([name]) => name);

/** Redis’s own view, in one batch of reads. Never throws. */
export async function readRedis(session: NodeSession, node: DesiredNode, desired: DesiredCluster): Promise<RedisFacts> {
  const link = await session.redis(desired.password).catch(asRedisopsError);
  if (link instanceof RedisopsError) {
    // Only a refused connection proves that nothing listens.
    return link.code === 'REDIS_UNREACHABLE' ? { state: 'down', reason: link.message } : unreadable(link);
  }
  try {
    // Asked at once: each further round trip delays every look.
    const [replies, planted, commands] = await Promise.all([
      repliesOf(link, desired),
      plantedCount(link),
      askForCommands(link),
    ]);
    const redis = redisUp(replies);
    if (redis.state !== 'up') return redis;
    const refuses = refusedCommands(commands, redis.aclUsers);
    const resolving = resolveNames(session, redis);
    const traces = intruderTraces(link, redis, planted);
    const takesLive = await askLive(link, node, redis.configuration);
    const traced = await traces;
    const keyNames = await sampleKeys(link, node, redis, desired);
    return {
      ...redis,
      ...traced,
      resolved: await resolving,
      takesLive,
      refuses,
      ...(keyNames.length > 0 ? { keyNames } : {}),
    };
  } finally {
    link.close();
  }
}

function plantedCount(link: RedisLink): Promise<PlantedCount> {
  return link.command(...PLANTED).catch(asRedisopsError);
}

async function repliesOf(link: RedisLink, { password }: DesiredCluster): Promise<RedisReplies> {
  const ask = (...command: Parameters<RedisLink['command']>): Promise<RedisReply | RedisopsError> =>
    link.command(...command).catch(asRedisopsError);
  const [info, role, configuration, masterauth, sentinels, users, auth] = await Promise.all([
    ask('INFO'),
    ask('ROLE'),
    ask('CONFIG', 'GET', ...SHOWN),
    ask('CONFIG', 'GET', 'masterauth'),
    ask('PUBSUB', 'NUMSUB', '__sentinel__:hello'),
    ask('ACL', 'LIST'),
    password ? ask('AUTH', password) : null,
  ]);
  return { info, role, configuration, masterauth, sentinels, users, auth };
}

/**
 * A free port does not yet mean that Redis is stopped: the unit’s process may listen elsewhere, with data. Its state is
 * then unknown. A process of a start loop was never ready, and is about to end.
 */
export function certainlyDown(redis: RedisFacts, unit: UnitFacts, node: DesiredNode): RedisFacts {
  const { mainPid } = unit;
  if (redis.state !== 'down' || mainPid === 0 || isStartLoop(unit)) return redis;
  const reason = `Process ${mainPid} of ${node.unit} runs, but nothing listens on port ${node.redisPort}.`;
  return { state: 'unreadable', code: 'REDIS_UNREACHABLE', reason };
}
