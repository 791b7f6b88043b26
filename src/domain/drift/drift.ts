import { createHash } from 'node:crypto';
import type { Code } from '../code.ts';

/**
 * Where a difference stands. `file`: redis.conf · `running`: the Redis that runs, whatever its file says · `unit`,
 * `drop-in`: systemd · `role`: who is master, and who follows whom.
 */
export type DriftKind = 'package' | 'process' | 'directory' | 'file' | 'drop-in' | 'unit' | 'running' | 'role';

/** One thing on a node that is not as Git asks. Free of secrets. */
export interface Drift {
  node: string;
  kind: DriftKind;
  /** What differs: a directive, a path, a setting of the unit. With node and kind it names the difference. */
  subject: string;
  git: string;
  actual: string;
  /** False where an apply follows what it finds, or leaves it: then a person decides. */
  byApply: boolean;
}

/** A node, or its Redis, of which nothing is known: neither that it drifted nor that it did not. */
export interface UnreadNode {
  node: string;
  code: Code;
  reason: string;
}

/** Git and the nodes, compared. */
export interface DriftLook {
  cluster: string;
  revision: string;
  drifts: readonly Drift[];
  unread: readonly UnreadNode[];
  /** Why an apply would be refused as it stands; one sentence each. */
  obstacles: readonly string[];
}

/** The same for the same differences and the same nodes unread; of no moving figure. */
export function driftFingerprint({ drifts, unread }: Pick<DriftLook, 'drifts' | 'unread'>): string {
  const differences = drifts.map((drift) => `${driftName(drift)} ${JSON.stringify([drift.git, drift.actual])}`);
  const unknown = unread.map(({ node, code }) => JSON.stringify([node, code]));
  const text = [...differences.toSorted(), '', ...unknown.toSorted()].join('\n');
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** Names a difference, whatever the values are. */
export function driftName({ node, kind, subject }: Drift): string {
  return JSON.stringify([node, kind, subject]);
}
