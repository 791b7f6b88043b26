import type { DeploymentNews } from '../git/deployment.ts';
import type { Report } from '../report.ts';
import type { Origin } from '../run/run.ts';
import type { StopClick } from './click.ts';

/** Something that a run has to say, kept until it is said. */
export type Note =
  RootNote | ApprovalNote | ReplyNote | FileNote | SupersededNote | CommentNote | DeploymentNote | UnreadableNote;

/** What the run’s root message shows. */
export interface RootNote {
  kind: 'root';
  report: Report;
  buttons: readonly StopClick[];
}

/** The root message asks for approval of a plan. */
export interface ApprovalNote {
  kind: 'approval';
  approval: string;
  /** Digest of the plan. */
  plan: string;
  /** Milliseconds that the approval is open once it was shown. */
  openMs: number;
}

/** A message in the run’s thread. */
export interface ReplyNote {
  kind: 'reply';
  report: Report;
}

/** A file in the run’s thread. */
export interface FileNote {
  kind: 'file';
  name: string;
  text: string;
}

/** A merge that a later one overtook before it began. Several of a cluster share one message. */
export interface SupersededNote {
  kind: 'superseded';
  run: string;
  revision: string;
  origin: Origin;
  message: string;
  /** Of its end: alone, it gets a thread like any other run. */
  report: Report;
}

/** A comment on the pull request. */
export interface CommentNote {
  kind: 'comment';
  pullRequest: number;
  purpose: string;
  text: string;
}

export interface DeploymentNote {
  kind: 'deployment';
  news: Omit<DeploymentNews, 'url'>;
}

/** Kept by another version of redisops. It waits for one that can read it, and holds up nothing else. */
export interface UnreadableNote {
  kind: 'unreadable';
}

/** As the outbox keeps it. */
export interface KeptNote {
  /** Of two notes of a run with one purpose, the newer one counts. */
  purpose: string;
  /** The order in which a run’s notes came. */
  order: number;
  /** Differs for each note that was kept. */
  version: string;
  keptAt: string;
  /** Of what it says. */
  digest: string;
  note: Note;
}

/** A run that has something to say, leased to one process. */
export interface Delivery {
  run: string;
  cluster: string;
  /** Of the lease. */
  token: string;
  /** Failed deliveries in a row. */
  tries: number;
}

/** What is not said twice: a message once posted stays. All others show a state, and the newest is shown. */
export function isSaidOnce({ kind }: Note): boolean {
  return kind === 'reply' || kind === 'file' || kind === 'superseded';
}

/** For the pull request and its commit, not for the thread. */
export function isForGitHub({ kind }: Note): boolean {
  return kind === 'comment' || kind === 'deployment';
}
