import { secretsOf, type DesiredCluster, type DesiredNode } from '../domain/desired.ts';
import { RedisopsError, asRedisopsError, withoutSecrets } from '../domain/error.ts';
import type { NodeFacts, HostFacts, ReachableNode } from '../domain/facts.ts';
import { readHost, readLog, writableBy, type HostReading } from './host-facts.ts';
import { askedToAnnounce } from '../domain/known-nodes.ts';
import { certainlyDown, readRedis } from './read-redis.ts';
import { unreadable } from './redis-up.ts';
import { readSentinel } from './sentinel/read-sentinel.ts';
import { entryFrom } from './entry/ask-entry.ts';
import { readProxies } from './entry/read-proxies.ts';
import { within } from '../time/within.ts';
import type { NodeSession, Nodes } from '../ports/nodes.ts';

/** Milliseconds: a silent node is given up and does not delay the others. */
const NODE_LIMIT_MS = 8000;
const SCRIPT_LIMIT_MS = 6000;
const REDIS_LIMIT_MS = 6000;
const LOG_LIMIT_MS = 1500;

/** Reads all nodes in parallel, in the inventory’s order. Reads only, and never throws: an unreadable node says why. */
export async function observe(desired: DesiredCluster, nodes: Nodes): Promise<readonly NodeFacts[]> {
  const proxies = readProxies(desired, nodes);
  return Promise.all(
    desired.nodes.map(async (node) => {
      const [facts, answers] = await Promise.all([observeOne(desired, node, nodes), entryFrom(node, desired, nodes)]);
      if (!desired.entry || !facts.reachable) return facts;
      return { ...facts, entry: { answers, proxies: await proxies } };
    }),
  );
}

async function observeOne(desired: DesiredCluster, node: DesiredNode, nodes: Nodes): Promise<NodeFacts> {
  const { name, address, redisPort } = node;
  const ofNode = { name, address, redisPort, asked: askedToAnnounce(node) };
  try {
    const reading = readNode(desired, node, nodes);
    return { ...ofNode, reachable: true, ...(await within(NODE_LIMIT_MS, reading, () => silent(node))) };
  } catch (thrown) {
    const { code, message, hint } = withoutSecrets(asRedisopsError(thrown), secretsOf(desired));
    return { ...ofNode, reachable: false, code, reason: message, hint };
  }
}

type Reading = Pick<ReachableNode, 'host' | 'redis' | 'sentinel'>;

async function readNode(desired: DesiredCluster, node: DesiredNode, nodes: Nodes): Promise<Reading> {
  const session = await nodes.connect(node);
  try {
    return await readSession(desired, node, session, nodes);
  } catch (error) {
    // A kept connection may have died while idle: that says nothing about the node.
    if (!(error instanceof RedisopsError) || error.code !== 'SSH_UNREACHABLE') throw error;
    return readSession(desired, node, await nodes.connect(node), nodes);
  }
}

async function readSession(
  desired: DesiredCluster,
  node: DesiredNode,
  session: NodeSession,
  nodes: Nodes,
): Promise<Reading> {
  const host = readHost(session, node, desired, SCRIPT_LIMIT_MS);
  const watching = host.then(({ processes }) => readSentinel(session, { node, desired, processes }, nodes));
  const [reading, sentinel, answer] = await Promise.all([
    host,
    watching.then((facts) => (facts ? { sentinel: facts } : {})),
    within(REDIS_LIMIT_MS, readRedis(session, node, desired), () => mute(node)).catch((error) =>
      unreadable(asRedisopsError(error)),
    ),
  ]);
  const redis = certainlyDown(answer, reading.facts.unit, node);
  if (redis.state !== 'up') return { host: reading.facts, redis, ...sentinel };
  return {
    host: {
      ...reading.facts,
      // For the process that answers, which may not be the unit’s.
      dataDirectoryWritable: writableBy(reading.processes, redis.processId),
      log: await logOf(redis.configuration.get('logfile'), reading, { session, node, desired }),
    },
    redis: { ...redis, configuration: inGitsWords(redis.configuration, reading.facts, node) },
    ...sentinel,
  };
}

/** Redis reports `dir` with links resolved (getcwd): uses Git’s name for the same folder. */
function inGitsWords(
  configuration: ReadonlyMap<string, string>,
  { files }: HostFacts,
  { dataDirectory }: DesiredNode,
): ReadonlyMap<string, string> {
  const folder = files.get(dataDirectory);
  const isSame = folder?.exists === true && configuration.get('dir') === folder.realPath;
  return isSame ? new Map([...configuration, ['dir', dataDirectory]]) : configuration;
}

/** Reads the log where the running Redis writes it, if Git says otherwise. */
async function logOf(
  logFile: string | undefined,
  reading: HostReading,
  { session, node, desired }: { session: NodeSession; node: DesiredNode; desired: DesiredCluster },
): Promise<readonly string[]> {
  if (logFile === undefined || logFile === reading.logFile) return reading.facts.log;
  const elsewhere = readLog(session, node, desired, logFile, LOG_LIMIT_MS);
  return elsewhere.catch(() => reading.facts.log);
}

function mute({ name }: DesiredNode): RedisopsError {
  return new RedisopsError('REDIS_TIMEOUT', `Redis on ${name} was not read within ${REDIS_LIMIT_MS / 1000} s.`, {
    hint: 'Redis may hang. Check its log and load.',
  });
}

function silent({ name }: DesiredNode): RedisopsError {
  return new RedisopsError('SSH_TIMEOUT', `${name} was not read within ${NODE_LIMIT_MS / 1000} s.`, {
    hint: 'The node may hang. Check its load, disks and journal.',
  });
}
