import type { Action } from '../../domain/action.ts';
import type { DesiredCluster, DesiredSentinel } from '../../domain/desired.ts';
import { namedBy } from '../../domain/health/sentinel-watch.ts';
import type { Blocker, Wave } from '../../domain/plan.ts';
import { endpointOf, type Endpoint } from '../../domain/replication/endpoint.ts';
import { settingDifferences } from '../../domain/sentinel/differences.ts';
import type { SentinelFacts } from '../../domain/sentinel/facts.ts';
import { isLoopback } from '../../domain/sentinel/sentinel-file.ts';
import type { Roles } from '../roles/topology.ts';
import { needsOf, unreadHosts, type Need } from './needs.ts';
import { healing, strayWatchers } from './heal.ts';
import { awaitSentinels } from './await.ts';
import { sentinelSet } from './set.ts';
import { setUpSentinel } from './set-up.ts';
import { installSentinel } from './install.ts';

export interface SentinelDraft {
  waves: readonly Wave[];
  blockers: readonly Blocker[];
}

/**
 * Makes the Sentinels match Git, one at a time, after everything else: they need a master and its replicas. A file that
 * already watches the cluster keeps its state; settings that can be changed live are.
 */
export function planSentinels(desired: DesiredCluster, roles: Roles): SentinelDraft {
  if (!desired.sentinel) return { waves: [], blockers: [] };
  const unread = unreadHosts(desired);
  if (unread.length > 0 || !roles.master) return { waves: [], blockers: unread };
  const needs = needsOf(desired, roles);
  const blockers = needs.flatMap((need) => obstaclesTo(need, roles));
  if (blockers.length > 0) return { waves: [], blockers };
  const master = endpointOf(roles.master.desired);
  const running = needs.filter(({ facts, wanted }) => isWatching(facts, wanted)).length;
  let started = running;
  const steps = needs.flatMap((need): (readonly Action[])[] => {
    const actions = changesOf(need, {
      master,
      others: isWatching(need.facts, need.wanted) ? started - 1 : started,
      replicas: roles.pairs.length - 1,
    });
    if (actions.some(({ kind }) => kind === 'set-up-sentinel') && !isWatching(need.facts, need.wanted)) started += 1;
    return actions.length === 0 ? [] : [actions];
  });
  const last = needs.at(-1);
  const healed = healing(desired, roles);
  if (steps.length + healed.length === 0 || !last) return { waves: [], blockers: [] };
  return {
    waves: [
      ...steps.map((actions) => ({ actions })),
      ...healed,
      { actions: [awaitSentinels(last.name, needs.length)] },
    ],
    blockers: [],
  };
}

/** Whether it runs and watches the cluster under the name that Git gives. */
function isWatching({ process }: SentinelFacts, { masterName }: DesiredSentinel): boolean {
  return process.state === 'up' && process.masters.some(({ name, host }) => name === masterName && !isLoopback(host));
}

function changesOf(
  { name, wanted, facts }: Need,
  place: { master: Endpoint; others: number; replicas: number },
): readonly Action[] {
  const present = facts.file.content;
  const keepsState =
    present?.monitors.some(({ master, host }) => master === wanted.masterName && !isLoopback(host)) === true;
  const differences = keepsState ? settingDifferences(wanted.file.content, present) : [];
  const isSettled = isWatching(facts, wanted) && keepsState;
  if (isSettled && facts.unit.unitFileState === 'enabled' && differences.every(({ live }) => live))
    return differences.length === 0 ? [] : [sentinelSet(name, wanted, differences)];
  return [
    ...installSentinel(name, wanted, facts),
    setUpSentinel(name, wanted, facts, { ...place, keepsState, differences }),
  ];
}

/** What a set-up may not overrule. */
function obstaclesTo({ name: node, wanted, facts }: Need, { identities }: Roles): readonly Blocker[] {
  const { process, unit, file } = facts;
  if (process.state === 'down') return [];
  if (process.state === 'unreadable')
    return [
      {
        code: 'SENTINEL_UNREADABLE',
        node,
        message: `The Sentinel on ${node} runs but cannot be read: ${process.reason}`,
        hint: process.hint ?? 'Check its log and load, then plan again.',
      },
    ];
  if (process.processId !== unit.mainPid || unit.name !== wanted.unit)
    return [
      {
        code: 'REDIS_RUNS_ELSEWHERE',
        node,
        message: `A Sentinel on ${node} (process ${process.processId}) does not belong to ${wanted.unit}.`,
        hint: `Stop it, and let ${wanted.unit} run the only Sentinel of the host. Then plan again.`,
      },
    ];
  if (file.path !== wanted.file.path)
    return [
      {
        code: 'CONFIG_FILE_NOT_READ',
        node,
        message: `The Sentinel on ${node} reads ${file.path}, not ${wanted.file.path}.`,
        hint: `Let ${wanted.unit} start it with ${wanted.file.path}, then plan again.`,
      },
    ];
  const foreign = process.masters.filter(
    ({ name, host, port, replicas }) =>
      name !== wanted.masterName &&
      !isLoopback(host) &&
      [{ host, port }, ...replicas].every((each) => identities.nodeAt(each, node) === null),
  );
  if (foreign.length === 0) return [];
  return [
    {
      code: 'SENTINEL_SHARED',
      node,
      message: `The Sentinel on ${node} also watches ${foreign.map(({ name }) => name).join(', ')}: redisops manages only a Sentinel of one cluster.`,
      hint: 'Give this cluster Sentinels of its own (redis_sentinel_group), or leave redis_enable_sentinel out.',
    },
  ];
}

/**
 * Roles follow what nodes and Sentinels agree on. Where they do not agree, a change could make the wrong node the
 * master for good.
 */
export function disagreement(desired: DesiredCluster, roles: Roles): readonly Blocker[] {
  const { watch, master, observed } = roles;
  const watchers = watch?.watchers.filter((each) => !isLoopback(each.master.host)) ?? [];
  if (!watch || watchers.length === 0) return [];
  const busy = watchers.find(({ master: { flags } }) => flags.has('failover_in_progress') || flags.has('o_down'));
  if (busy)
    return [
      {
        code: 'MASTER_UNKNOWN',
        node: busy.node,
        message: `Sentinel is failing over: for ${busy.node}, the master at ${busy.master.host}:${busy.master.port} is ${[...busy.master.flags].join(', ')}.`,
        hint: 'Wait until a new master is elected, then ask again.',
      },
    ];
  const said = watchers.map((watcher) => ({ node: watcher.node, names: namedBy(watcher, watch.identities) }));
  const name = master?.desired.name ?? null;
  if (!observed || said.every(({ names }) => names === name)) return [];
  if (strayWatchers(desired, roles).length > 0) return [];
  const words = said.map(({ node, names }) => `the Sentinel on ${node} names ${names}`);
  return [
    {
      code: 'SENTINEL_MASTERS_DIFFER',
      node: null,
      message: `Nodes and Sentinels do not agree on the master: by their roles it is ${name}, but ${words.join(', ')}.`,
      hint: `Right after a failover this lasts a few seconds. If it stays, a person decides: \`failover accept-history ${name}\` has every Sentinel watch ${name}.`,
    },
  ];
}
