import type { DesiredCluster, DesiredNode } from '../domain/desired.ts';
import type { NodeFacts, ReachableNode, RedisUp } from '../domain/facts.ts';
import type { Identities } from '../domain/replication/identity.ts';
import { identitiesOf } from '../domain/replication/known-nodes.ts';
import { worst, type Judgement, type Reason, type Verdict } from '../domain/verdict.ts';

/** A replica is asked for a sign of life every 10 s (repl-ping-replica-period), give or take. */
const SILENT_SECONDS = 15;

interface Finding extends Reason {
  verdict: Verdict;
}

/** How the cluster is, from what was read alone. It is as its worst node; unknown ranks worst. */
export function judge(desired: DesiredCluster, observed: readonly NodeFacts[]): Judgement {
  const findings = [
    ...unseen(desired, observed),
    ...observed.flatMap(judgeReading),
    ...(desired.replication ? judgeReplication(desired, observed) : []),
    ...observed.flatMap((facts) => judgeHost(desired, facts)),
  ];
  return {
    verdict: worst(findings.map(({ verdict }) => verdict)),
    reasons: findings.map(({ code, node, message }) => ({ code, node, message })),
  };
}

function unseen({ nodes }: DesiredCluster, observed: readonly NodeFacts[]): readonly Finding[] {
  const seen = new Set(observed.map(({ name }) => name));
  return nodes
    .filter(({ name }) => !seen.has(name))
    .map(({ name }) => ({
      verdict: 'unknown',
      code: 'NODE_UNREACHABLE',
      node: name,
      message: `${name} was not read.`,
    }));
}

function judgeReading(facts: NodeFacts): readonly Finding[] {
  const { name } = facts;
  if (!facts.reachable) return [{ verdict: 'unknown', code: facts.code, node: name, message: facts.reason }];
  if (facts.redis.state === 'unreadable')
    return [{ verdict: 'unknown', code: facts.redis.code, node: name, message: facts.redis.reason }];
  return [];
}

function judgeReplication(desired: DesiredCluster, observed: readonly NodeFacts[]): readonly Finding[] {
  const running = observed.flatMap((facts) =>
    facts.reachable && facts.redis.state === 'up' ? [{ facts, redis: facts.redis }] : [],
  );
  const masters = running.filter(({ redis }) => redis.role === 'master');
  const [master] = masters;
  if (!master)
    return [{ verdict: 'down', code: 'MASTER_UNKNOWN', node: null, message: 'No node is a running master.' }];
  if (masters.length > 1) {
    const names = masters.map(({ facts }) => facts.name).join(', ');
    return [
      {
        verdict: 'degraded',
        code: 'MASTER_AMBIGUOUS',
        node: null,
        message: `More than one node says it is the master: ${names}.`,
      },
    ];
  }
  const identities = identitiesOf(observed);
  const node = desired.nodes.find(({ name }) => name === master.facts.name);
  if (!node) return [];
  return running
    .filter(({ redis }) => redis.role === 'replica')
    .flatMap(({ facts, redis }) => judgeReplica(facts, redis, { node, redis: master.redis }, identities));
}

/** Both ends: the master’s “online” proves nothing. */
function judgeReplica(
  facts: ReachableNode,
  redis: RedisUp,
  { node: masterNode, redis: master }: { node: DesiredNode; redis: RedisUp },
  identities: Identities,
): readonly Finding[] {
  const { name } = facts;
  const degraded = (code: Finding['code'], message: string): Finding => ({
    verdict: 'degraded',
    code,
    node: name,
    message,
  });
  const link = redis.master;
  if (!link || identities.nodeAt(link, name) !== masterNode.name)
    return [
      degraded(
        'REPLICA_LINK_DOWN',
        `${name} follows ${link ? `${link.host}:${link.port}` : 'nobody'}, not ${masterNode.name}.`,
      ),
    ];
  if (!link.up) {
    const how = link.syncInProgress ? 'a synchronisation is under way' : `state ${link.state}`;
    return [degraded('REPLICA_LINK_DOWN', `${name} has no link to ${masterNode.name}: ${how}.`)];
  }
  const seen = identities.listedAs(name, master.replicas, masterNode.name);
  return [
    ...(link.lastIoSeconds !== null && link.lastIoSeconds > SILENT_SECONDS
      ? [degraded('REPLICA_LAGS', `${name} heard nothing from ${masterNode.name} for ${link.lastIoSeconds} s.`)]
      : []),
    ...(seen?.state === 'online'
      ? []
      : [degraded('REPLICA_NOT_SEEN', `${masterNode.name} lists ${name} as ${seen?.state ?? 'not there'}.`)]),
    ...(seen && seen.offset === 0 && master.offset > 0 && (seen.lagSeconds ?? 0) > 1
      ? [degraded('OFFSET_STANDS_STILL', `${masterNode.name} says ${name} is online, but its offset is 0.`)]
      : []),
    ...(redis.replicationId === master.replicationId
      ? []
      : [degraded('REPLICATION_ID_DIFFERS', `${name} has another replication ID than ${masterNode.name}.`)]),
  ];
}

function judgeHost(desired: DesiredCluster, facts: NodeFacts): readonly Finding[] {
  if (!facts.reachable) return [];
  const { name, host, redis } = facts;
  const findings: Finding[] = [];
  const downed = !desired.replication && redis.state === 'down' ? 'down' : 'degraded';
  if (host.unit.activeState !== 'active')
    findings.push({
      verdict: downed,
      code: 'SERVICE_NOT_ACTIVE',
      node: name,
      message: `The unit on ${name} is ${host.unit.activeState} (${host.unit.result || host.unit.subState}).`,
    });
  else if (redis.state === 'down')
    findings.push({
      verdict: downed,
      code: 'REDIS_UNREACHABLE',
      node: name,
      message: `The unit on ${name} is active, but nothing listens on port ${facts.redisPort}.`,
    });
  if (redis.state === 'up' && redis.loading && redis.master?.syncInProgress !== true)
    findings.push({
      verdict: 'degraded',
      code: 'REDIS_UNREADABLE',
      node: name,
      message: `Redis on ${name} is loading its data: it answers nobody till then.`,
    });
  if (redis.state === 'up' && redis.role === 'replica' && host.dataDirectoryWritable === false)
    findings.push({
      verdict: 'degraded',
      code: 'DATA_DIRECTORY_READ_ONLY',
      node: name,
      message: `Redis on ${name} cannot write its data directory: its next full synchronisation fails.`,
    });
  if (redis.state === 'up' && refusesWrites(redis))
    findings.push({
      verdict: 'degraded',
      code: 'WRITES_REFUSED',
      node: name,
      message: `${name} refuses writes: its last save failed, and stop-writes-on-bgsave-error is yes.`,
    });
  if (redis.state === 'up' && refusesAppends(redis))
    findings.push({
      verdict: 'degraded',
      code: 'WRITES_REFUSED',
      node: name,
      message: `${name} refuses writes: it cannot write its append-only file.`,
    });
  return findings;
}

/** Three things together, in the running process: the setting, a save point, and a failed save. */
export function refusesWrites(redis: RedisUp): boolean {
  const { configuration, persistence, role } = redis;
  const savePoints = configuration.get('save') ?? '';
  return (
    role === 'master' &&
    !persistence.rdbLastSaveOk &&
    savePoints !== '' &&
    configuration.get('stop-writes-on-bgsave-error') === 'yes'
  );
}

/** Whatever the other settings: a master that cannot append takes no writes. */
export function refusesAppends({ role, persistence }: RedisUp): boolean {
  return role === 'master' && persistence.aofEnabled && !persistence.aofLastWriteOk;
}
