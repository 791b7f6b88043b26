import type { DesiredCluster } from '../domain/desired.ts';
import type { NodeFacts, ReachableNode, RedisUp } from '../domain/facts.ts';
import type { DriftLook } from '../domain/drift/drift.ts';
import { isHealthy, type Finding } from '../domain/finding.ts';
import { verbOf } from '../domain/goal.ts';
import type { Incident } from '../domain/health/last-look.ts';
import type { Plan, Risk } from '../domain/plan.ts';
import { ownVersion } from '../domain/server/version.ts';
import type { RunResult } from '../domain/run/run.ts';
import type { Lack } from '../domain/sentinel/lack.ts';
import type { Judgement } from '../domain/verdict.ts';
import type { Verification } from '../domain/verification.ts';
import { isUp, lagBytes, linkOf } from './parts/replication.ts';
import { entryOverview } from '../domain/health/entry-overview.ts';
import { sentinelOverview } from './parts/sentinels.ts';

const MOVES_ROLE: ReadonlySet<string> = new Set(['failover', 'drain', 'drill']);

/** What a status has beside the verdict and the nodes. */
interface Besides {
  incidents?: readonly Incident[];
  readiness?: readonly Lack[];
  notes?: readonly Risk[];
}

/** The `--json` documents. Their shape is a contract: unknown values are null, never left out. */

/**
 * `reasons`: `{code, node, message}`, empty when healthy. `service`: systemd’s ActiveState. `sentinel`: null without. `entry`: left
 * out where Git names none. `drained` of a node: left out unless it is.
 * `readiness`: why an automatic failover would fail, whatever the verdict. `notes`: a role that a run left elsewhere.
 */
export function statusJson(
  desired: DesiredCluster,
  observed: readonly NodeFacts[],
  { verdict, reasons }: Judgement,
  { incidents = [], readiness = [], notes = [] }: Besides = {},
) {
  return {
    cluster: desired.cluster,
    verdict,
    reasons: reasons.map(({ code, node, message }) => ({ code, node, message })),
    nodes: observed.map((node) => nodeJson(node, observed, desired)),
    sentinel: sentinelOverview(desired, observed),
    ...(desired.entry ? { entry: entryOverview(desired, observed) } : {}),
    readiness: readiness.map(({ code, message }) => ({ code, message })),
    incidents: incidents.map(({ code, node, message, at }) => ({ code, node, message, at })),
    notes: notes.map(({ code, node, message }) => ({ code, node, message })),
  };
}

/** `unit`: the one that runs Redis. `configFile`: what Redis was started with, or would be. */
function nodeJson(node: NodeFacts, observed: readonly NodeFacts[], desired: DesiredCluster) {
  const link = linkOf(node);
  return {
    name: node.name,
    address: node.address,
    reachable: node.reachable,
    role: isUp(node) ? node.redis.role : null,
    link: link === null ? null : link.up ? ('up' as const) : ('down' as const),
    offset: isUp(node) ? node.redis.offset : null,
    lagBytes: lagBytes(node, observed),
    service: node.reachable ? node.host.unit.activeState : null,
    server: isUp(node) ? serverOf(node.redis) : null,
    unit: node.reachable ? unitOf(node, desired) : null,
    configFile: configFileOf(node),
    ...drainedOf(node, desired),
  };
}

function serverOf(redis: RedisUp) {
  return { flavour: redis.valkeyVersion === undefined ? 'redis' : 'valkey', version: ownVersion(redis) } as const;
}

function unitOf({ name, host, redis }: ReachableNode, { nodes }: DesiredCluster): string | null {
  if (redis.state === 'up' && redis.processId !== host.unit.mainPid)
    return host.otherRedis.find(({ pid }) => pid === redis.processId)?.owner ?? null;
  return nodes.find((node) => node.name === name)?.unit ?? null;
}

function drainedOf({ name }: NodeFacts, { nodes }: DesiredCluster) {
  const drained = nodes.find((node) => node.name === name)?.drained;
  return drained ? { drained: { at: drained.at, by: drained.by } } : {};
}

function configFileOf(node: NodeFacts): string | null {
  if (!node.reachable) return null;
  if (node.redis.state === 'up') return node.redis.configFile === '' ? null : node.redis.configFile;
  return node.host.unit.start?.redis?.configFile ?? null;
}

/** `goal`: the value, `{kind: "converge"}` or `{kind: "resync", node}`. `opens`: `[{code, message}]`, only where something opens. */
export function planJson({ digest, goal, waves, blockers }: Plan) {
  return {
    digest,
    goal,
    waves: waves.map(({ actions }) => ({
      actions: actions.map(({ node, kind, summary, disruptive, opens }) => {
        return { node, kind, summary, disruptive, ...(opens ? { opens } : {}) };
      }),
    })),
    blockers: blockers.map(({ code, node, message }) => ({ code, node, message })),
  };
}

/**
 * `outageMs`: `{following, fixed}`, null where the master was left alone. `backups`: paths on the machine running
 * redisops. A failover has its figures besides, and its plan: without an approval, that is the dry run.
 */
export function runJson(result: RunResult) {
  const { run, outcome, code, nodes, verification, durationMs, outageMs, backups = [] } = result;
  return {
    run,
    outcome,
    code,
    nodes: nodes.map(({ name, ok, changed, failed, skipped }) => ({ name, ok, changed, failed, skipped })),
    verification: verification === null ? null : verifyJson(verification),
    durationMs,
    outageMs: outageMs ?? null,
    backups: backups.map(({ node, path, keys, bytes, sha256 }) => ({ node, path, keys, bytes, sha256 })),
    ...(MOVES_ROLE.has(result.goal.kind) ? failoverJson(result) : {}),
  };
}

/** `plan`: as `plan --json`. `candidates`: `{node, isCandidate, reasons}` for every node. */
function failoverJson({ failover, plan, drill }: RunResult) {
  const { writes } = failover ?? {};
  return {
    from: failover?.from ?? plan?.topology.master ?? null,
    to: failover?.to ?? null,
    writesHeldBackMs: failover?.writesHeldBackMs ?? null,
    writes: writes ? { acknowledged: writes.acknowledged, lost: writes.lost } : null,
    ...(drill ? { drill: { readOnly: writes?.readOnly ?? null, ...drill } } : {}),
    plan: plan === null ? null : planJson(plan),
    candidates: plan?.candidates ?? [],
  };
}

/** `entry`: per address of the clients’ entry; absent where Git names none. */
export function verifyJson({ verdict, master, replicas, entry }: Verification) {
  return {
    verdict,
    master,
    replicas: replicas.map(({ name, value, latencyMs, offsetLag }) => ({ name, value, latencyMs, offsetLag })),
    ...(entry ? { entry } : {}),
  };
}

/** `fix`: the verb that applies the remedy, such as `apply`; null if only a person can. */
export function doctorJson(findings: readonly Finding[]) {
  return {
    healthy: isHealthy(findings),
    findings: findings.map(({ id, node, nodes, since, severity, cause, evidence, notBecause, remedy, safe, fix }) => ({
      id,
      node,
      nodes,
      since,
      severity,
      cause,
      evidence,
      notBecause,
      remedy,
      safe,
      fix: fix === null ? null : verbOf(fix),
    })),
  };
}

/** `actual`: the node’s value. `unread`: nodes that could not be compared. */
export function driftJson({ cluster, revision, drifts, unread }: DriftLook) {
  return {
    cluster,
    revision,
    drifts: drifts.map(({ node, kind, subject, git, actual }) => ({ node, kind, subject, git, actual })),
    unread: unread.map(({ node, code, reason }) => ({ node, code, reason })),
  };
}
