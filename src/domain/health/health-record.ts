import type { MessageReference } from '../chat/message.ts';
import type { Unready } from '../drift/drift.ts';
import type { Reason, Verdict } from '../verdict.ts';
import type { Acknowledgement } from '../chat/acknowledgement.ts';
import { fingerprintOf } from '../text/fingerprint.ts';

/** A cluster as the standing watch sees it. */
export interface HealthLook {
  cluster: string;
  revision: string;
  verdict: Verdict;
  /** Empty if healthy. */
  reasons: readonly Reason[];
  /** Why an automatic failover would fail; empty if it would not. */
  readiness: readonly Unready[];
}

/**
 * `suspected`: trouble seen once, not reported yet. `ill`: reported. `recovering`: seen well once, still reported as
 * ill.
 */
export type HealthState = 'well' | 'suspected' | 'ill' | 'recovering';

/** What the standing watch knows of a cluster, and what it has reported. Times: ISO 8601. */
export interface HealthRecord {
  cluster: string;
  /** The last look that found trouble; while well, the last look. */
  look: HealthLook;
  state: HealthState;
  /** When the trouble, or the health, was first seen. */
  since: string;
  lookedAt: string;
  /** All causes named in the message, as `causeNames` names them. */
  known: readonly string[];
  /** How many times the trouble came back since the message was posted. */
  relapses: number;
  acknowledged: Acknowledgement | null;
  message: MessageReference | null;
  /** `healthShown` of the message as posted. */
  shown: string | null;
}

export interface HealthNews {
  /** Changed fields; all fields for a new record. */
  change: Partial<HealthRecord>;
  record: HealthRecord;
  /** Causes that an earlier version of the message did not name. */
  added: readonly string[];
  /** Whether an acknowledgement ended while the trouble lasts, or the trouble came back. */
  returned: 'expired' | 'relapsed' | null;
}

/** Trouble that comes back within this time continues its message. */
const RELAPSE_MS = 600_000;

export function isWell({ verdict, readiness }: Pick<HealthLook, 'verdict' | 'readiness'>): boolean {
  return verdict === 'healthy' && readiness.length === 0;
}

/**
 * How a look changes what is known. Trouble, and its end, count once they were seen twice in a row.
 * @param isCertain Sentinel reported the trouble: one look is enough.
 */
export function afterHealthLook(
  before: HealthRecord | null,
  look: HealthLook,
  now: Date,
  isCertain = false,
): HealthNews {
  const at = now.toISOString();
  const known = before ?? begun(look, at);
  const news = isWell(look) ? seenWell(known, look, at) : seenIll(known, look, now, isCertain);
  return before ? news : { ...news, change: news.record };
}

function begun(look: HealthLook, at: string): HealthRecord {
  return {
    cluster: look.cluster,
    look,
    state: 'well',
    since: at,
    lookedAt: at,
    known: [],
    relapses: 0,
    acknowledged: null,
    message: null,
    shown: null,
  };
}

function seenWell(record: HealthRecord, look: HealthLook, lookedAt: string): HealthNews {
  switch (record.state) {
    case 'well':
      return changed(record, { lookedAt, look: record.message ? record.look : look });
    case 'suspected':
      return changed(record, { lookedAt, state: 'well', since: lookedAt });
    case 'ill':
      return changed(record, { lookedAt, state: 'recovering' });
    case 'recovering':
      return changed(record, { lookedAt, state: 'well', since: lookedAt, acknowledged: null });
  }
}

function seenIll(record: HealthRecord, look: HealthLook, now: Date, isCertain: boolean): HealthNews {
  const lookedAt = now.toISOString();
  if (record.state === 'well') {
    if (!isCertain) return changed(record, { lookedAt, look, state: 'suspected', ...fresh(record, now) });
    return stillIll({ ...record, ...fresh(record, now), state: 'suspected' }, look, lookedAt, fresh(record, now));
  }
  return stillIll(record, look, lookedAt, {});
}

/** A new message for new trouble; the old one if it was over only for a moment. */
function fresh(record: HealthRecord, now: Date): Partial<HealthRecord> {
  const at = now.toISOString();
  const isRelapse = record.message !== null && now.getTime() - Date.parse(record.since) < RELAPSE_MS;
  if (isRelapse) return { since: at, relapses: record.relapses + 1 };
  return { since: at, relapses: 0, known: [], acknowledged: null, message: null, shown: null };
}

function stillIll(record: HealthRecord, look: HealthLook, lookedAt: string, change: Partial<HealthRecord>): HealthNews {
  const names = causeNames(look);
  const added = names.filter((name) => !record.known.includes(name));
  const { acknowledged } = record;
  const until = acknowledged?.until ?? null;
  const isOver = until !== null && until <= lookedAt;
  const news = changed(record, {
    ...change,
    lookedAt,
    look,
    state: 'ill',
    ...(added.length > 0 ? { known: [...record.known, ...added] } : {}),
    // Only what was known at that time is acknowledged.
    ...(isOver || (acknowledged && added.length > 0) ? { acknowledged: null } : {}),
  });
  const isBack = record.state === 'suspected' && record.message !== null;
  return { ...news, added: record.message ? added : [], returned: isBack ? 'relapsed' : isOver ? 'expired' : null };
}

function changed(record: HealthRecord, change: Partial<HealthRecord>): HealthNews {
  return { change, record: { ...record, ...change }, added: [], returned: null };
}

/** `CODE redis-02`; without figures, which change with every look. */
export function causeNames({ reasons, readiness }: Pick<HealthLook, 'reasons' | 'readiness'>): readonly string[] {
  const names = [
    ...reasons.map(({ code, node }) => `${code} ${node ?? ''}`.trim()),
    ...readiness.map(({ code, nodes }) => `${code} ${nodes.join(', ')}`.trim()),
  ];
  return [...new Set(names)].toSorted();
}

/** Equal for equal causes. For buttons: a click is about what was shown above it. */
export function healthFingerprint({ look, since }: Pick<HealthRecord, 'look' | 'since'>): string {
  const text = JSON.stringify([since, look.verdict, causeNames(look)]);
  return fingerprintOf(text);
}

/** Differs whenever the message would. */
export function healthShown(record: HealthRecord): string {
  const { state, acknowledged, relapses } = record;
  return JSON.stringify([state === 'well', healthFingerprint(record), acknowledged, relapses]);
}

/** When the next look is due: soon, if one look was not enough. @param withinMs Trouble is reported within this time. */
export function nextLookMs({ state }: Pick<HealthRecord, 'state'>, withinMs: number): number {
  return state === 'suspected' || state === 'recovering' ? withinMs / 6 : (withinMs * 3) / 4;
}
