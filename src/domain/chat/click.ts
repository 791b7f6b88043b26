/** What people can click under a message: its buttons, and what Slack sends back of them. */
export type Click = ApprovalClick | DriftClick | StopClick;

/** Under a plan that waits. Whether the click counts is decided elsewhere. */
export interface ApprovalClick {
  kind: 'approval';
  decision: 'approved' | 'denied';
  /** The request’s ID. */
  approval: string;
  /** Of the plan above the button: the click is for this plan, and no other. */
  digest: string;
}

/** Under a drift’s message. */
export interface DriftClick {
  kind: 'drift';
  offer: DriftOffer;
  cluster: string;
  /** Of the differences above the button: the click is for these, and no others. */
  fingerprint: string;
}

/** Under the message of a run that is under way. */
export interface StopClick {
  kind: 'stop';
  run: string;
}

export const DRIFT_OFFERS = ['apply', 'ignore-day', 'ignore-week', 'pull-request'] as const;

/** What can be done about a drift. */
export type DriftOffer = (typeof DRIFT_OFFERS)[number];

/** A button as Slack keeps it, and sends it back: `action_id` and `value`. Messages with buttons outlive versions. */
export interface EncodedClick {
  action: string;
  value: string;
}

const DECISIONS = { approved: 'approval:approve', denied: 'approval:deny' } as const;
const STOP = 'run:stop';
const DRIFT = 'drift:';

const RUN = /^[\w.-]{1,120}$/;
const CLUSTER_AND_FINGERPRINT = /^([a-z0-9][a-z0-9-]{0,38}):([0-9a-f]{16})$/;

export function encodeClick(click: Click): EncodedClick {
  switch (click.kind) {
    case 'approval':
      // Digests have no colon.
      return { action: DECISIONS[click.decision], value: `${click.approval}:${click.digest}` };
    case 'drift':
      return { action: `${DRIFT}${click.offer}`, value: `${click.cluster}:${click.fingerprint}` };
    case 'stop':
      return { action: STOP, value: click.run };
  }
}

/** Null for a button that is not ours, or of a version that had others. */
export function decodeClick({ action, value }: EncodedClick): Click | null {
  if (value === '') return null;
  if (action === DECISIONS.approved) return approvalOf('approved', value);
  if (action === DECISIONS.denied) return approvalOf('denied', value);
  if (action.startsWith(DRIFT)) return driftOf(action.slice(DRIFT.length), value);
  return action === STOP && RUN.test(value) ? { kind: 'stop', run: value } : null;
}

/** Older buttons name no plan: an empty digest is no plan’s. */
function approvalOf(decision: ApprovalClick['decision'], value: string): ApprovalClick {
  const at = value.lastIndexOf(':');
  const [approval, digest] = at === -1 ? [value, ''] : [value.slice(0, at), value.slice(at + 1)];
  return { kind: 'approval', decision, approval, digest };
}

function driftOf(name: string, value: string): DriftClick | null {
  const offer = DRIFT_OFFERS.find((each) => each === name);
  const [, cluster, fingerprint] = CLUSTER_AND_FINGERPRINT.exec(value) ?? [];
  if (offer === undefined || cluster === undefined || fingerprint === undefined) return null;
  return { kind: 'drift', offer, cluster, fingerprint };
}
