import type { DesiredCluster } from '../domain/desired.ts';
import type { NodeFacts, ReachableNode } from '../domain/facts.ts';
import { suspicionsIn } from '../domain/intrusion/suspicion.ts';
import { suspicionText, UNTOUCHED } from '../domain/intrusion/words.ts';
import { silenceLimit } from '../domain/replication/in-sync.ts';
import { membersOf } from '../domain/members.ts';
import { masterless, severalMasters } from '../domain/replication/no-one-master.ts';
import { entryFaults } from '../domain/health/entry-faults.ts';
import { incidentFaults, type Incident } from '../domain/health/last-look.ts';
import { lostPersistence } from '../domain/health/lost-persistence.ts';
import { refusedWrites } from '../domain/health/refused-writes.ts';
import { loadingFaults, masterFaults, replicaFaults } from '../domain/replication/reasons.ts';
import { redisElsewhere } from '../domain/health/redis-elsewhere.ts';
import { commandMisfits, runningMisfits, type Misfit } from '../domain/unit/as-asked.ts';
import { identitiesOf } from '../domain/known-nodes.ts';
import { isStartLoop, startLoop } from '../domain/unit/start-loop.ts';
import { judgementOf, type Fault, type Judgement } from '../domain/verdict.ts';

/** The cluster’s state, from facts alone. It is as healthy as its worst node; unknown ranks worst. */
export function judge(
  desired: DesiredCluster,
  observed: readonly NodeFacts[],
  incidents: readonly Incident[] = [],
): Judgement {
  const faults = [
    ...suspected(desired, observed),
    ...unseen(desired, observed),
    ...observed.flatMap(judgeReading),
    ...(desired.replication ? judgeReplication(desired, observed) : []),
    ...observed.flatMap((facts) => judgeHost(desired, facts)),
    ...entryFaults(desired, observed),
    ...lostPersistence(desired, observed),
    ...incidentFaults(incidents),
  ];
  return judgementOf(faults);
}

function suspected(desired: DesiredCluster, observed: readonly NodeFacts[]): readonly Fault[] {
  return suspicionsIn(desired, observed).map((suspicion) => ({
    verdict: 'degraded',
    code: 'INTRUSION_SUSPECTED',
    node: suspicion.node,
    message: suspicionText(suspicion),
    hint: UNTOUCHED,
  }));
}

function unseen({ nodes }: DesiredCluster, observed: readonly NodeFacts[]): readonly Fault[] {
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

function judgeReading(facts: NodeFacts): readonly Fault[] {
  const { name } = facts;
  if (!facts.reachable) return [{ verdict: 'unknown', code: facts.code, node: name, message: facts.reason }];
  if (facts.redis.state === 'unreadable')
    return [{ verdict: 'unknown', code: facts.redis.code, node: name, message: facts.redis.reason }];
  return [];
}

function judgeReplication({ nodes }: DesiredCluster, observed: readonly NodeFacts[]): readonly Fault[] {
  const running = observed.flatMap((facts) =>
    facts.reachable && facts.redis.state === 'up' ? [{ name: facts.name, view: facts.redis }] : [],
  );
  const masters = running.filter(({ view }) => view.role === 'master');
  const [master, ...others] = masters;
  if (!master || others.length > 0) return withoutOneMaster(observed);
  if (!nodes.some(({ name }) => name === master.name)) return [];
  const identities = identitiesOf(observed);
  const limit = silenceLimit(master.view.configuration);
  return running
    .filter(({ view }) => view.role === 'replica')
    .flatMap((replica) => replicaFaults(replica, master, identities, limit));
}

function withoutOneMaster(observed: readonly NodeFacts[]): readonly Fault[] {
  const members = membersOf(observed);
  const masters = members.filter(({ redis }) => redis?.role === 'master');
  if (masters.length > 1) return [{ verdict: 'degraded', ...severalMasters(masters, members) }];
  const trouble = masterless(members);
  if (trouble) return [{ verdict: trouble.code === 'MASTER_UNKNOWN' && trouble.node ? 'unknown' : 'down', ...trouble }];
  return masterFaults(
    [],
    observed.every((facts) => facts.reachable && facts.redis.state !== 'unreadable'),
  );
}

function judgeHost(desired: DesiredCluster, facts: NodeFacts): readonly Fault[] {
  if (!facts.reachable) return [];
  const { name, host, redis } = facts;
  const faults: Fault[] = [];
  const downed = !desired.replication && redis.state === 'down' ? 'down' : 'degraded';
  faults.push(...judgeUnit(desired, facts, downed));
  if (host.unit.activeState === 'active' && redis.state === 'down')
    faults.push({
      verdict: downed,
      code: 'REDIS_UNREACHABLE',
      node: name,
      message: `The unit on ${name} is active, but nothing listens on port ${facts.redisPort}.`,
    });
  if (redis.state === 'up') faults.push(...loadingFaults({ name, view: redis }));
  if (redis.state === 'up' && redis.role === 'replica' && host.dataDirectoryWritable === false)
    faults.push({
      verdict: 'degraded',
      code: 'DATA_DIRECTORY_READ_ONLY',
      node: name,
      message: `Redis on ${name} cannot write its data directory: its next full synchronization fails.`,
    });
  if (redis.state === 'up')
    for (const { why, hint } of refusedWrites(redis))
      faults.push({ verdict: 'degraded', code: 'WRITES_REFUSED', node: name, message: `${name} ${why}`, hint });
  return faults;
}

/** The unit of a node, and whether the Redis that runs is its own and reads the file that redisops writes. */
function judgeUnit(
  { nodes }: DesiredCluster,
  { name, host, redis }: ReachableNode,
  inactive: Fault['verdict'],
): readonly Fault[] {
  const node = nodes.find((each) => each.name === name);
  if (host.unit.activeState !== 'active') {
    const elsewhere = node ? redisElsewhere(node, host, redis) : null;
    const but = elsewhere ? ` Redis runs under ${elsewhere.owner} instead.` : '';
    if (redis.state === 'down' && isStartLoop(host.unit))
      return [
        {
          verdict: inactive,
          code: 'SERVICE_NOT_ACTIVE',
          node: name,
          message: `${name}: ${startLoop(node?.unit ?? 'the unit', host.unit, host.log)}`,
        },
      ];
    const message = `The unit on ${name} is ${host.unit.activeState} (${host.unit.result || host.unit.subState}).${but}`;
    return [{ verdict: inactive, code: 'SERVICE_NOT_ACTIVE', node: name, message }];
  }
  if (!node || redis.state !== 'up' || redis.processId !== host.unit.mainPid) return [];
  const next = host.unit.needDaemonReload ? [] : commandMisfits(node, host.unit.start);
  const [misfit] = [...runningMisfits(node, redis.configFile), ...next];
  return misfit ? [faultOf(misfit, name)] : [];
}

function faultOf({ code, message }: Misfit, node: string): Fault {
  return { verdict: 'degraded', code, node, message };
}
