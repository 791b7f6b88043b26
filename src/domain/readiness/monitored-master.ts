import { Secret } from '../secret.ts';
import { isDown } from '../sentinel/replies.ts';
import { isLoopback } from '../sentinel/sentinel-file.ts';
import { agreedMaster, namedBy, type Missing } from '../health/sentinel-watch.ts';
import { listed } from '../text/listed.ts';
import type { Lack, Readable, ReadinessRule } from './rule.ts';

/** Which master the Sentinels watch, and whether they reach it. */
export const masterRules: readonly ReadinessRule[] = [
  notRunning,
  loopback,
  namesDiffer,
  mastersDiffer,
  authPass,
  masterUnseen,
];

function notRunning({ watch: { missing }, observed }: Readable): readonly Lack[] {
  return missing.flatMap((each): readonly Lack[] => {
    // A node with Redis that cannot be read is in the verdict.
    if (each.unread) return observed.some(({ name }) => name === each.node) ? [] : [unreadHost(each, each.unread)];
    return [notWatching(each)];
  });
}

function unreadHost({ node }: Missing, { reason, hint }: NonNullable<Missing['unread']>): Lack {
  return {
    code: 'SENTINEL_UNREADABLE',
    nodes: [node],
    message: `The Sentinel on ${node} is unknown: the host cannot be read.`,
    evidence: [reason],
    cure: hint ?? `Restore access to ${node}. Until then it counts as a Sentinel that is down.`,
  };
}

function notWatching({ node, facts }: Missing): Lack {
  const { unit, process, file } = facts ?? {};
  const why =
    process?.state === 'up'
      ? `it watches ${listed(process.masters.map(({ name }) => name)) || 'no master'}`
      : (process?.reason ?? 'it was not read');
  return {
    code: process?.state === 'unreadable' ? 'SENTINEL_UNREADABLE' : 'SENTINEL_NOT_RUNNING',
    nodes: [node],
    message: `The Sentinel on ${node} does not watch this cluster: ${why}`,
    evidence: [
      unit ? `${unit.name} is ${unit.activeState}` : 'its unit was not read',
      `${file?.path ?? 'sentinel.conf'} ${file?.stat ? 'exists' : 'is missing'}`,
    ],
    cure:
      (process?.state === 'unreadable' ? process.hint : null) ??
      `\`plan\` shows what an apply would do. The unit’s journal on ${node} says why it ended.`,
  };
}

/** Debian’s own file: each Sentinel watches its own host, and clients are sent to 127.0.0.1. */
function loopback({ watch: { watchers } }: Readable): readonly Lack[] {
  const found = watchers.filter(({ master }) => isLoopback(master.host));
  if (found.length === 0) return [];
  return [
    {
      code: 'SENTINEL_MONITORS_LOOPBACK',
      nodes: found.map(({ node }) => node),
      message: `The Sentinel on ${listed(found.map(({ node }) => node))} monitors a loopback address: it watches its own host only, and a failover would make replicas follow themselves.`,
      evidence: found.map(({ node, master }) => `${node}: monitor ${master.name} ${master.host} ${master.port}`),
      cure: 'Monitor the master’s address as the other hosts reach it: SENTINEL REMOVE and SENTINEL MONITOR on that Sentinel, or let redisops set it up (redis_enable_sentinel: true).',
    },
  ];
}

function namesDiffer({ watch: { watchers } }: Readable): readonly Lack[] {
  const names = [...new Set(watchers.map(({ master }) => master.name))];
  if (names.length < 2) return [];
  return [
    {
      code: 'SENTINEL_NAMES_DIFFER',
      nodes: watchers.map(({ node }) => node),
      message: `The Sentinels call this cluster ${listed(names)}: those with different names never find each other.`,
      evidence: watchers.map(({ node, master }) => `${node}: ${master.name}, ${master.peers.length} other Sentinels`),
      cure: 'Use one master name on all of them (redis_sentinel_master_name): SENTINEL MONITOR the right one, then SENTINEL REMOVE the other.',
    },
  ];
}

