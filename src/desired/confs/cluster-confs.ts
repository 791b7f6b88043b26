import type { ClusterVariables, Variables } from '../variables/node-variables.ts';
import type { Problems } from '../problems.ts';
import { readNode, type ReadNode } from '../read-node.ts';
import type { InventoryHost } from '../inventory/inventory.ts';
import type { TemplateConf } from './template-conf.ts';

/** A node whose file is the repository’s own: port and folder are as the file says. */
export function nodeOfConf(
  host: InventoryHost,
  variables: Variables,
  conf: TemplateConf,
  problems: Problems,
): ReadNode {
  const ofAnsible = new Map([...variables].filter(([name]) => name.startsWith('ansible_')));
  const node = readNode(host, ofAnsible, problems);
  const { port, folder } = conf;
  refuseOther(variables, 'redis_port', String(port), 'port', problems);
  refuseOther(variables, 'redis_dir', folder, 'dir', problems);
  return { ...node, variables: { ...node.variables, port, folder } };
}

function refuseOther(variables: Variables, name: string, printed: string, directive: string, problems: Problems): void {
  const value = variables.get(name)?.value;
  if (value?.kind !== 'scalar' || value.value === null || value.source.replace(/(.)\/$/, '$1') === printed) return;
  problems.add(value.at, `${name} says otherwise than the template, which prints ${directive} ${printed}`);
}

/** What the cluster is by its variables; where they are silent, by what the template printed. */
export function withConfs(
  cluster: ClusterVariables,
  variables: Variables,
  confs: readonly TemplateConf[] | null,
  template: string,
  problems: Problems,
): ClusterVariables {
  const [first] = confs ?? [];
  if (!confs || !first) return cluster;
  const add = (message: string): void => problems.add({ file: template, line: 1, column: 1 }, message);
  for (const name of ['password', 'masterauth'] as const)
    if (confs.some((conf) => conf[name]?.reveal() !== first[name]?.reveal()))
      add(`prints another ${name === 'password' ? 'requirepass' : 'masterauth'} for one host than for another`);
  if (cluster.password && !cluster.password.equals(first.password ?? undefined))
    add('does not print redis_password as requirepass: redisops could not log in');
  const printsRole = confs.some(({ directives }) => directives.has('replicaof'));
  return {
    ...cluster,
    replication: variables.has('redis_enable_replication') ? cluster.replication : printsRole,
    password: first.password,
    masterauth: first.masterauth,
  };
}

/** Where no variable nominates a master, the one that the template’s replicas follow. */
export function nominatedByConfs(
  cluster: ClusterVariables,
  variables: Variables,
  nodes: readonly ReadNode[],
  confs: readonly TemplateConf[],
): { cluster: ClusterVariables; variables: Variables } {
  if (variables.has('redis_master_host') || variables.has('redis_master_ip')) return { cluster, variables };
  const host = confs.map(({ directives }) => directives.get('replicaof')?.[0]).find((each) => each !== undefined);
  const master = nodes.find(({ name, address }) => host !== undefined && (host === name || host === address));
  if (!master) return { cluster, variables };
  const value = {
    kind: 'scalar',
    value: master.name,
    source: master.name,
    confidential: false,
    literal: true,
    at: master.at,
  } as const;
  const named = new Map([...variables, ['redis_master_host', { at: master.at, value }]]);
  return { cluster: { ...cluster, masterHost: master.name }, variables: named };
}
