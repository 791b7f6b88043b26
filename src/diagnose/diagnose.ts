import type { DesiredCluster } from '../domain/desired.ts';
import type { NodeFacts } from '../domain/facts.ts';
import type { Finding } from '../domain/finding.ts';
import { emptyDbfilename } from './empty-dbfilename.ts';
import { failedAppend, failedSave } from './failed-save.ts';
import { failedUnit } from './failed-unit.ts';
import { failingSync } from './failing-sync.ts';
import { masterPassword } from './master-password.ts';
import { readOnlyDataDirectory } from './read-only-data-directory.ts';
import type { Rule } from './rule.ts';
import { strayProcess } from './stray-process.ts';

/** Causes before symptoms. */
export const RULES = {
  readOnlyDataDirectory,
  emptyDbfilename,
  masterPassword,
  failedSave,
  failedAppend,
  strayProcess,
  failedUnit,
  failingSync,
} satisfies Readonly<Record<string, Rule>>;

/** Causes of trouble, each with its evidence and its remedy. */
export function diagnose(desired: DesiredCluster, observed: readonly NodeFacts[]): readonly Finding[] {
  return observed.flatMap((facts) => {
    if (!facts.reachable) return [unreadable(facts.name, facts.code, facts.reason, facts.hint)];
    const node = desired.nodes.find(({ name }) => name === facts.name);
    if (!node) return [];
    const unread =
      facts.redis.state === 'unreadable' ? [unreadable(facts.name, facts.redis.code, facts.redis.reason)] : [];
    return [...unread, ...Object.values(RULES).flatMap((rule) => rule(facts, node, desired))];
  });
}

function unreadable(node: string, id: Finding['id'], reason: string, hint: string | null = null): Finding {
  return {
    id,
    node,
    cause: reason,
    evidence: ['the node could not be read'],
    remedy: hint ?? 'Restore access to the node first: its state is unknown.',
    safe: false,
  };
}
