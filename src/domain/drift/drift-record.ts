import { driftFingerprint, driftName, type Drift, type DriftLook } from './drift.ts';

/** One drift of a cluster, from the look that found it to the one that finds it gone, as it is kept. Times: ISO 8601. */
export interface DriftRecord {
  cluster: string;
  /** As seen last; of nodes that could not be read, as seen before. */
  look: DriftLook;
  fingerprint: string;
  since: string;
  lookedAt: string;
  goneAt: string | null;
  /** Names of all differences that its message spoke of. */
  known: readonly string[];
  ignored: { until: string; by: string } | null;
  /** A run that shall end it; until the look after the run’s end. `by` is null where redisops began it by itself. */
  applying: { run: string; by: string | null } | null;
  /** When redisops last applied by itself; of earlier drifts, too. */
  appliedAt: string | null;
  /** Newest run of the cluster at the last look: a newer one may have ended the drift. */
  afterRun: string | null;
  /** A pull request that keeps what the nodes have. */
  pullRequest: { number: number; url: string } | null;
  /** Its one message. */
  message: { channel: string; timestamp: string } | null;
  /** What the message says: `driftShown` of then. */
  shown: string | null;
}

export interface DriftNews {
  /** What a look changes of the record. The whole of it where the drift is new. */
  change: Partial<DriftRecord>;
  record: DriftRecord;
  /** Differences that the message did not have before; none of a drift that is new itself. */
  added: readonly Drift[];
  /** It was ignored until now, and is there still. */
  returned: boolean;
}

/** What a look means for the drift that is known; null where there is none and was none. */
export function afterLook(before: DriftRecord | null, look: DriftLook, now: Date): DriftNews | null {
  const open = before?.goneAt === null ? before : null;
  const seen = { ...look, drifts: [...look.drifts, ...remembered(open, look)] };
  const lookedAt = now.toISOString();
  if (seen.drifts.length === 0 && seen.unread.length === 0)
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
    // What is ignored is what was seen: something new is not.
    ...(over || (ignored && added.length > 0) ? { ignored: null } : {}),
    ...(open.applying ? { applying: null } : {}),
  });
  return { ...news, added, returned: over };
}

/** Unknown is not gone. */
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

/** Differs where the message would. */
export function driftShown({ fingerprint, goneAt, ignored, applying, appliedAt, pullRequest }: DriftRecord): string {
  return JSON.stringify([fingerprint, goneAt, ignored, applying, appliedAt, pullRequest]);
}

const APPLY_AGAIN_MS = 3_600_000;

/** Until when redisops does not apply by itself again; null where it may. */
export function heldUntil({ appliedAt }: DriftRecord, now: Date): Date | null {
  if (appliedAt === null) return null;
  const until = new Date(Date.parse(appliedAt) + APPLY_AGAIN_MS);
  return until > now ? until : null;
}
