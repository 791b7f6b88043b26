import { policyOfCluster } from '../desired/questions.ts';
import { RedisopsError } from '../domain/error.ts';
import { freezeAt } from '../domain/run/freeze.ts';
import { clusterFrozen, clusterLocked } from '../domain/run/hold-up.ts';
import type { Policy } from '../domain/run/policy.ts';
import { audited, type Note } from '../run/audited.ts';
import { lockReport, unlockReport } from '../report/cluster/lock-report.ts';
import type { Answer } from './answer.ts';
import { withEvidentStore } from './audit/audited-here.ts';
import type { Context } from './context.ts';
import type { Consent, Options } from './arguments/invocation.ts';
import { originHere } from './person.ts';
import { withStore } from './queue-store.ts';
import type { Store } from '../ports/store.ts';

/** The same lock as `/redis lock`. */
export function lock(context: Context, { reason, forMs }: Options['lock']): Promise<Answer> {
  return change('lock', context, async (cluster, store, note) => {
    const before = await store.lockOn(cluster);
    const locked = await store.lock(cluster, { by: originHere(), reason, forMs });
    const now = await store.lockOn(cluster);
    if (!now) throw new RedisopsError('NOT_LOCKED', 'The lock ended at once.', { hint: 'Lock it for longer.' });
    if (!locked) throw clusterLocked(cluster, now);
    await note('done', { what: `lock: ${now.reason}` });
    const running = (await store.runs(cluster, 50)).filter(({ status }) => status === 'running');
    return {
      kind: 'report',
      exit: 0,
      report: lockReport(cluster, now, { before, running }),
      json: { cluster, lock: now },
    };
  });
}

export function unlock(context: Context): Promise<Answer> {
  return change('unlock', context, async (cluster, store, note) => {
    const was = await store.unlock(cluster);
    if (!was) throw new RedisopsError('NOT_LOCKED', `${cluster} is not locked.`, { hint: 'Runs start as usual.' });
    await note('done', { what: `unlock; it was locked by ${was.by.actor}: ${was.reason}` });
    return { kind: 'report', exit: 0, report: unlockReport(cluster, was, originHere()), json: { cluster, lock: null } };
  });
}

/** Refused attempts are audited too. */
async function change(
  what: string,
  context: Context,
  act: (cluster: string, store: Store, note: Note) => Promise<Answer>,
): Promise<Answer> {
  const { cluster } = await policyOfCluster(context.source, context.cluster);
  const log = { error: () => context.tell('A refused attempt could not be audited.') };
  return withEvidentStore(context, (store) =>
    audited({ by: originHere(), what, cluster }, { store, clock: context.clock, log }, (note) =>
      act(cluster, store, note),
    ),
  );
}

/** What keeps a change from starting. If the lock cannot be read, the person is warned and may continue. */
export async function obstacleHere(
  { cluster, policy }: { cluster: string; policy: Policy },
  { breakGlass }: Pick<Consent, 'breakGlass'>,
  context: Pick<Context, 'settings' | 'clock' | 'tell'>,
): Promise<RedisopsError | null> {
  const held = await withStore(context.settings, (store) => store.lockOn(cluster)).catch((error: RedisopsError) => {
    context.tell(`Cannot check from here whether the cluster is locked: ${error.message}`);
    return null;
  });
  if (held) return clusterLocked(cluster, held);
  if (breakGlass !== null) return null;
  const freeze = freezeAt(policy.freeze ?? [], context.clock.now());
  return freeze && clusterFrozen(cluster, freeze);
}
