import { ACKNOWLEDGE_OFFERS } from './acknowledgement.ts';

/** A click on a message’s button, as Slack returns it. */
export type Click = ApprovalClick | DriftClick | StopClick | WatchClick;

/** A click below a plan awaiting approval. Whether it counts is decided elsewhere. */
export interface ApprovalClick {
  kind: 'approval';
  decision: 'approved' | 'denied';
  /** ID of the approval request. */
  approval: string;
  /** Digest of the plan above the button: the click approves that plan only. */
  digest: string;
}

/** A click below a drift message. */
export interface DriftClick {
  kind: 'drift';
  offer: DriftOffer;
  cluster: string;
  /** Fingerprint of the differences above the button: the click is about those only. */
  fingerprint: string;
}

/** A click below the message of a run in progress. */
export interface StopClick {
  kind: 'stop';
  run: string;
}

/** A click below a message of the standing watch. */
export interface WatchClick {
  kind: 'watch';
  about: WatchSubject;
  offer: WatchOffer;
  cluster: string;
  /** Of what was shown above the button: the click is about that only. */
  fingerprint: string;
}

export const WATCH_SUBJECTS = ['health', 'failover'] as const;
export type WatchSubject = (typeof WATCH_SUBJECTS)[number];

export const WATCH_OFFERS = [...ACKNOWLEDGE_OFFERS, 'pull-request', 'way-back'] as const;

/** What such a message offers: to acknowledge it; after a failover also to follow it in Git, or to go back. */
export type WatchOffer = (typeof WATCH_OFFERS)[number];

export const DRIFT_OFFERS = ['apply', 'ignore-day', 'ignore-week', 'pull-request'] as const;

/** What a drift message offers. */
export type DriftOffer = (typeof DRIFT_OFFERS)[number];

/** A button as stored by Slack: `action_id` and `value`. Messages with buttons outlive versions. */
export interface EncodedClick {
  action: string;
  value: string;
}

const DECISIONS = { approved: 'approval:approve', denied: 'approval:deny' } as const;
const STOP = 'run:stop';
const DRIFT = 'drift:';
const WATCH = 'watch:';

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
    case 'watch':
      return { action: `${WATCH}${click.about}:${click.offer}`, value: `${click.cluster}:${click.fingerprint}` };
  }
}

/** Null for a foreign button, or one from another version. */
export function decodeClick({ action, value }: EncodedClick): Click | null {
  if (value === '') return null;
  if (action === DECISIONS.approved) return approvalOf('approved', value);
  if (action === DECISIONS.denied) return approvalOf('denied', value);
  if (action.startsWith(DRIFT)) return driftOf(action.slice(DRIFT.length), value);
  if (action.startsWith(WATCH)) return watchOf(action.slice(WATCH.length), value);
  return action === STOP && RUN.test(value) ? { kind: 'stop', run: value } : null;
}

/** Older buttons carry no digest: an empty one matches no plan. */
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

function watchOf(name: string, value: string): WatchClick | null {
  const [subject, word] = name.split(':', 2);
  const about = WATCH_SUBJECTS.find((each) => each === subject);
  const offer = WATCH_OFFERS.find((each) => each === word);
  const [, cluster, fingerprint] = CLUSTER_AND_FINGERPRINT.exec(value) ?? [];
  if (!about || !offer || cluster === undefined || fingerprint === undefined) return null;
  return { kind: 'watch', about, offer, cluster, fingerprint };
}
