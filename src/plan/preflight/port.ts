import { sameAddress } from '../../domain/replication/address.ts';
import type { Action } from '../../domain/action.ts';
import type { DesiredNode } from '../../domain/desired.ts';
import type { HostFacts, Listener } from '../../domain/facts.ts';
import type { Blocker } from '../../domain/plan.ts';
import type { Pair } from '../roles/topology.ts';
import { otherRedisBlockers } from '../unit/other-redis.ts';

const ALL_ADDRESSES: ReadonlySet<string> = new Set(['*', '0.0.0.0', '::']);

/** A start needs its port to be free. */
export function portBlockers(actions: readonly Action[], pairs: readonly Pair[]): readonly Blocker[] {
  return pairs.flatMap((pair): readonly Blocker[] => {
    const { desired: node, facts } = pair;
    const starts = actions.some((action) => action.kind === 'start-unit' && action.node === node.name);
    if (!starts || !facts.reachable) return [];
    if (facts.host.preflight.listeners === null)
      return [
        {
          code: 'HOST_UNKNOWN',
          node: node.name,
          message: `Whether port ${node.redisPort} is free on ${node.name} could not be read.`,
          hint: 'redisops uses `ss` there, from the package iproute2.',
        },
      ];
    return otherRedisBlockers(pair).length > 0 ? [] : portTaken(node, facts.host);
  });
}

/** Taken by a process that is neither the unit’s nor stopped by the plan. */
export function portTaken(node: DesiredNode, host: HostFacts): readonly Blocker[] {
  const others = (host.preflight.listeners ?? []).filter(
    (listener) => !isExpected(listener, host) && isInTheWay(listener, node),
  );
  const [first] = others;
  if (!first) return [];
  const who = first.process ? said(first.process) : 'a process without a name';
  return [
    {
      code: 'PORT_TAKEN',
      node: node.name,
      message: `${who} listens on ${first.address}:${node.redisPort} of ${node.name}: Redis cannot start there.`,
      hint: 'Stop it, or give Redis another port (redis_port), then plan again.',
    },
  ];
}

function said({ name, pid, controlGroup }: NonNullable<Listener['process']>): string {
  return `${name} (process ${pid}${controlGroup === undefined ? '' : ` of ${controlGroup}`})`;
}

function isExpected({ process }: Listener, { unit, strayProcesses }: HostFacts): boolean {
  return process !== null && (process.pid === unit.mainPid || strayProcesses.some(({ pid }) => pid === process.pid));
}

/** Two listeners can share a port only on different addresses. An address prefixed with `-` may be missing. */
function isInTheWay({ address }: Listener, { redisConf }: DesiredNode): boolean {
  const bind = redisConf.content.get('bind') ?? '*';
  const wanted = bind.split(/\s+/).filter((word) => !word.startsWith('-'));
  const theirs = address.replace(/^\[(.*)\]$/, '$1').replace(/%.*$/s, '');
  return ALL_ADDRESSES.has(theirs) || wanted.some((own) => ALL_ADDRESSES.has(own) || sameAddress(own, theirs));
}
