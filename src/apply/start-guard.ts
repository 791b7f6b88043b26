import type { DesiredNode } from '../domain/desired.ts';
import { RedisopsError } from '../domain/error.ts';
import { stateOf } from './redis-on.ts';
import { runOrFail, type Step } from './step.ts';

/** $1 redis.conf, $2 data directory. Says how the node would start: as a replica, with an AOF, or as an empty master. */
const SCRIPT = `
if grep -Eiqs '^[[:space:]]*(replicaof|slaveof)[[:space:]]' "$1"; then echo replica
elif grep -Eiqs '^[[:space:]]*appendonly[[:space:]]+"?yes' "$1" && ls "$2"/appendonlydir/*.manifest >/dev/null 2>&1; then echo aof
else echo master
fi
`;

/**
 * A stopped master that comes back without its data empties the replicas that still hold it: they attach again and copy
 * the emptiness. Such a start is refused.
 * @throws MASTER_DOWN, or what keeps another node from being read.
 */
export async function guardStart(step: Step): Promise<void> {
  const { node, desired } = step;
  const parameters = [node.redisConf.path, node.dataDirectory];
  const starts = (await runOrFail(step, 'Reading redis.conf', SCRIPT, { parameters })).trim();
  if (starts !== 'master') return;
  const others = desired.nodes.filter((other) => other.name !== node.name);
  await Promise.all(others.map((other) => refuseIfItWouldBeEmptied(other, step)));
}

async function refuseIfItWouldBeEmptied(other: DesiredNode, step: Step): Promise<void> {
  const state = await stateOf(other, step).catch((error: unknown) => {
    if (error instanceof RedisopsError && error.code === 'REDIS_UNREACHABLE') return null;
    throw error;
  });
  const { address, redisPort, name } = step.node;
  const follows = state?.link?.master.host === address && state.link.master.port === redisPort;
  if (!state || !follows || state.keys === 0) return;
  throw new RedisopsError(
    'MASTER_DOWN',
    `${other.name} still holds ${state.keys} keys of ${name}, which would start empty and empty it.`,
    { hint: `Make ${other.name} the master, or bring the data back to ${name} before it starts.` },
  );
}
