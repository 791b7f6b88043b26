import type { DirectiveChange } from '../../domain/action.ts';
import type { RedisUp } from '../../domain/facts.ts';
import type { Risk } from '../../domain/plan.ts';
import { listensOn } from '../../domain/redis/bind.ts';

/** A new `bind` that admits more networks than the running one: who can then connect, and with which protection. */
export function openedAddresses(node: string, redis: RedisUp, changes: readonly DirectiveChange[]): readonly Risk[] {
  const change = changes.find(({ directive }) => directive === 'bind');
  if (!change) return [];
  const everywhere = ['0.0.0.0', '::'].filter((each) => listensOn(change.to, each) && !listensOn(change.from, each));
  if (everywhere.length === 0) return [];
  const message = `Redis on ${node} listens on every address of the host (bind ${change.to}): ${whoConnects(redis, changes)}.`;
  return [{ code: null, node, message }];
}

function whoConnects(redis: RedisUp, changes: readonly DirectiveChange[]): string {
  const willBe = (name: string) =>
    changes.find(({ directive }) => directive === name)?.to ?? redis.configuration.get(name) ?? '';
  if (redis.requiresPassword || changes.some(({ directive }) => directive === 'requirepass'))
    return 'whoever reaches the host can connect with the password';
  if (willBe('protected-mode') === 'yes') return 'there is no password, so protected-mode refuses other hosts';
  return 'whoever reaches the host can connect, without a password';
}
