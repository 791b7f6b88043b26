import { driftFingerprint, driftName, type Drift, type DriftLook } from './drift.ts';

/** One drift of a cluster as stored, from first detection until it is gone. Times: ISO 8601. */
export interface DriftRecord {
  cluster: string;
  /** The latest observation; for unreadable nodes, the last readable one. */
  look: DriftLook;
  fingerprint: string;
  since: string;
  lookedAt: string;
  goneAt: string | null;
  /** Names of all differences reported in its message. */
  known: readonly string[];
  ignored: { until: string; by: string } | null;
  /** The run that should end the drift, until the first look after the run. `by` is null for an automatic run. */
  applying: { run: string; by: string | null } | null;
  /** Time of the last automatic apply, also for earlier drifts. */
  appliedAt: string | null;
  /** The cluster’s newest run at the last look: a newer one may have ended the drift. */
  afterRun: string | null;
  /** The pull request that puts the nodes’ values into Git. */
  pullRequest: { number: number; url: string } | null;
  message: { channel: string; timestamp: string } | null;
  /** `driftShown` of the message as posted. */
  shown: string | null;
}

export interface DriftNews {
  /** Changed fields; all fields for a new drift. */
  change: Partial<DriftRecord>;
  record: DriftRecord;
  /** Differences that the message lacks; none if the drift is new. */
  added: readonly Drift[];
  /** Whether an ignored drift is still there now that the ignore has expired. */
  returned: boolean;
}

/** How a look changes the known drift; null if there was none and is none. */
export function afterLook(before: DriftRecord | null, look: DriftLook, now: Date): DriftNews | null {
  const open = before?.goneAt === null ? before : null;
  const seen = { ...look, drifts: [...look.drifts, ...remembered(open, look)] };
  const lookedAt = now.toISOString();
  if (seen.drifts.length + seen.unread.length + (seen.readiness?.length ?? 0) === 0)
    return open && changed(open, { lookedAt, look: seen, goneAt: lookedAt, applying: null });
  if (!open) return begun(before, seen, lookedAt);

  const added = seen.drifts.filter((drift) => !open.known.includes(driftName(drift)));
  const { ignored } = open;
  const over = ignored !== null && ignored.until <= lookedAt;
  const news = changed(open, {
    lookedAt,
    look: seen,
    fingerprint: driftFingerprint(seen),
    ...(added.length > 0 ? { known: [...open.known, ...added.map(driftName)] } : {}),
    // Only the differences seen at that time are ignored.
    ...(over || (ignored && added.length > 0) ? { ignored: null } : {}),
    ...(open.applying ? { applying: null } : {}),
  });
  return { ...news, added, returned: over };
}

/** An unreadable node’s drift is not gone. */
function remembered(open: DriftRecord | null, { unread }: DriftLook): readonly Drift[] {
  const names = unread.map(({ node }) => node);
  return (open?.look.drifts ?? []).filter(({ node }) => names.includes(node));
}

function changed(record: DriftRecord, change: Partial<DriftRecord>): DriftNews {
  return { change, record: { ...record, ...change }, added: [], returned: false };
}

function begun(before: DriftRecord | null, look: DriftLook, at: string): DriftNews {
  const record: DriftRecord = {
    cluster: look.cluster,
    look,
    fingerprint: driftFingerprint(look),
    since: at,
    lookedAt: at,
    goneAt: null,
    known: look.drifts.map(driftName),
    ignored: null,
    applying: null,
    appliedAt: before?.appliedAt ?? null,
    afterRun: before?.afterRun ?? null,
    pullRequest: null,
    message: null,
    shown: null,
  };
  return { change: record, record, added: [], returned: false };
}

/** Differs whenever the message would. */
export function driftShown({ fingerprint, goneAt, ignored, applying, appliedAt, pullRequest }: DriftRecord): string {
  return JSON.stringify([fingerprint, goneAt, ignored, applying, appliedAt, pullRequest]);
}

const APPLY_AGAIN_MS = 3_600_000;

/** When redisops may next apply by itself; null if now. */
export function heldUntil({ appliedAt }: DriftRecord, now: Date): Date | null {
  if (appliedAt === null) return null;
  const until = new Date(Date.parse(appliedAt) + APPLY_AGAIN_MS);
  return until > now ? until : null;
}
