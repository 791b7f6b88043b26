import type { DesiredCluster } from '../domain/desired.ts';
import { sentinelFeed, type SentinelFeed } from '../observed/failover/sentinel-feed.ts';
import { desiredOf } from '../operation/look.ts';
import { FailoverWatch } from '../run/failover/watch-failovers.ts';
import type { RunPorts } from '../run/ports.ts';
import { watch, type Watch } from '../run/watch.ts';

/** The net below the events. */
const POLL_MS = 1000;
/** Where Git asks for no replication, and where it cannot be read. */
const SELDOM_MS = 30_000;
/** Git is read again after this time: its nodes and passwords may have changed. */
const GIT_MS = 30_000;

/** Watches the failovers of one cluster: only in the worker that holds its lease. */
export function watchFailovers(
  cluster: string,
  portsOf: () => RunPorts,
  { againMs, alarm }: { againMs: number; alarm: (isCertain: boolean) => void },
): Pick<Watch, 'close'> {
  const failovers = new FailoverWatch(cluster, { againMs }, alarm);
  let feed: SentinelFeed | null = null;
  let git: { desired: DesiredCluster; text: string; at: number } | null = null;
  const drop = (): void => {
    feed?.close();
    feed = null;
  };
  const current = async (ports: RunPorts): Promise<DesiredCluster> => {
    if (git && ports.clock.elapsed() - git.at < GIT_MS) return git.desired;
    const source = await ports.source(null);
    const desired = await desiredOf(source, cluster, ports);
    if (git?.text !== source.revision || source.revision === 'working tree') drop();
    git = { desired, text: source.revision, at: ports.clock.elapsed() };
    return desired;
  };
  const look = async (): Promise<number> => {
    const ports = portsOf();
    try {
      if (!(await failovers.isMine(ports))) {
        drop();
        return POLL_MS;
      }
      const desired = await current(ports);
      if (!desired.replication) return SELDOM_MS;
      feed ??= sentinelFeed(desired, ports.nodes, ports.clock, (event) => {
        if (failovers.isUrgent(event)) watching.hint();
      });
      await failovers.look(desired, feed, ports);
      return POLL_MS;
    } catch (error) {
      ports.log.debug({ cluster, error }, 'the cluster’s failovers could not be watched; retrying');
      return git ? POLL_MS : SELDOM_MS;
    }
  };
  const watching = watch(look, portsOf().clock, { firstMs: POLL_MS, settleMs: 100 });
  return {
    async close() {
      await watching.close();
      drop();
    },
  };
}
