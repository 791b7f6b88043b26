import type { DesiredNode } from '../domain/desired.ts';
import { renderDropIn } from './drop-in.ts';
import type { ClusterVariables } from './node-variables.ts';
import type { ReadNode } from './read-node.ts';
import { renderRedisConf } from './redis-conf-template.ts';

const OF_REDIS = { owner: 'redis', group: 'redis' } as const;

/** What is asked of a node, by what the repository says of it, of its cluster and of the nominated master. */
export function desiredNode(node: ReadNode, master: ReadNode, cluster: ClusterVariables, hosts: number): DesiredNode {
  const { variables } = node;
  const isReplica = cluster.replication && node !== master;
  const content = renderRedisConf(variables, cluster, {
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
    dataDirectory: variables.folder,
    directories: [
      { path: variables.folder, ...OF_REDIS, mode: '750' },
      { path: `${variables.folder}/${appendOnlyFolder(node)}`, ...OF_REDIS, mode: '750' },
    ],
    redisConf: { path: '/etc/redis/redis.conf', ...OF_REDIS, mode: '640', content },
    dropIn: {
      path: '/etc/systemd/system/redis-server.service.d/override.conf',
      owner: 'root',
      group: 'root',
      mode: '644',
      content: renderDropIn(variables.folder),
    },
  };
}

function appendOnlyFolder({ variables: { directives } }: ReadNode): string {
  return directives.find(({ name }) => name === 'appenddirname')?.parameters[0] ?? 'appendonlydir';
}