/** Sentinels among themselves, and against what the nodes say of themselves. */
function mastersDiffer({ watch, redis, master, desired }: Readable): readonly Lack[] {
  const { watchers, identities } = watch;
  if (watchers.length === 0 || watchers.some((each) => isLoopback(each.master.host))) return [];
  const says = watchers.map(
    (each) => `Sentinel on ${each.node}: ${namedBy(each, identities)} (epoch ${each.master.configEpoch})`,
  );
  const roles = [...redis].map(([name, { role }]) => `${name} says it is a ${role}`);
  const agreed = agreedMaster(watch);
  if (agreed === null)
    return [
      {
        code: 'SENTINEL_MASTERS_DIFFER',
        nodes: watchers.map(({ node }) => node),
        message:
          'The Sentinels name different masters: clients go to different nodes, and no failover can be agreed on.',
        evidence: [...says, ...roles],
        cure: 'During a failover this lasts for seconds. If it stays: `apply` heals the Sentinels that differ from the nodes and from most Sentinels, one at a time; otherwise `failover accept-history NODE` has every Sentinel watch that node. By hand: SENTINEL REMOVE, MONITOR and SET on each that names the wrong one.',
      },
    ];
  const named = redis.get(agreed);
  if (named?.role === 'master' || (master === null && !named)) return [];
  // A dead master is what Sentinel is for.
  if (!named && master === null && redis.size < desired.nodes.length) return [];
  return [
    {
      code: 'SENTINEL_MASTERS_DIFFER',
      nodes: [agreed],
      message: `The Sentinels name ${agreed} the master, but ${master ? `${master} is` : `${agreed} says it is a replica, and no node is`}.`,
      evidence: [...says, ...roles],
      cure: `The roles were changed behind Sentinel’s back, and it may change them back. \`failover accept-history ${master ?? 'NODE'}\` keeps that node the master, and has every Sentinel watch it.`,
    },
  ];
}

/** The password of Redis in sentinel.conf, compared with Git’s. */
function authPass({ watch: { watchers }, desired: { password } }: Readable): readonly Lack[] {
  if (!password) return [];
  const wrong = watchers.filter(({ facts, master }) => {
    const has = facts.file.content?.ofMaster(master.name, 'auth-pass') ?? null;
    if (has === null) return facts.file.content?.brokenLines.length === 0 && isDown(master.flags);
    return !password.equals(new Secret(has));
  });
  if (wrong.length === 0) return [];
  return [
    {
      code: 'SENTINEL_AUTH_FAILED',
      nodes: wrong.map(({ node }) => node),
      message: `The Sentinel on ${listed(wrong.map(({ node }) => node))} does not have the password of Redis: it cannot watch the nodes.`,
      evidence: wrong.map(({ node, facts, master }) => {
        const has = facts.file.content?.ofMaster(master.name, 'auth-pass') ?? null;
        return `${node}, ${facts.file.path}: auth-pass ${has === null ? 'is not set' : 'is not the password in Git'}; flags ${[...master.flags].join(',')}`;
      }),
      cure: 'Run `apply`: it sets auth-pass on each Sentinel (SENTINEL SET), and Sentinel writes its file.',
    },
  ];
}

/** It calls the master down, although the master answers. */
function masterUnseen(cluster: Readable): readonly Lack[] {
  const { watch, redis, master } = cluster;
  const told = new Set(authPass(cluster).flatMap(({ nodes }) => nodes));
  return watch.watchers.flatMap((watcher): readonly Lack[] => {
    const { node } = watcher;
    const named = namedBy(watcher, watch.identities);
    if (!isDown(watcher.master.flags) || told.has(node) || named !== master || !redis.has(named)) return [];
    return [
      {
        code: 'SENTINEL_MASTER_UNSEEN',
        nodes: [node],
        message: `The Sentinel on ${node} calls ${named} down, although it answers.`,
        evidence: [`SENTINEL MASTER on ${node}: flags ${[...watcher.master.flags].join(',')}`],
        cure: `Check that ${node} reaches ${watcher.master.host}:${watcher.master.port} (bind, firewall), and auth-pass and auth-user in its sentinel.conf.`,
      },
    ];
  });
}
