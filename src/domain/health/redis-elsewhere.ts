import type { DesiredNode } from '../desired.ts';
import type { HostFacts, OtherRedis, RedisFacts } from '../facts.ts';

type Place = Pick<DesiredNode, 'redisPort' | 'dataDirectory' | 'dropIn'>;

/** Another Redis in place of the node’s own, and its owner, as far as known. */
export interface RunningElsewhere {
  /** `redis_6379.service (process 812)`. */
  owner: string;
  /** INFO’s config_file; null without an answer, empty without a file. */
  configFile: string | null;
  directory: string | null;
}

/**
 * A Redis of another service, of a container or behind a forwarded port, beside which the unit would start; null if
 * there is none. On a node that never ran the unit, any other Redis may be the intended one.
 */
export function redisElsewhere(node: Place, host: HostFacts, redis: RedisFacts): RunningElsewhere | null {
  const { unit, strayProcesses } = host;
  const answering = redis.state === 'up' ? redis : null;
  if (answering && (answering.processId === unit.mainPid || unit.mainPid !== 0)) return null;
  const own = host.otherRedis.find((other) => isInTheWay(other, node, host));
  if (own) {
    const configFile = answering && isAnswering(own, answering.processId) ? answering.configFile : null;
    return { owner: `${own.owner} (process ${own.pid})`, configFile, directory: own.directory };
  }
  if (!answering || strayProcesses.some(({ pid }) => pid === answering.processId)) return null;
  const listener = host.preflight.listeners?.find(({ process }) => process !== null)?.process;
  const owner = listener
    ? `${listener.controlGroup ?? listener.name} (${listener.name}, process ${listener.pid})`
    : 'a process that is not seen on the host';
  return { owner, configFile: answering.configFile, directory: answering.configuration.get('dir') ?? null };
}

function isInTheWay(other: OtherRedis, { redisPort, dataDirectory, dropIn }: Place, { files }: HostFacts): boolean {
  const folder = files.get(dataDirectory);
  const folders = [dataDirectory, folder?.exists ? folder.realPath : undefined];
  const isFirstStart = files.get(dropIn.path)?.exists !== true;
  return isFirstStart || other.port === redisPort || (!other.inContainer && folders.includes(other.directory ?? ''));
}

/** Processes in a container have their own numbering. */
function isAnswering({ pid, inContainer }: OtherRedis, processId: number): boolean {
  return inContainer || pid === processId;
}
