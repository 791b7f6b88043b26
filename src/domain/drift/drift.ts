import type { Code } from '../code.ts';
import type { Lack } from '../sentinel/lack.ts';
import { fingerprintOf } from '../text/fingerprint.ts';

/**
 * Where the difference was found. `file`: redis.conf · `running`: the running Redis, whatever its file says · `unit`,
 * `drop-in`: systemd · `role`: who is master, who follows whom.
 */
export type DriftKind = 'package' | 'process' | 'directory' | 'file' | 'drop-in' | 'unit' | 'running' | 'role';

/** One difference between a node and Git. Free of secrets. */
export interface Drift {
  node: string;
  kind: DriftKind;
  /** The differing item: a directive, path or unit setting. Unique with node and kind. */
  subject: string;
  git: string;
  actual: string;
  /** False if an apply would keep it: a person must decide. */
  byApply: boolean;
}

/** A node, or its Redis, that could not be compared. */
export interface UnreadNode {
  node: string;
  code: Code;
  reason: string;
}

/** The result of comparing Git with the nodes. */
export interface DriftLook {
  cluster: string;
  revision: string;
  drifts: readonly Drift[];
  unread: readonly UnreadNode[];
  /** Why an apply would be blocked; one sentence each. */
  obstacles: readonly string[];
  /** Why an automatic failover would fail; absent if it would not. */
  readiness?: readonly Unready[];
}

export type Unready = Pick<Lack, 'code' | 'nodes' | 'message' | 'cure'>;

/** Equal for equal differences and equal unreadable nodes; ignores changing figures. */
export function driftFingerprint({
  drifts,
  unread,
  readiness = [],
}: Pick<DriftLook, 'drifts' | 'unread' | 'readiness'>): string {
  const differences = drifts.map((drift) => `${driftName(drift)} ${JSON.stringify([drift.git, drift.actual])}`);
  const unknown = unread.map(({ node, code }) => JSON.stringify([node, code]));
  const unready = readiness.map(({ code, nodes }) => JSON.stringify([code, nodes]));
  const failover = unready.length === 0 ? [] : ['', ...unready.toSorted()];
  const text = [...differences.toSorted(), '', ...unknown.toSorted(), ...failover].join('\n');
  return fingerprintOf(text);
}

/** Identifies a difference regardless of its values. */
export function driftName({ node, kind, subject }: Drift): string {
  return JSON.stringify([node, kind, subject]);
}
