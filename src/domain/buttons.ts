/** What stands under a message for a person to click; `value` is what Slack keeps with it and sends back. */
export type Buttons =
  | { kind: 'approval'; value: string }
  | { kind: 'drift'; value: string; offers: readonly DriftOffer[] }
  /** `value` is the run’s name. */
  | { kind: 'stop'; value: string };

/** The buttons of a message, before they have a Slack value. */
export type MessageButtons = ApprovalButtons | DriftButtons | StopButton;

/** Under a plan that waits for approval. */
export interface ApprovalButtons {
  approval: string;
  /** Of the plan above them: a click is for this plan, and no other. */
  digest: string;
  expiresAt: string;
}

/** Under a drift’s message: a click is for the differences above, and no others. */
export interface DriftButtons {
  drift: DriftValue;
  offers: readonly DriftOffer[];
}

/** Under a run’s message while it is under way. */
export interface StopButton {
  /** The run’s name. */
  stop: string;
}

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
