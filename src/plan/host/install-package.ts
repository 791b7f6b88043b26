import type { Action } from '../../domain/action.ts';
import type { DesiredNode } from '../../domain/desired.ts';
import type { HostFacts } from '../../domain/facts.ts';

export function installPackage(node: DesiredNode, host: HostFacts): readonly Action[] {
  if (host.package.installed) return [];
  return [
    {
      kind: 'install-package',
      node: node.name,
      summary: `Install ${node.packageName}`,
      disruptive: false,
      reason: 'It is not installed.',
      packageName: node.packageName,
    },
  ];
}
