import type { RedisopsError } from '../../domain/error.ts';
import { freezeAt } from '../../domain/run/freeze.ts';
import { clusterFrozen, clusterLocked } from '../../domain/run/hold-up.ts';
import type { RunRecord } from '../../domain/run/run.ts';
import { policiesOf } from './policies-of.ts';
import type { RunPorts } from '../ports.ts';

type Starting = Pick<RunRecord, 'run' | 'cluster' | 'base' | 'breakGlass'> & Partial<Pick<RunRecord, 'revision'>>;

/**
 * What keeps a run from starting: the cluster’s lock, or a freeze in redisops.yml, at the branch’s head and, for a
 * merge, at its base: no pull request lifts its own freeze. Null if nothing does, or if the run had begun under another
 * worker: it is finished.
 * @throws QUEUE_FAILED, and what reading redisops.yml throws.
 */
export async function obstacleToStart(run: Starting, ports: RunPorts): Promise<RedisopsError | null> {
  if ((await ports.store.journal(run.run)).length > 0) return null;
  const lock = await ports.store.lockOn(run.cluster);
  if (lock) return clusterLocked(run.cluster, lock);
  if (run.breakGlass !== undefined) return null;
  const windows = (await policiesOf(run, ports)).flatMap(({ freeze = [] }) => freeze);
  const freeze = freezeAt(windows, ports.clock.now());
  return freeze && clusterFrozen(run.cluster, freeze);
}
