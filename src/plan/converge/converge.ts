import type { DesiredCluster } from '../../domain/desired.ts';
import type { Blocker, Plan, Risk, Wave } from '../../domain/plan.ts';
import { keptRisks } from '../adopt/adopt.ts';
import { awaitLink } from '../synchronize/await-link.ts';
import { attach, riskOfGivingUp } from '../synchronize/replicate.ts';
import { olderFollowers, olderReplicas } from '../synchronize/snapshots.ts';
import { clusterBlockers } from '../guards/cluster.ts';
import { handBack, restartByHandOver } from '../hand-over/hand-over.ts';
import { nodeChanges } from './node-changes.ts';
import { openDoors } from '../guards/open-door.ts';
import { unreadBlockers } from '../guards/reading.ts';
import { serverBlockers } from '../guards/servers.ts';
import { templateBlockers, templateRisks } from '../guards/template.ts';
import { refusedWriteRisks } from '../preflight/refused-writes.ts';
import type { Pair, Roles } from '../roles/topology.ts';
import { strandedRisks } from '../roles/home.ts';
import { wantedMaster } from '../roles/wanted-role.ts';
import { failoverFigures } from '../sentinel/figures.ts';
import { planSentinels } from '../sentinel/sentinels.ts';
import { stopSentinels } from '../sentinel/stop.ts';
import { wavesOf, type NodeSteps } from './waves.ts';

type Draft = Pick<Plan, 'waves' | 'blockers' | 'risks'>;

/**
 * Makes the nodes match Git: each node’s differences, in an order that loses nothing. `previousMaster`: the master
 * before an interrupted run that had moved the role; it gets the role back.
 */
export function planConverge(
  desired: DesiredCluster,
  { home: noted, ...observed }: Roles,
  previousMaster: string | null = null,
): Draft {
  const previous = observed.pairs.find(({ desired: node }) => node.name === previousMaster);
  const roles = { ...observed, home: previous ?? noted };
  const doors = openDoors(desired, roles.pairs);
  const steps = roles.pairs.flatMap((pair) => stepsFor(pair, desired, roles));
  const sentinels = planSentinels(desired, roles);
  const returning = olderThanHome(roles);
  return {
    waves: [
      ...stopSentinels(desired, roles),
      ...wavesOf(steps.map(({ node }) => node)),
      ...handOverWaves(steps, desired, roles),
      ...sentinels.waves,
    ],
    blockers: [
      ...unreadBlockers(roles.pairs),
      ...roles.blockers,
      ...serverBlockers(roles),
      ...(desired.replication ? olderReplicas(roles) : []),
      ...returning.blockers,
      ...clusterBlockers(desired, roles),
      ...templateBlockers(desired),
      ...doors.blockers,
      ...steps.flatMap(({ node, blockers }) => [...node.changes.blockers, ...blockers]),
      ...sentinels.blockers,
    ],
    risks: [
      ...roleRisks(desired, roles),
      ...returning.risks,
      ...templateRisks(desired),
      ...keptRisks(desired),
      ...doors.risks,
      ...steps.flatMap(({ node }) => node.changes.risks),
      ...risksOfGivingUp(steps, roles),
      ...linkRisks(desired, roles),
      ...refusedWriteRisks(roles.pairs),
      ...failoverFigures(sentinels.waves, desired, roles),
    ],
  };
}

/** Nodes that could not follow the master’s home once it has its role back. */
function olderThanHome(roles: Roles): Pick<Draft, 'blockers' | 'risks'> {
  const { master, home } = roles;
  return master && home && home !== master ? olderFollowers(home, master, roles) : { blockers: [], risks: [] };
}

function handOverWaves(
  steps: readonly { node: NodeSteps }[],
  { policy, nominatedMaster }: DesiredCluster,
  roles: Roles,
): readonly Wave[] {
  const handed = steps.find(({ node }) => node.changes.candidate !== null)?.node.changes;
  if (handed?.candidate) return restartByHandOver(handed.pair, handed.candidate, roles, handed.restart, policy);
  const { master, home } = roles;
  if (!master || !home || home === master) return [];
  return handBack(master, home, roles, undefined, home.desired.name !== nominatedMaster);
}

function stepsFor(
  pair: Pair,
  desired: DesiredCluster,
  roles: Roles,
): readonly { node: NodeSteps; blockers: readonly Blocker[] }[] {
  if (!pair.facts.reachable || pair.facts.redis.state === 'unreadable') return [];
  // Without a master no file can be written: it would name none.
  if (desired.replication && !roles.master) return [];
  const master = wantedMaster(pair, roles, desired);
  const changes = nodeChanges(pair, pair.facts.host, desired, roles);
  const starts = changes.start.length > 0;
  const attached =
    master && roles.master && !starts
      ? attach(pair, roles.master, master, roles.identities)
      : { actions: [], blockers: [] };
  const linked = master ? [awaitLink(pair.desired.name, master)] : [];
  return [
    { node: { changes, isMaster: master === null, attach: attached.actions, linked }, blockers: attached.blockers },
  ];
}

function risksOfGivingUp(steps: readonly { node: NodeSteps }[], { master }: Roles): readonly Risk[] {
  const giving = steps.filter(({ node }) => node.attach.some(({ kind }) => kind === 'back-up'));
  return master ? giving.map(({ node }) => riskOfGivingUp(node.changes.pair, master)) : [];
}

function roleRisks(desired: DesiredCluster, roles: Roles): readonly Risk[] {
  const stranded = strandedRisks(roles.observed ? roles.master : null, roles.pairs, desired);
  return stranded.length > 0 ? stranded : nominationRisk(desired, roles);
}

function nominationRisk(desired: DesiredCluster, { master, home, observed }: Roles): readonly Risk[] {
  const name = master?.desired.name;
  if (!observed || name === undefined || name === desired.nominatedMaster) return [];
  if (home?.desired.name === desired.nominatedMaster) return [];
  const message = `Git nominates ${desired.nominatedMaster}, but ${name} is the master: the plan follows it. An apply does not move roles.`;
  return [{ code: null, node: null, message }];
}

/** A replica that follows the right master without a link, where this plan does not fix it. */
function linkRisks(desired: DesiredCluster, { pairs, master }: Roles): readonly Risk[] {
  if (!desired.replication || !master) return [];
  return pairs.flatMap(({ desired: node, redis }): readonly Risk[] => {
    const link = redis?.master;
    if (!link || link.up) return [];
    return [
      {
        code: 'REPLICA_LINK_DOWN',
        node: node.name,
        message: `${node.name} has no link to its master (${link.state}). \`doctor\` looks for the cause.`,
      },
    ];
  });
}
