/** What stands under a message for a person to click; `value` is what Slack keeps with it and sends back. */
export type Buttons =
  | { kind: 'approval'; value: string }
  | { kind: 'drift'; value: string; offers: readonly DriftOffer[] }
  /** `value` is the run’s name. */
  | { kind: 'stop'; value: string };

/** What can be done about a drift. */
export const DRIFT_OFFERS = ['apply', 'ignore-day', 'ignore-week', 'pull-request'] as const;

export type DriftOffer = (typeof DRIFT_OFFERS)[number];

/** What a drift’s button stands for: the cluster, and the differences that the person saw above it. */
export interface DriftValue {
  cluster: string;
  fingerprint: string;
}

/** Clusters’ names and fingerprints have no colon. */
export function driftValue({ cluster, fingerprint }: DriftValue): string {
  return `${cluster}:${fingerprint}`;
}

/** Null for anything else. */
export function readDriftValue(value: string): DriftValue | null {
  const [, cluster, fingerprint] = /^([a-z0-9][a-z0-9-]{0,38}):([0-9a-f]{16})$/.exec(value) ?? [];
  return cluster === undefined || fingerprint === undefined ? null : { cluster, fingerprint };
}
