import type { DesiredSentinel, TemplateGap } from '../../domain/desired.ts';
import { SentinelFile } from '../../domain/sentinel/sentinel-file.ts';
import { renderSentinelConf } from '../confs/sentinel-conf-template.ts';
import { sentinelGaps } from '../confs/sentinel-gaps.ts';
import type { Cluster } from './read-cluster.ts';
import type { NodeReading } from './read-node.ts';

export interface SentinelMembership {
  cluster: Cluster;
  /** The nominated master. */
  master: NodeReading;
  /** The cluster’s name. */
  name: string;
  /** Number of hosts that run Sentinel. */
  sentinels: number;
  waitsForSentinel?: boolean;
}

export interface SentinelReading {
  /** As rendered, from the repository’s template or from the variables; null without either. */
  file: SentinelFile | null;
  /** Null where Git asks for no Sentinel on the host. */
  sentinel: DesiredSentinel | null;
  gaps: readonly TemplateGap[];
}

/** A host’s Sentinel: the repository’s own template says everything, otherwise the variables. */
export function desiredSentinel(
  node: Pick<NodeReading, 'address' | 'hasSentinel' | 'sentinel'>,
  { cluster, master, name, sentinels, waitsForSentinel = true }: SentinelMembership,
): SentinelReading {
  const isWanted = cluster.sentinel && node.hasSentinel;
  const file = node.sentinel ? SentinelFile.parse(node.sentinel.content) : isWanted ? ours() : null;
  if (!file) return { file: null, sentinel: null, gaps: [] };
  const watched = {
    master: { name: master.name, address: master.address, port: master.variables.port },
    password: cluster.password,
    sentinels: cluster.sentinel ? sentinels : null,
    size: sentinels,
    isTemplate: node.sentinel !== undefined,
  };
  const gaps = sentinelGaps(file, watched);
  if (!isWanted) return { file, sentinel: null, gaps };
  const [monitor] = file.monitors;
  return {
    file,
    gaps,
    sentinel: {
      packageName: 'redis-sentinel',
      unit: 'redis-sentinel.service',
      ...(waitsForSentinel ? {} : { startsAtOnce: true as const }),
      port: file.port,
      masterName: file.monitors.find((each) => each.host === master.address)?.master ?? monitor?.master ?? name,
      file: { path: '/etc/redis/sentinel.conf', owner: 'redis', group: 'redis', mode: '640', content: file },
    },
  };

  function ours(): SentinelFile {
    return renderSentinelConf(cluster.sentinels, {
      address: node.address,
      master: { host: master.address, port: master.variables.port },
      masterName: cluster.sentinels.masterName ?? name,
      quorum: cluster.sentinels.quorum ?? Math.floor(sentinels / 2) + 1,
      password: cluster.password,
    });
  }
}
