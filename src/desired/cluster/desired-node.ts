import type { ConfigProblem } from '../../domain/error.ts';
import type { DesiredNode, TemplateGap } from '../../domain/desired.ts';
import { dataDirectories } from '../../domain/unit/data-directories.ts';
import { startWait } from '../../domain/unit/start-wait.ts';
import { renderDropIn } from '../../domain/unit/drop-in.ts';
import { renderRedisConf, unsaidDirectives } from '../confs/redis-conf-template.ts';
import type { TemplateConf } from '../confs/template-conf.ts';
import { templateGaps } from '../confs/template-gaps.ts';
import { placedOn } from '../../domain/estate/placed.ts';
import { placeOf } from '../../domain/server/server.ts';
import { desiredSentinel } from './desired-sentinel.ts';
import type { Cluster } from './read-cluster.ts';
import type { NodeReading } from './read-node.ts';

/** A node’s place in its cluster. */
interface Membership {
  cluster: Cluster;
  /** The nominated master. */
  master: NodeReading;
  /** Number of nodes in the cluster. */
  size: number;
  /** The cluster’s name. */
  name: string;
  /** Number of nodes that run Sentinel. */
  sentinels: number;
  waitsForSentinel: boolean;
  /** What Ansible warns of in the repository’s files. */
  warnings: readonly ConfigProblem[];
}

/** A node’s desired state, from its own settings, its cluster’s and the nominated master’s. */
export function desiredNode(node: NodeReading, membership: Membership): DesiredNode {
  const { variables, conf } = node;
  const { cluster, master, size } = membership;
  const { file, sentinel, gaps: ofSentinel } = desiredSentinel(node, membership);
  const gaps = [...(conf ? gapsOf(node, membership, conf) : []), ...ofSentinel];
  const isReplica = cluster.replication && node !== master;
  const place = {
    address: node.address,
    master: isReplica ? { host: master.address, port: master.variables.port } : null,
    replicas: cluster.replication ? size - 1 : 0,
  };
  const content = conf ? conf.content : renderRedisConf(variables, cluster, place);
  const server = placeOf('redis');
  const built: DesiredNode = {
    name: node.name,
    address: node.address,
    sshPort: node.sshPort,
    ...(node.sshUser === null ? {} : { sshUser: node.sshUser }),
    redisPort: variables.port,
    ...(variables.server ? { serverAsked: variables.server } : {}),
    packageName: server.packageName,
    unit: server.unit,
    ...(conf || file ? { templateGaps: gaps } : {}),
    dataDirectory: variables.folder,
    directories: dataDirectories(variables.folder, appendOnlyFolder(node)),
    redisConf: {
      path: server.conf,
      owner: server.user,
      group: server.user,
      mode: '640',
      content,
    },
    ...(conf ? {} : { unsaid: unsaidDirectives(variables, cluster, place) }),
    ...(sentinel ? { sentinel } : {}),
    ...(file ? { sentinelConf: file } : {}),
    dropIn: {
      path: server.dropIn,
      owner: 'root',
      group: 'root',
      mode: '644',
      content: renderDropIn(
        variables.folder,
        content.get('bind'),
        startWait(place.address, variables.port, sentinel, content),
      ),
    },
  };
  return placedOn(built, variables.server ?? 'redis');
}

function appendOnlyFolder({ variables: { directives }, conf }: NodeReading): string | undefined {
  const given =
    conf?.directives.get('appenddirname') ?? directives.find(({ name }) => name === 'appenddirname')?.parameters;
  return given?.[0];
}

function gapsOf(
  node: NodeReading,
  { master, cluster, warnings }: Membership,
  conf: TemplateConf,
): readonly TemplateGap[] {
  const { replication } = cluster;
  const { address, name, variables } = master;
  const follows = replication && node !== master ? { host: address, names: [name], port: variables.port } : null;
  // Warnings are the repository’s: one node says them.
  const ofFiles = node === master ? warnings.map(fileGap) : [];
  return [...ofFiles, ...templateGaps(conf, { address: node.address, replication, master: follows })];
}

function fileGap({ file, line, message }: ConfigProblem): TemplateGap {
  return { blocks: false, message: `${file}:${line}: ${message}`, hint: 'Ansible warns of it, too.' };
}
