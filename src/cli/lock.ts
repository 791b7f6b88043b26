import { userInfo } from 'node:os';
import { policyOfCluster } from '../desired/rules/read-rules.ts';
import { RedisopsError } from '../domain/error.ts';
import { freezeAt } from '../domain/run/freeze.ts';
import { clusterFrozen, clusterLocked } from '../domain/run/hold-up.ts';
import { readDuration } from '../domain/run/lock.ts';
import type { Policy } from '../domain/run/policy.ts';
import type { Origin } from '../domain/run/run.ts';
import { lockReport, unlockReport } from '../report/cluster/lock-report.ts';
import type { Answer } from './answer.ts';
import type { Context } from './context.ts';
import { withStore } from './queue-store.ts';
import type { Store } from '../ports/store.ts';

/** The same lock as `/redis lock`. */
export async function lock(context: Context): Promise<Answer> {
  const { cluster } = await policyOfCluster(context.source, context.invocation.cluster);
  const { reason, duration } = context.invocation;
  const forMs = duration === null ? null : readDuration(duration);
  const by = person();
  return withStore(context.settings, async (store) => {
    const locked = await store.lock(cluster, { by, reason: reason ?? '', forMs });
    const now = await store.lockOn(cluster);
    if (!now) throw new RedisopsError('NOT_LOCKED', 'The lock ended at once.', { hint: 'Lock it for longer.' });
    if (!locked) throw clusterLocked(cluster, now);
    await audit(store, context, cluster, `lock: ${now.reason}`);
    const running = (await store.runs(cluster, 50)).filter(({ status }) => status === 'running');
    return { kind: 'report', exit: 0, report: lockReport(cluster, now, running), json: { cluster, lock: now } };
  });
}

export async function unlock(context: Context): Promise<Answer> {
  const { cluster } = await policyOfCluster(context.source, context.invocation.cluster);
  return withStore(context.settings, async (store) => {
    const was = await store.unlock(cluster);
    if (!was) throw new RedisopsError('NOT_LOCKED', `${cluster} is not locked.`, { hint: 'Runs start as ever.' });
    await audit(store, context, cluster, `unlock; it was locked by ${was.by.actor}: ${was.reason}`);
    return { kind: 'report', exit: 0, report: unlockReport(cluster, was, person()), json: { cluster, lock: null } };
  });
}

/** What keeps a change from starting. Where the lock cannot be seen, the person is told, and goes on without. */
export async function obstacleHere(
  { cluster, policy }: { cluster: string; policy: Policy },
  context: Pick<Context, 'settings' | 'invocation' | 'clock' | 'tell'>,
): Promise<RedisopsError | null> {
  const held = await withStore(context.settings, (store) => store.lockOn(cluster)).catch((error: RedisopsError) => {
    context.tell(`Whether the cluster is locked cannot be seen from here: ${error.message}`);
    return null;
  });
  if (held) return clusterLocked(cluster, held);
  if (context.invocation.breakGlass !== null) return null;
  const freeze = freezeAt(policy.freeze ?? [], context.clock.now());
  return freeze && clusterFrozen(cluster, freeze);
}

function person(): Origin {
  return { from: 'cli', actor: userInfo().username };
}

async function audit(store: Store, { clock }: Context, cluster: string, what: string): Promise<void> {
  const at = clock.now().toISOString();
  await store.audit({ at, origin: person(), cluster, what, outcome: 'done', run: null });
}
