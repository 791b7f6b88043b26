import type { ActionKind } from '../domain/action.ts';
import type { Code } from '../domain/code.ts';
import type { Finding } from '../domain/finding.ts';
import { actionsOf, type Plan } from '../domain/plan.ts';
import type { Reason } from '../domain/verdict.ts';

const LOG = 'No known cause fits. Check Redis’s log and the unit’s journal on the node.';
const NETWORK = 'No known cause fits. Check that the replica’s host reaches the master’s port, and the logs of both.';

/** Advice for reasons that no blocker explains. */
const ADVICE: Partial<Record<Code, string>> = {
  REPLICA_LINK_DOWN: NETWORK,
  REPLICA_LAGS: NETWORK,
  REPLICA_NOT_SEEN: NETWORK,
  OFFSET_STANDS_STILL: NETWORK,
  MASTER_UNKNOWN: 'If all nodes can be read, `plan` shows which one would become the master.',
  REPLICATION_ID_DIFFERS: 'The replica may be between two masters. Look again in a minute.',
};

/** The step that fixes a reason, if the plan has it. */
const CURES: Partial<Record<Code, { kind: ActionKind; does: string }>> = {
  SERVICE_NOT_ACTIVE: { kind: 'start-unit', does: '`apply` starts the unit.' },
  REDIS_UNREACHABLE: { kind: 'restart-unit', does: '`apply` restarts the unit.' },
  REPLICA_LINK_DOWN: { kind: 'replicate', does: '`apply` points the replica at its master.' },
};

const INTRUSION = 'INTRUSION_SUSPECTED' satisfies Code;

/** These are causes: the replicas’ other problems follow from them. */
const OF_THE_MASTER: ReadonlySet<Code> = new Set<Code>([
  'MASTER_DOWN',
  'MASTER_AMBIGUOUS',
  'MASTER_UNKNOWN',
  'BIND_TOO_NARROW',
]);

/** Reasons and blockers as symptoms, until a rule explains them. */
export function symptomsOf(
  reasons: readonly Reason[],
  { blockers, waves }: Pick<Plan, 'blockers' | 'waves'>,
): readonly Finding[] {
  const blocked = blockers.map((blocker) => rooted(symptom(blocker, 'it blocks every plan', blocker.hint)));
  const isCurable = blockers.length === 0;
  return withoutRepeats([
    ...blocked,
    ...reasons.map((reason) => (isCurable ? cured(reasonSymptom(reason), { waves }) : reasonSymptom(reason))),
  ]);
}

/** A broken link, a stopped unit and an unread master follow from other causes, on the node or on the master. */
export function withConsequences(findings: readonly Finding[]): readonly Finding[] {
  const causes = findings.filter(({ severity }) => severity === 'cause');
  return findings.map((finding) => {
    const root = causes.find((cause) => cause.id !== finding.id && explains(cause, finding));
    if (!root) return finding;
    // How much each node holds stays useful, and so does the way out.
    if (OF_THE_MASTER.has(finding.id)) return { ...finding, severity: 'symptom' };
    return { ...finding, severity: 'symptom', remedy: `It follows from ${root.id}.`, safe: false, fix: null };
  });
}

/** What else is wrong with a node that may have been broken into waits: mending it would wipe the traces. */
export function intrusionsFirst(findings: readonly Finding[]): readonly Finding[] {
  const intrusions = findings.filter(({ id }) => id === INTRUSION);
  const others = findings.filter(({ id }) => id !== INTRUSION);
  const isSuspected = (node: string | null): boolean => intrusions.some((intrusion) => intrusion.node === node);
  const behind = others.map((finding): Finding => {
    if (!isSuspected(finding.node) || finding.severity === 'warning') return finding;
    return {
      ...finding,
      severity: 'symptom',
      remedy: `Settle ${INTRUSION} on this node first.`,
      safe: false,
      fix: null,
    };
  });
  return [...intrusions, ...behind];
}

function explains(cause: Finding, { id, node }: Finding): boolean {
  const isOnNode = node !== null && cause.node === node;
  if (id === 'REPLICA_LINK_DOWN') return isOnNode || OF_THE_MASTER.has(cause.id);
  if (id === 'SERVICE_NOT_ACTIVE') return isOnNode && cause.id === 'UNIT_NOT_STARTABLE';
  return id === 'MASTER_UNKNOWN' && isOnNode;
}

/** What a probe write showed, and nothing else did. */
export function probeSymptomsOf(reasons: readonly Reason[]): readonly Finding[] {
  return reasons.map((reason) => ({ ...reasonSymptom(reason), evidence: ['`verify` reports it'] }));
}

/** Risks with a code concern the nodes; those without, the plan’s own steps. */
export function warningsOf({ risks }: Pick<Plan, 'risks'>): readonly Finding[] {
  return risks.flatMap(({ code, node, message }): readonly Finding[] => {
    if (code === null) return [];
    const warning = symptom({ code, node, message }, 'a risk of the current plan', '`plan` shows the steps.');
    return [{ ...warning, severity: 'warning' }];
  });
}

/** Drops repeats for the same node. */
export function withoutRepeats(findings: readonly Finding[]): readonly Finding[] {
  const isSame = (one: Finding, other: Finding): boolean => one.id === other.id && one.node === other.node;
  return findings.filter((finding, at) => findings.findIndex((other) => isSame(finding, other)) === at);
}

function reasonSymptom(reason: Reason): Finding {
  const found = symptom(reason, '`status` reports it', reason.hint ?? ADVICE[reason.code] ?? LOG);
  return reason.hint === undefined ? found : rooted(found);
}

function rooted(finding: Finding): Finding {
  return OF_THE_MASTER.has(finding.id) || finding.id === INTRUSION ? { ...finding, severity: 'cause' } : finding;
}

function cured(finding: Finding, plan: Pick<Plan, 'waves'>): Finding {
  const cure = CURES[finding.id];
  if (!cure || !actionsOf(plan).some(({ kind, node }) => kind === cure.kind && node === finding.node)) return finding;
  return { ...finding, remedy: cure.does, fix: { kind: 'converge' } };
}

function symptom({ code, node, message }: Reason, evidence: string, remedy: string): Finding {
  return {
    id: code,
    node,
    nodes: node === null ? [] : [node],
    since: null,
    severity: 'symptom',
    cause: message,
    evidence: [evidence],
    notBecause: [],
    remedy,
    safe: false,
    fix: null,
  };
}
