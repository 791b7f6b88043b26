import type { Code } from '../domain/code.ts';
import type { NodeFacts } from '../domain/facts.ts';
import type { Finding } from '../domain/finding.ts';
import type { Incident } from '../domain/health/last-look.ts';

const OF_THE_UNIT: ReadonlySet<Code> = new Set<Code>(['SERVICE_NOT_ACTIVE', 'UNIT_NOT_STARTABLE', 'REDIS_UNREACHABLE']);

/** Findings with every node that has the same one, and when they began, where systemd, Redis or the last look says so. */
export function whole(
  findings: readonly Finding[],
  observed: readonly NodeFacts[],
  incidents: readonly Incident[],
  now: Date,
): readonly Finding[] {
  return findings.map((finding) => ({
    ...finding,
    nodes: findings.filter((other) => isSame(other, finding)).flatMap(({ node }) => node ?? []),
    since: finding.since ?? sinceOf(finding, observed, incidents, now),
  }));
}

function isSame(one: Finding, other: Finding): boolean {
  return one.id === other.id && one.severity === other.severity && remedyOf(one) === remedyOf(other);
}

/** As another node would have it. */
function remedyOf({ remedy, node }: Finding): string {
  return node === null ? remedy : remedy.replaceAll(node, '');
}

function sinceOf(
  { id, node }: Finding,
  observed: readonly NodeFacts[],
  incidents: readonly Incident[],
  now: Date,
): string | null {
  const incident = incidents.find((each) => each.code === id && each.node === node);
  if (incident) return incident.at;
  const facts = observed.find(({ name }) => name === node);
  if (!facts?.reachable) return null;
  const { unit } = facts.host;
  if (OF_THE_UNIT.has(id)) return unit.activeState === 'active' ? null : (unit.inactiveSince ?? null);
  if (id !== 'REPLICA_LINK_DOWN' || facts.redis.state !== 'up') return null;
  // Redis says -1 if the link was never up.
  const seconds = facts.redis.master?.downSeconds ?? -1;
  return seconds < 0 ? null : new Date(now.getTime() - seconds * 1000).toISOString();
}
