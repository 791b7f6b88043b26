import type { Action } from '../../domain/action.ts';
import type { HostFacts, StrayProcess } from '../../domain/facts.ts';
import type { Blocker } from '../../domain/plan.ts';
import { isOnlyCopy } from '../roles/own-data.ts';
import type { Pair } from '../roles/topology.ts';

/** Stops processes outside systemd. Those with data are checked below. */
export function strayActions({ desired: node }: Pair, { strayProcesses }: HostFacts): readonly Action[] {
  return strayProcesses.map(({ pid, startTicks, command }) => ({
    kind: 'stop-stray-process',
    node: node.name,
    summary: `Stop process ${pid} (${command})`,
    disruptive: true,
    reason: 'It does not belong to systemd and blocks the unit.',
    pid,
    startTicks,
  }));
}

/** Sentinel holds no data. A Redis may be stopped if it was read and its data exists elsewhere too. */
export function strayBlockers(pair: Pair, host: HostFacts, master: Pair | null): readonly Blocker[] {
  const { name } = pair.desired;
  return host.strayProcesses
    .filter(({ command }) => !isSentinel(command))
    .flatMap((stray): readonly Blocker[] => {
      const message = obstacle(stray, pair, master);
      if (message === null) return [];
      const { unit, redisConf, dataDirectory } = pair.desired;
      const file = `${dataDirectory}/${redisConf.content.get('dbfilename') ?? 'dump.rdb'}`;
      const hint = `Leave it running: ${unit} would start without its data. To move here: BGSAVE, copy its RDB file to ${file} (owner redis), stop it, then plan again.`;
      return [{ code: 'STRAY_HOLDS_DATA', node: name, message: `${name}: ${message}`, hint }];
    });
}

/** By its own title, `redis-server *:26379 [sentinel]`: a Redis may have any path in its command line. */
function isSentinel(command: string): boolean {
  return /^\S*redis-sentinel(?:\s|$)|\s\[sentinel\]$/.test(command);
}

function obstacle({ pid, command, directory }: StrayProcess, pair: Pair, master: Pair | null): string | null {
  const { redis } = pair;
  const isRead = redis?.processId === pid;
  const file = isRead ? `${redis.configFile === '' ? 'no configuration file' : redis.configFile} and ` : '';
  const place = directory === undefined ? '' : ` with ${file}data in ${directory}`;
  const name = `process ${pid} (${command})${place}, which does not belong to systemd,`;
  if (!redis || !isRead) return `${name} cannot be read, so its data is unknown.`;
  return isOnlyCopy(pair, master) ? `${name} is a ${redis.role} with ${redis.keys} keys that no other node has.` : null;
}
