import { DATA_FILES, loadedFiles, parseDataFiles, type DataFile } from '../../domain/redis/data-file.ts';
import { AS_REDIS } from '../../domain/redis/as-redis.ts';
import type { Endpoint } from '../../domain/replication/endpoint.ts';
import type { Identities, ResolvedNames } from '../../domain/replication/identity.ts';
import { RESOLVE_SCRIPT, namesToResolve, parseResolved } from '../../domain/replication/resolve.ts';
import type { DesiredNode } from '../../domain/desired.ts';
import { RedisopsError } from '../../domain/error.ts';
import { nodeAt, stateOf } from '../node/redis-on.ts';
import type { ReplicationState } from '../node/replication-state.ts';
import { runOrFail, type Step } from '../node/step.ts';
import { sh } from '../../domain/shell.ts';

/**
 * $1 redis.conf, $2 data directory. Prints the master the node would follow, `replica HOST PORT`, and its data files.
 */
const SCRIPT = sh`
${AS_REDIS}
${DATA_FILES}
now=$(date +%s)
as_redis sed -nE 's/^[[:space:]]*(replicaof|slaveof)[[:space:]]+/replica /Ip' -- "$1" | tail -n 1
data_files "$2"
`;

/** What a start would do: the master it would follow, and the data it would load. */
interface Start {
  /** Null for a master. */
  replicaof: Endpoint | null;
  /** Includes the master’s resolved name, if the file has one. */
  identities: Identities;
  files: readonly DataFile[];
}

/** The files a start of the node would read now. */
export async function startOf(step: Step): Promise<Start> {
  const { redisConf, dataDirectory } = step.node;
  const said = await runOrFail(step, 'Reading redis.conf', SCRIPT, { parameters: [redisConf.path, dataDirectory] });
  const [, host, port] = /^replica (\S+)\s+(\d+)/m.exec(said) ?? [];
  const files = loadedFiles(redisConf.content, dataDirectory, parseDataFiles(said));
  if (host === undefined) return { replicaof: null, identities: step.identities, files };
  const identities = step.identities.withResolved(step.node.name, await resolved(host, step));
  return { replicaof: { host, port: Number(port) }, identities, files };
}

async function resolved(host: string, { session }: Step): Promise<ResolvedNames> {
  const names = namesToResolve([host]);
  if (names.length === 0) return new Map();
  return parseResolved((await session.run(RESOLVE_SCRIPT, { parameters: names })).stdout);
}

/**
 * Refuses a start that would lose the only copy of data: a stopped master empties its replicas of anything it does not
 * bring back, because they attach again and copy it; a stopped replica overwrites its own data with its master’s.
 * @throws MASTER_DOWN or REPLICA_HOLDS_DATA, or what reading another node throws.
 */
export async function guardStart(step: Step): Promise<void> {
  if (step.disabledGuards.has('start')) return;
  const { replicaof, identities, files } = await startOf(step);
  if (replicaof) return guardReplicaStart(replicaof, files, { ...step, identities });
  const others = step.desired.nodes.filter((other) => other.name !== step.node.name);
  await Promise.all(others.map((other) => refuseIfItWouldBeEmptied(other, step)));
}

/** A snapshot is smaller than the same data in memory: a master that uses less does not have it all. */
async function guardReplicaStart(master: Endpoint, files: Start['files'], step: Step): Promise<void> {
  if (files.length === 0) return;
  const node = nodeAt(master, step);
  const state = node ? await stateIfRunning(node, step) : null;
  const largest = Math.max(0, ...files.filter(({ path }) => path.endsWith('.rdb')).map(({ bytes }) => bytes));
  if (!node || (state && state.keys > 0 && state.usedMemoryBytes >= largest)) return;
  const has = state ? `holds ${state.keys} keys` : 'does not run';
  throw new RedisopsError(
    'REPLICA_HOLDS_DATA',
    `${step.node.name} has data on disk (${files.map(({ path }) => path).join(', ')}), and its master ${node.name} ${has}: as a replica it would lose them.`,
    { hint: 'If you need that data, start this node as the master. If not, move the files away.' },
  );
}

async function refuseIfItWouldBeEmptied(other: DesiredNode, step: Step): Promise<void> {
  const state = await stateIfRunning(other, step);
  const { name } = step.node;
  if (!state || state.keys === 0 || nodeAt(state.master, step, other.name) !== step.node) return;
  throw new RedisopsError(
    'MASTER_DOWN',
    `${other.name} still holds ${state.keys} keys of ${name}, which may not come back: they would be lost.`,
    { hint: `Make ${other.name} the master, or restore the data on ${name} before it starts.` },
  );
}

async function stateIfRunning(node: DesiredNode, step: Step): Promise<ReplicationState | null> {
  try {
    return await stateOf(node, step);
  } catch (error) {
    if (error instanceof RedisopsError && error.code === 'REDIS_UNREACHABLE') return null;
    throw error;
  }
}
