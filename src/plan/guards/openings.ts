import type { Action, DirectiveChange, Opening, WriteFile } from '../../domain/action.ts';
import type { DesiredNode } from '../../domain/desired.ts';
import type { HostFacts, RedisUp } from '../../domain/facts.ts';
import { isHarmless } from '../directives/harmless.ts';
import { confChanges } from '../directives/conf-changes.ts';
import { openingsOf } from '../directives/openings.ts';
import { earlierConf } from './earlier-conf.ts';
import { usersOpenedByStart, usersOpenedInFile, usersWithoutPassword } from './opened-users.ts';

/** A limit that held for a dataset that is not loaded may not hold for it. */
const NOT_RUNNING = {
  redis: { usedMemoryBytes: Number.POSITIVE_INFINITY, requiresPassword: true },
  memoryAvailableBytes: Number.POSITIVE_INFINITY,
};

/** What the restart of a running Redis opens, with these directives and the ACL users of the new file. */
export function openedByRestart(
  node: DesiredNode,
  host: HostFacts,
  redis: RedisUp,
  changes: readonly DirectiveChange[],
): readonly Opening[] {
  return [...openingsOf(changes), ...usersOpenedByStart(node, host, redis)];
}

/** The new redis.conf, and what a start with it opens that the other actions do not. */
export function markedFile(
  action: WriteFile,
  node: DesiredNode,
  host: HostFacts,
  already: readonly Opening[],
): WriteFile {
  const known = new Set(already.map(({ message }) => message));
  return opening(
    action,
    openedInFile(node, host).filter(({ message }) => !known.has(message)),
  );
}

/** The start of a Redis that ran with another redis.conf: nothing in it changes unseen. */
export function markedStart(action: Action, node: DesiredNode, host: HostFacts): Action {
  const before = earlierConf(node, host);
  if (!before) return action;
  const changes = confChanges(before, node.redisConf.content).filter((change) => !isHarmless(change, NOT_RUNNING));
  if (changes.length === 0) return action;
  const names = changes.map(({ directive }) => directive).join(', ');
  return { ...action, disruptive: true, reason: `${action.reason} It starts with other settings: ${names}.` };
}

/** An action with what it opens, which always needs an approval. */
export function opening<A extends Action>(action: A, opens: readonly Opening[]): A {
  if (opens.length === 0) return action;
  const messages = opens.map(({ message }) => message).join('; ');
  return { ...action, opens, disruptive: true, reason: `${action.reason} What it opens: ${messages}.` };
}

function openedInFile(node: DesiredNode, host: HostFacts): readonly Opening[] {
  const { content } = node.redisConf;
  const before = earlierConf(node, host);
  if (before) return [...openingsOf(confChanges(before, content)), ...usersOpenedInFile(node, host, before)];
  // Nothing was closed before. What nobody expects of a new Redis is named all the same.
  const unusual = openingsOf(confChanges(null, content)).filter(
    ({ code }) => code === 'OPENS_COMMANDS' || code === 'OPENS_FILE',
  );
  return [...unusual, ...usersWithoutPassword(node, host)];
}
