import type { NodeFacts, ReachableNode, RedisUp, UnitFacts } from '../../domain/facts.ts';
import { identitiesOf } from '../../domain/known-nodes.ts';
import type { AttachedReplica, MasterLink } from '../../domain/replication/view.ts';
import type { TableSection } from '../../domain/report.ts';
import { DASH, bytes, count, percent, plural } from '../text/format.ts';

/** The node from which a replica replicates; null if it is not in the cluster or unreadable. */
function upstreamOf(node: NodeFacts, observed: readonly NodeFacts[]): (ReachableNode & { redis: RedisUp }) | null {
  const name = identitiesOf(observed).nodeAt(linkOf(node), node.name);
  return observed.filter(isUp).find((other) => other.name === name) ?? null;
}

/**
 * The master’s offset minus the replica’s, in bytes. They are not read at the same instant, so negative values become
 * 0.
 */
export function lagBytes(node: NodeFacts, observed: readonly NodeFacts[]): number | null {
  const upstream = upstreamOf(node, observed);
  if (!upstream || !isUp(node)) return null;
  return Math.max(0, upstream.redis.offset - node.redis.offset);
}

export function isUp(node: NodeFacts): node is ReachableNode & { redis: RedisUp } {
  return node.reachable && node.redis.state === 'up';
}

export function linkOf(node: NodeFacts): MasterLink | null {
  if (!isUp(node) || node.redis.role !== 'replica') return null;
  return node.redis.master;
}

/** Each node’s role, as read from it. */
export function replicationTable(observed: readonly NodeFacts[], heading: string): TableSection {
  return {
    kind: 'table',
    heading,
    columns: ['node', 'role', 'link', 'offset', 'lag', 'keys', 'service'],
    rows: observed.map((node) => [
      node.name,
      roleText(node),
      linkText(node, observed),
      ...figures(node, observed),
      serviceText(node),
    ]),
  };
}

function roleText(node: NodeFacts): string {
  if (!node.reachable) return 'unreachable';
  switch (node.redis.state) {
    case 'up':
      return node.redis.role;
    case 'down':
      return 'not running';
    case 'unreadable':
      return 'unreadable';
  }
}

function serviceText(node: NodeFacts): string {
  if (!node.reachable) return DASH;
  const { unit, package: pack } = node.host;
  if (pack.installed) return unitText(unit);
  return node.redis.state === 'down' ? 'not installed' : `${unitText(unit)}, package not fully installed`;
}

/** A node’s state in one phrase, for the report of a failed run. */
export function standingOf(node: NodeFacts, observed: readonly NodeFacts[]): string {
  if (!node.reachable) return `could not be read: ${node.reason} (${node.code})`;
  const service = `service ${serviceText(node)}`;
  if (node.redis.state !== 'up') return `${service}; Redis ${roleText(node)}: ${node.redis.reason}`;
  const link = linkOf(node);
  const role = link
    ? `replica of ${masterName(node, link, observed)}, link ${linkState(link)}`
    : `${node.redis.role}${replicasText(node.redis)}`;
  return `${service}; ${role}; ${plural(node.redis.keys, 'key')}, offset ${count(node.redis.offset)}`;
}

function figures(node: NodeFacts, observed: readonly NodeFacts[]): readonly string[] {
  if (!isUp(node)) return [DASH, DASH, DASH];
  const lag = lagBytes(node, observed);
  return [count(node.redis.offset), lag === null ? DASH : bytes(lag), count(node.redis.keys)];
}

function linkText(node: NodeFacts, observed: readonly NodeFacts[]): string {
  if (!isUp(node)) return DASH;
  const link = linkOf(node);
  if (link) return `${linkState(link)}, ${masterName(node, link, observed)}`;
  return node.redis.replicas.length === 0 ? DASH : onlineText(node.redis.replicas);
}

function linkState(link: MasterLink): string {
  if (link.up) return 'up';
  if (!link.syncInProgress) return `down (${link.state})`;
  const { syncReadBytes: read, syncTotalBytes: total } = link;
  return read !== null && total !== null ? `syncing ${percent(read, total)}` : 'syncing';
}

function masterName({ name }: NodeFacts, link: MasterLink, observed: readonly NodeFacts[]): string {
  return identitiesOf(observed).nodeAt(link, name) ?? `${link.host}:${link.port}`;
}

function replicasText({ role, replicas }: RedisUp): string {
  return role === 'master' && replicas.length > 0 ? `, replicas ${onlineText(replicas)}` : '';
}

function onlineText(replicas: readonly AttachedReplica[]): string {
  return `${replicas.filter(({ state }) => state === 'online').length} of ${replicas.length} online`;
}

function unitText({ activeState, subState, needDaemonReload }: UnitFacts): string {
  const usual = activeState === 'active' ? 'running' : 'dead';
  const detail = subState === usual || subState === activeState ? '' : ` (${subState})`;
  return `${activeState}${detail}${needDaemonReload ? ', not reloaded' : ''}`;
}
