import { asRedisopsError } from '../domain/error.ts';
import { withoutCovered } from '../domain/health/covered.ts';
import { lookOver, type LookOver } from '../operation/look-over.ts';
import type { ConfigSource } from '../ports/git.ts';
import { watchDrift } from '../run/drift/watch-drift.ts';
import { watchHealth } from '../run/health/watch-health.ts';
import type { RunPorts } from '../run/ports.ts';
import { watch, type Watch } from '../run/watch.ts';
import { watchFailovers } from './failover-watch.ts';
import type { Program } from './program.ts';

/** Checks whether a look is due: often enough for the shortest interval. */
const CHECKS_PER_INTERVAL = 12;
const LONGEST_CHECK_MS = 5000;
const SHORTEST_CHECK_MS = 100;

/** Watches the drift and the health of every cluster, each for itself: one that hangs holds up no other. */
export function standingWatch(
  clusters: () => readonly string[],
  portsOf: (cluster: string, program: Program) => RunPorts,
  program: Program,
): Pick<Watch, 'close'> {
  const watches = new Map<string, Pick<Watch, 'close'>>();
  const againMs = program.settings.FAILOVER_AGAIN_MINUTES * 60_000;
  const withinMs = program.settings.WATCH_SECONDS * 1000;
  const everyMs = Math.min(LONGEST_CHECK_MS, Math.max(SHORTEST_CHECK_MS, withinMs / CHECKS_PER_INTERVAL));
  const begin = (cluster: string): Pick<Watch, 'close'> => {
    const ports = () => portsOf(cluster, { ...program, nodes: program.nodesToRead });
    let alarm: Alarm = null;
    let failing = false;
    const checking = watch(
      async () => {
        try {
          const raised = alarm;
          alarm = null;
          await checkCluster(cluster, { withinMs, alarm: raised }, ports());
          failing = false;
        } catch (error) {
          if (!failing) program.log.warn({ cluster, error }, 'the cluster could not be looked at; retrying');
          failing = true;
        }
        return everyMs;
      },
      program.clock,
      { firstMs: everyMs },
    );
    const raise = (isCertain: boolean): void => {
      alarm = isCertain || alarm === 'certain' ? 'certain' : 'look';
      checking.hint();
    };
    const failovers = watchFailovers(cluster, ports, { againMs, alarm: raise });
    return {
      async close() {
        await Promise.all([checking.close(), failovers.close()]);
      },
    };
  };
  const beginMissing = async (): Promise<number> => {
    for (const cluster of clusters()) if (!watches.has(cluster)) watches.set(cluster, begin(cluster));
    return everyMs;
  };
  const beginning = watch(beginMissing, program.clock);
  return {
    async close() {
      await beginning.close();
      await Promise.all([...watches.values()].map((each) => each.close()));
    },
  };
}

/** A look is wanted at once; `certain`: because Sentinel reported trouble. */
type Alarm = 'certain' | 'look' | null;

/** One look serves both, where both are due. */
async function checkCluster(
  cluster: string,
  { withinMs, alarm }: { withinMs: number; alarm: Alarm },
  ports: RunPorts,
): Promise<void> {
  let seen: Promise<LookOver> | null = null;
  const see = (source: ConfigSource): Promise<LookOver> => (seen ??= lookOver(source, cluster, ports));
  const failed = await watchDrift(cluster, ports, async (source) => {
    const { readiness: _reportedAsHealth, ...drift } = (await see(source)).drift;
    return drift;
  }).then(() => null, asRedisopsError);
  const isSeen = seen !== null;
  await watchHealth(
    cluster,
    {
      withinMs,
      soon: isSeen || alarm !== null,
      isCertain: alarm === 'certain',
      async see(source) {
        const { health } = await see(source);
        const [last = null] = await ports.store.failovers(cluster, 1);
        return withoutCovered(health, last, ports.clock.now());
      },
    },
    ports,
  );
  if (failed) throw failed;
}
