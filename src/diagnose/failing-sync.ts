import type { NodeFacts, RedisUp } from '../domain/facts.ts';
import { identitiesOf } from '../domain/known-nodes.ts';
import type { MasterLink } from '../domain/replication/view.ts';
import type { Rule } from './rule.ts';
import { lastSyncFailure } from './sync-failures.ts';

/** A replica without a link: its log names the reason, or the silence does. */
export const failingSync: Rule = ({ name, host, redis }, _node, _desired, observed) => {
  if (redis.state !== 'up' || redis.role !== 'replica' || !redis.master || redis.master.up) return [];
  const { master: link } = redis;
  const masterName = identitiesOf(observed).nodeAt(link, name) ?? `${link.host}:${link.port}`;
  const known = { id: 'REPLICA_LINK_DOWN', node: name, notBecause: ruledOut(masterName, observed) } as const;
  const found = lastSyncFailure(host.log);
  if (link.state === 'connecting') return [{ ...known, ...unanswered(masterName, link) }];
  if (!found) return [];
  const named = (text: string): string => text.replaceAll('MASTER', masterName);
  const { cause, byHand } = found.failure;
  return [{ ...known, cause: named(cause), evidence: [found.line], byHand: named(byHand) }];
};

/** A port that refuses leaves `connecting` at once; what stays there sends packets into the void. */
function unanswered(masterName: string, { host, port }: MasterLink) {
  return {
    severity: 'suspected',
    cause: `Packets to ${masterName} (${host}:${port}) get no answer: a firewall drops them, or a route is missing.`,
    evidence: ['ROLE says connecting: the connection is neither accepted nor refused'],
    byHand: `Try \`timeout 3 bash -c '</dev/tcp/${host}/${port}'\` on the replica’s host. Then check the firewalls of both hosts, and the route back. The replica retries by itself.`,
  } as const;
}

function ruledOut(masterName: string, observed: readonly NodeFacts[]): readonly string[] {
  const master = observed.find(({ name }) => name === masterName);
  if (!master?.reachable || master.redis.state !== 'up') return [];
  return [`${masterName} is down: it answers redisops${others(master.redis)}`];
}

function others({ replicas }: RedisUp): string {
  const online = replicas.filter(({ state }) => state === 'online').length;
  return online === 0 ? '' : ` and serves ${online} other ${online === 1 ? 'replica' : 'replicas'}`;
}
