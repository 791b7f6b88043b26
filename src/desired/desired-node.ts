import type { DesiredNode, TemplateGap } from '../domain/desired.ts';
import type { SensitiveText } from '../domain/secret.ts';
import { renderDropIn } from './confs/drop-in.ts';
import type { ClusterVariables } from './variables/node-variables.ts';
import type { ReadNode } from './read-node.ts';
import { renderRedisConf } from './confs/redis-conf-template.ts';
import type { TemplateConf } from './confs/template-conf.ts';
import { templateGaps } from './confs/template-gaps.ts';
import type { SentinelConf } from './confs/sentinel-conf.ts';
import { sentinelGaps } from './confs/sentinel-gaps.ts';

const OF_REDIS = { owner: 'redis', group: 'redis' } as const;

/** What the repository’s own templates print for a node. */
interface Printed {
  conf: TemplateConf | undefined;
  sentinel: SentinelConf | undefined;
}

/** What is asked of a node, by what the repository says of it, of its cluster and of the nominated master. */
export function desiredNode(
  node: ReadNode,
  master: ReadNode,
  cluster: ClusterVariables,
  hosts: number,
  { conf, sentinel }: Printed,
): DesiredNode {
  const { variables } = node;
  const gaps = [
    ...(conf ? gapsOf(node, master, cluster, conf) : []),
    ...(sentinel ? sentinelGapsOf(master, cluster, hosts, sentinel) : []),
  ];
  const isReplica = cluster.replication && node !== master;
  const built = (): SensitiveText =>
    renderRedisConf(variables, cluster, {
      address: node.address,
      master: isReplica ? { host: master.address, port: master.variables.port } : null,
      replicas: cluster.replication ? hosts - 1 : 0,
    });
  return {
    name: node.name,
    address: node.address,
    sshPort: node.sshPort,
    ...(node.sshUser === null ? {} : { sshUser: node.sshUser }),
    redisPort: variables.port,
    packageName: 'redis-server',
    unit: 'redis-server.service',
    ...(conf || sentinel ? { templateGaps: gaps } : {}),
    dataDirectory: variables.folder,
    directories: [
      { path: variables.folder, ...OF_REDIS, mode: '750' },
      { path: `${variables.folder}/${appendOnlyFolder(node, conf)}`, ...OF_REDIS, mode: '750' },
    ],
    redisConf: { path: '/etc/redis/redis.conf', ...OF_REDIS, mode: '640', content: conf ? conf.content : built() },
    ...(sentinel ? { sentinelConf: sentinel.content } : {}),
    dropIn: {
      path: '/etc/systemd/system/redis-server.service.d/override.conf',
      owner: 'root',
      group: 'root',
      mode: '644',
      content: renderDropIn(variables.folder),
    },
  };
}

function appendOnlyFolder({ variables: { directives } }: ReadNode, conf: TemplateConf | undefined): string {
  const said =
    conf?.directives.get('appenddirname') ?? directives.find(({ name }) => name === 'appenddirname')?.parameters;
  return said?.[0] ?? 'appendonlydir';
}

function gapsOf(
  node: ReadNode,
  master: ReadNode,
  { replication }: ClusterVariables,
  conf: TemplateConf,
): readonly TemplateGap[] {
  const { address, name, variables } = master;
  const follows = replication && node !== master ? { host: address, names: [name], port: variables.port } : null;
  return templateGaps(conf, { address: node.address, replication, master: follows });
}

function sentinelGapsOf(
  { name, address, variables: { port } }: ReadNode,
  { password }: ClusterVariables,
  nodes: number,
  sentinel: SentinelConf,
): readonly TemplateGap[] {
  return sentinelGaps(sentinel, { master: { name, address, port }, password, nodes });
}
