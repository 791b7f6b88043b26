import type { Code } from '../../domain/code.ts';
import { hostsOf, type DesiredCluster } from '../../domain/desired.ts';
import type { Blocker, Risk } from '../../domain/plan.ts';

/** Settings missing from the repository’s template without which replication fails. */
export function templateBlockers(desired: DesiredCluster): readonly Blocker[] {
  return hostsOf(desired).flatMap(({ name, templateGaps = [] }) =>
    templateGaps
      .filter(({ blocks }) => blocks)
      .map(({ code = 'TEMPLATE_UNSAFE', message, hint }): Blocker => ({
        code,
        node: name,
        message: `${name}: ${message}`,
        hint,
      })),
  );
}

/** Equal risks of several nodes are reported once. */
export function templateRisks(desired: DesiredCluster): readonly Risk[] {
  const hosts = hostsOf(desired);
  const said = new Map<string, string[]>();
  const codes = new Map<string, Code>();
  for (const { name, templateGaps = [] } of hosts)
    for (const { message, code = 'TEMPLATE_UNSAFE' } of templateGaps.filter(({ blocks }) => !blocks)) {
      said.set(message, [...(said.get(message) ?? []), name]);
      codes.set(message, code);
    }
  return [...said].map(([message, names]): Risk => {
    const everywhere = names.length === hosts.length && names.length > 1;
    const node = names.length === 1 ? (names[0] ?? null) : null;
    return {
      code: codes.get(message) ?? 'TEMPLATE_UNSAFE',
      node,
      message: `${everywhere ? 'all nodes' : names.join(', ')}: ${message}`,
    };
  });
}
