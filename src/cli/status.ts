import { judge } from '../diagnose/judge.ts';
import { readinessOf } from '../domain/readiness/readiness.ts';
import type { DesiredCluster } from '../domain/desired.ts';
import type { RedisopsError } from '../domain/error.ts';
import { freezeAt } from '../domain/run/freeze.ts';
import { clusterFrozen } from '../domain/run/hold-up.ts';
import { look } from '../operation/look.ts';
import { notesOf } from '../operation/notes.ts';
import { statusReport } from '../report/cluster/status-report.ts';
import { statusJson } from '../report/json.ts';
import type { Answer } from './answer.ts';
import type { Context } from './context.ts';

/** Exit status 1 if the cluster is down or a node could not be read: unknown is not healthy. */
export async function status(context: Context): Promise<Answer> {
  const { desired, observed, incidents } = await look(context.source, context.cluster, context);
  const judgement = judge(desired, observed, incidents);
  const readiness = readinessOf(desired, observed);
  const notes = notesOf(desired, observed);
  return {
    kind: 'report',
    exit: ['down', 'unknown'].includes(judgement.verdict) ? 1 : 0,
    report: statusReport(desired, observed, judgement, {
      holdUps: freezeOf(desired, context),
      incidents,
      readiness,
      notes,
    }),
    json: statusJson(desired, observed, judgement, { incidents, readiness, notes }),
  };
}

function freezeOf({ cluster, policy }: DesiredCluster, { clock }: Context): readonly RedisopsError[] {
  const freeze = freezeAt(policy.freeze ?? [], clock.now());
  return freeze ? [clusterFrozen(cluster, freeze)] : [];
}
