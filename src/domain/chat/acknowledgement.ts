/** Someone has seen the trouble: it is not reported again before `until`. Times: ISO 8601. */
export interface Acknowledgement {
  /** For display. */
  by: string;
  at: string;
  reason: string | null;
  /** Null: until it is over. */
  until: string | null;
}

export const ACKNOWLEDGE_OFFERS = ['working', 'known', 'accepted'] as const;

/** The buttons that acknowledge: each says why, and for how long. */
export type AcknowledgeOffer = (typeof ACKNOWLEDGE_OFFERS)[number];

const HOUR_MS = 3_600_000;

export const ACKNOWLEDGE_TERMS: Readonly<Record<AcknowledgeOffer, { label: string; reason: string; forMs: number }>> = {
  working: { label: 'I’m on it (1 hour)', reason: 'being worked on', forMs: HOUR_MS },
  known: { label: 'Known (1 day)', reason: 'known', forMs: 24 * HOUR_MS },
  accepted: { label: 'Accepted (1 week)', reason: 'accepted', forMs: 7 * 24 * HOUR_MS },
};

/** @param forMs Null: until it is over. */
export function acknowledgement(
  { by, reason, forMs }: { by: string; reason: string | null; forMs: number | null },
  now: Date,
): Acknowledgement {
  const until = forMs === null ? null : new Date(now.getTime() + forMs).toISOString();
  return { by, at: now.toISOString(), reason, until };
}
