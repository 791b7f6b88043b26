import type { Endpoint } from '../../domain/replication/endpoint.ts';
import type { Secret } from '../../domain/secret.ts';
import { sentinelFile, type SentinelFile } from '../../domain/sentinel/sentinel-file.ts';
import { quoteArgument } from '../../domain/text/arguments.ts';
import type { SentinelVariables } from '../variables/sentinel-variables.ts';

interface Place {
  address: string;
  master: Endpoint;
  masterName: string;
  quorum: number;
  /** `requirepass` of Redis. */
  password: Secret | null;
}

/**
 * sentinel.conf from the variables, for the first start: from then on the file belongs to Sentinel. It listens on the
 * node’s own address, first: older versions connect to the others from there.
 */
export function renderSentinelConf(
  variables: SentinelVariables,
  { address, master, masterName, quorum, password }: Place,
): SentinelFile {
  const own = variables.password;
  const secrets = [own, password].filter((each) => each !== null);
  return sentinelFile(
    [
      `port ${variables.port}`,
      `bind ${address} 127.0.0.1`,
      // With it, Sentinels without a password refuse each other.
      'protected-mode no',
      'daemonize no',
      'supervised systemd',
      'pidfile /run/sentinel/redis-sentinel.pid',
      'logfile /var/log/redis/redis-sentinel.log',
      'dir /var/lib/redis',
      ...(own ? [`requirepass ${quoteArgument(own.reveal())}`] : []),
      'sentinel deny-scripts-reconfig yes',
      `sentinel monitor ${masterName} ${master.host} ${master.port} ${quorum}`,
      ...(password ? [`sentinel auth-pass ${masterName} ${quoteArgument(password.reveal())}`] : []),
      `sentinel down-after-milliseconds ${masterName} ${variables.downAfterMs}`,
      `sentinel failover-timeout ${masterName} ${variables.failoverTimeoutMs}`,
      `sentinel parallel-syncs ${masterName} ${variables.parallelSyncs}`,
    ],
    secrets,
  );
}
