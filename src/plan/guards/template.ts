import type { Code } from '../../domain/code.ts';
import type { DesiredCluster } from '../../domain/desired.ts';
import type { Blocker, Risk } from '../../domain/plan.ts';

/** Settings missing from the repository’s template without which replication fails. */
export function templateBlockers({ nodes }: DesiredCluster): readonly Blocker[] {
  return nodes.flatMap(({ name, templateGaps = [] }) =>
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
export function templateRisks({ nodes }: DesiredCluster): readonly Risk[] {
  const said = new Map<string, string[]>();
  const codes = new Map<string, Code>();
  for (const { name, templateGaps = [] } of nodes)
    for (const { message, code = 'TEMPLATE_UNSAFE' } of templateGaps.filter(({ blocks }) => !blocks)) {
      said.set(message, [...(said.get(message) ?? []), name]);
      codes.set(message, code);
    }
  return [...said].map(([message, names]): Risk => {
    const everywhere = names.length === nodes.length && names.length > 1;
    const node = names.length === 1 ? (names[0] ?? null) : null;
    return {
      code: codes.get(message) ?? 'TEMPLATE_UNSAFE',
      node,
      message: `${everywhere ? 'all nodes' : names.join(', ')}: ${message}`,
    };
  });
}
