import type { DesiredCluster } from '../../domain/desired.ts';
import type { HostFacts, RedisUp } from '../../domain/facts.ts';
import type { Blocker, Risk } from '../../domain/plan.ts';
import { hasNoPassword } from '../../domain/redis/acl.ts';
import { isLoopback } from '../../domain/redis/bind.ts';
import { valueIn } from '../../domain/redis/directives.ts';
import type { Pair } from '../roles/topology.ts';
import { earlierConf } from './earlier-conf.ts';
import { defaultUser } from './opened-users.ts';

type Draft = { blockers: readonly Blocker[]; risks: readonly Risk[] };

/**
 * Nodes whose Redis lets in anyone who can reach the host, without a password. A plan that opens one is blocked unless
 * Git allows it. One that is open already is a risk only: taking a node over changes nothing unasked.
 */
export function openDoors({ needsPassword }: DesiredCluster, pairs: readonly Pair[]): Draft {
  const open = needsPassword ? pairs.filter((pair) => pair.facts.reachable && willBeOpen(pair, pair.facts.host)) : [];
  const [already, anew] = [open.filter(isOpen), open.filter((pair) => !isOpen(pair))];
  return {
    blockers: anew.map(({ desired: { name } }) => ({
      code: 'NO_PASSWORD',
      node: name,
      message: `${name}: Redis would let in anyone who can reach the host, without a password.`,
      hint: 'Set redis_password, or redis_bind: 127.0.0.1 on a node without replicas. If this is intended, set allow_no_password: true for the cluster in redisops.yml.',
    })),
    risks: already.map(({ desired: { name } }) => ({
      code: 'NO_PASSWORD',
      node: name,
      message: `Redis on ${name} lets in anyone who can reach the host, without a password. It stays open until Git sets redis_password.`,
    })),
  };
}

function willBeOpen({ desired }: Pair, host: HostFacts): boolean {
  const { content } = desired.redisConf;
  return hasNoPassword(defaultUser(desired, host)) && letsOthersIn((name) => valueIn(content, name));
}

/** As it runs; while it is stopped, as its file says. A bare node is open to nobody. */
function isOpen({ desired, facts, redis }: Pair): boolean {
  if (redis) return runsOpen(redis);
  if (!facts.reachable) return false;
  const conf = earlierConf(desired, facts.host);
  return conf !== null && (conf.get('requirepass') ?? '') === '' && letsOthersIn((name) => valueIn(conf, name));
}

function runsOpen({ requiresPassword, configuration }: RedisUp): boolean {
  return !requiresPassword && letsOthersIn((name) => configuration.get(name) ?? '');
}

/** Protected mode refuses other hosts while there is no password. Source: redis.conf of Redis 7. */
function letsOthersIn(directive: (name: string) => string): boolean {
  if (directive('protected-mode').toLowerCase() === 'yes') return false;
  return directive('bind')
    .split(/\s+/)
    .some((address) => address !== '' && !isLoopback(address));
}
