import type { NodeFacts } from '../../domain/facts.ts';
import type { Section } from '../../domain/report.ts';
import { directiveValue } from '../parts/directive-value.ts';
import { listed } from '../text/format.ts';
import { isUp } from '../parts/replication.ts';

/** Settings that matter for data and replication; none is a secret. */
const SHOWN = [
  'save',
  'appendonly',
  'dir',
  'dbfilename',
  'maxmemory',
  'maxmemory-policy',
  'repl-diskless-sync',
  'repl-diskless-load',
  'repl-backlog-size',
  'replica-read-only',
  'replica-serve-stale-data',
  'min-replicas-to-write',
  'stop-writes-on-bgsave-error',
] as const;

/** CONFIG GET per node: one row if all agree, otherwise one per value. */
export function configurationSections(observed: readonly NodeFacts[]): readonly Section[] {
  const nodes = observed.filter(isUp);
  const rows = SHOWN.flatMap((directive) => {
    const byValue = new Map<string, string[]>();
    for (const { name, redis } of nodes) {
      const value = redis.configuration.get(directive);
      if (value !== undefined) byValue.set(value, [...(byValue.get(value) ?? []), name]);
    }
    return [...byValue].map(([value, names]) => [
      directive,
      directiveValue(directive, value),
      names.length === nodes.length ? 'every node' : listed(names),
    ]);
  });
  if (rows.length === 0) return [];
  return [{ kind: 'table', heading: 'Configuration as it now is', columns: ['directive', 'value', 'on'], rows }];
}
