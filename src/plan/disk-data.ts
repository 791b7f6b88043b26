import type { DesiredNode } from '../domain/desired.ts';
import type { HostFacts } from '../domain/facts.ts';
import type { Blocker } from '../domain/plan.ts';
import { directivesOf } from '../domain/redis-conf.ts';

/**
 * A master that is stopped may have its data on disk. Started as a replica it would drop what it loads, and write the
 * new master’s data over it: after an outage of all nodes that can be the only copy.
 */
export function diskDataBlockers(node: DesiredNode, host: HostFacts): readonly Blocker[] {
  const files = dataFiles(node, host);
  if (files.length === 0 || wasReplica(node, host)) return [];
  return [
    {
      code: 'REPLICA_HOLDS_DATA',
      node: node.name,
      message: `${node.name} does not run, its redis.conf does not make it a replica, and it has data on disk: ${files.join(', ')}. As a replica it would lose them.`,
      hint: 'If that data counts, start this node first: the one that runs with data is the master. If not, move the files away.',
    },
  ];
}

function wasReplica(node: DesiredNode, host: HostFacts): boolean {
  const conf = host.files.get(node.redisConf.path);
  return conf?.exists === true && conf.content !== undefined && directivesOf(conf.content).some(isRole);
}

function isRole({ name, value }: { name: string; value: string }): boolean {
  return name === 'replicaof' && value.toLowerCase() !== 'no one';
}

/** What the new settings would load and write over. Other remains are left alone by Redis. */
function dataFiles(node: DesiredNode, { files }: HostFacts): readonly string[] {
  const wanted = new Map(directivesOf(node.redisConf.content).map(({ name, value }) => [name, value]));
  const snapshot = `${node.dataDirectory}/${wanted.get('dbfilename') ?? 'dump.rdb'}`;
  const log = `${node.dataDirectory}/${wanted.get('appenddirname') ?? 'appendonlydir'}/`;
  const appendsOnly = wanted.get('appendonly')?.toLowerCase() === 'yes';
  return [...files]
    .filter(([path]) => path === snapshot || (appendsOnly && path.startsWith(log)))
    .filter(([, file]) => file.exists && file.type === 'file' && file.size > 0)
    .map(([path]) => path)
    .toSorted();
}
