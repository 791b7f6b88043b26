import type { Action, Resync } from '../../src/domain/action.ts';
import type { Endpoint } from '../../src/domain/replication/endpoint.ts';
import type { DesiredCluster } from '../../src/domain/desired.ts';
import type { Plan } from '../../src/domain/plan.ts';
import { nodeNamed } from './lab-cluster.ts';

type WithoutText<T> = T extends Action ? Omit<T, 'summary' | 'reason' | 'disruptive'> : never;

/** A handmade plan, for things that a correct plan would never contain. */
export function planOf(desired: DesiredCluster, ...waves: readonly (readonly WithoutText<Action>[])[]): Plan {
  return {
    cluster: desired.cluster,
    revision: desired.revision,
    goal: { kind: 'converge' },
    waves: waves.map((actions) => ({
      actions: actions.map((action): Action => {
        const text = { summary: `${action.kind} on ${action.node}`, reason: 'the test asks for it', disruptive: true };
        return { ...action, ...text };
      }),
    })),
    blockers: [],
    risks: [],
    topology: { master: null, nodes: [] },
    digest: '',
  };
}

export function resyncPlan(desired: DesiredCluster, node: string, mode: Resync['mode'], master = 'redis-01'): Plan {
  return planOf(desired, [{ kind: 'resync', node, master: endpointOf(desired, master), mode }]);
}

export function endpointOf(desired: DesiredCluster, name: string): Endpoint {
  const { address, redisPort } = nodeNamed(desired, name);
  return { host: address, port: redisPort };
}
