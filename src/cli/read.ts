import { judge } from '../diagnose/judge.ts';
import { diagnose } from '../diagnose/diagnose.ts';
import { readDesired } from '../desired/read-desired.ts';
import { renderFile } from '../desired/render-file.ts';
import type { DesiredCluster } from '../domain/desired.ts';
import type { RedisopsError } from '../domain/error.ts';
import { freezeAt } from '../domain/run/freeze.ts';
import { clusterFrozen } from '../domain/run/hold-up.ts';
import { drift as lookForDrift, look, propose } from '../operation.ts';
import { doctorReport } from '../report/cluster/doctor-report.ts';
import { driftReport } from '../report/cluster/drift-report.ts';
import { historyReport } from '../report/run/history-report.ts';
import { doctorJson, driftJson, planJson, statusJson, verifyJson } from '../report/text/json.ts';
import { planReport } from '../report/plan/plan-report.ts';
import { statusReport } from '../report/cluster/status-report.ts';
import { verifyReport } from '../report/cluster/verify-report.ts';
import { readHistory } from '../adapters/store/run-log.ts';
import { verify as verifyCluster } from '../verify/verify.ts';
import type { Answer } from './answer.ts';
import type { Context } from './context.ts';

/** Exit status 1 when a node could not be read: unknown is not healthy. */
export async function status(context: Context): Promise<Answer> {
  const { desired, observed } = await look(context.source, context.invocation.cluster, context);
  const judgement = judge(desired, observed);
  return {
    kind: 'report',
    exit: judgement.verdict === 'unknown' ? 1 : 0,
    report: statusReport(desired, observed, judgement, freezeOf(desired, context)),
    json: statusJson(desired, observed, judgement),
  };
}

function freezeOf({ cluster, policy }: DesiredCluster, { clock }: Context): readonly RedisopsError[] {
  const freeze = freezeAt(policy.freeze ?? [], clock.now());
  return freeze ? [clusterFrozen(cluster, freeze)] : [];
}

/** Exit status 2 when there is a difference, 3 when a guard stands against it. */
export async function plan(context: Context): Promise<Answer> {
  const proposal = await propose({ kind: 'converge' }, context.source, context.invocation.cluster, context);
  const { blockers, waves } = proposal.plan;
  const exit = blockers.length > 0 ? 3 : waves.length > 0 ? 2 : 0;
  return { kind: 'report', exit, report: planReport(proposal.plan), json: planJson(proposal.plan) };
}

export async function verify(context: Context): Promise<Answer> {
  const desired = await desiredOf(context);
  const verification = await verifyCluster(desired, context.nodes);
  const exit = verification.verdict === 'healthy' ? 0 : 1;
  return { kind: 'report', exit, report: verifyReport(verification), json: verifyJson(verification) };
}

export async function doctor(context: Context): Promise<Answer> {
  const { desired, observed } = await look(context.source, context.invocation.cluster, context);
  const findings = diagnose(desired, observed);
  return {
    kind: 'report',
    exit: findings.length > 0 ? 1 : 0,
    report: doctorReport(findings),
    json: doctorJson(findings),
  };
}

/** Exit status 2 when there is a difference; else 1 when a node could not be read: unknown is not “no drift”. */
export async function drift(context: Context): Promise<Answer> {
  const found = await lookForDrift(context.source, context.invocation.cluster, context);
  const exit = found.drifts.length > 0 ? 2 : found.unread.length > 0 ? 1 : 0;
  return { kind: 'report', exit, report: driftReport(found), json: driftJson(found) };
}

export async function history(context: Context): Promise<Answer> {
  const found = await readHistory(context.settings.STATE_DIR, context.invocation.cluster ?? null, 20);
  return { kind: 'report', exit: 0, report: historyReport(found), json: found };
}

export async function render(context: Context): Promise<Answer> {
  const { node, file, reveal } = context.invocation;
  const content = renderFile(await desiredOf(context), node ?? '', file);
  return { kind: 'bytes', exit: 0, text: reveal ? content.reveal() : content.masked() };
}

async function desiredOf({ source, invocation: { cluster }, vaultPassword }: Context) {
  return readDesired(source, {
    ...(cluster === undefined ? {} : { cluster }),
    ...(vaultPassword ? { vaultPassword } : {}),
  });
}
