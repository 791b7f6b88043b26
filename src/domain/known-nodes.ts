import type { DesiredNode } from './desired.ts';
import type { NodeFacts } from './facts.ts';
import { Identities, announcedBy, type Announced } from './replication/identity.ts';

/** The identities of a cluster’s nodes, from facts; for unreadable nodes, from Git. */
export function identitiesOf(observed: readonly NodeFacts[]): Identities {
  return new Identities(
    observed.map((facts) => {
      const { name, address, redisPort, asked } = facts;
      const redis = facts.reachable && facts.redis.state === 'up' ? facts.redis : null;
      return {
        name,
        address,
        redisPort,
        asked,
        announced: redis ? announcedIn(redis.configuration) : null,
        resolved: redis?.resolved ?? new Map(),
      };
    }),
  );
}

/** Facts for every node named by Git, in its order; unobserved nodes count as unreachable. */
export function everyNode(nodes: readonly DesiredNode[], observed: readonly NodeFacts[]): readonly NodeFacts[] {
  const byName = new Map(observed.map((facts) => [facts.name, facts]));
  return nodes.map((node) => byName.get(node.name) ?? unseen(node));
}

export function askedToAnnounce({ redisConf }: DesiredNode): Announced {
  return announcedBy((directive) => redisConf.content.get(directive));
}

/** The announced endpoint in CONFIG GET; null if it has neither directive. */
export function announcedIn(configuration: ReadonlyMap<string, string>): Announced | null {
  const isShown = configuration.has('replica-announce-ip') || configuration.has('replica-announce-port');
  return isShown ? announcedBy((directive) => configuration.get(directive)) : null;
}

function unseen(node: DesiredNode): NodeFacts {
  const { name, address, redisPort } = node;
  return {
    name,
    address,
    redisPort,
    asked: askedToAnnounce(node),
    reachable: false,
    code: 'NODE_UNREACHABLE',
    reason: 'The node was not read.',
    hint: null,
  };
}
