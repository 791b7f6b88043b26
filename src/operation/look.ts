import type { Code } from '../domain/code.ts';
import { asRedisopsError } from '../domain/error.ts';
import { readDesired } from '../desired/questions.ts';
import { hostsOf, type DesiredCluster } from '../domain/desired.ts';
import type { NodeFacts } from '../domain/facts.ts';
import { stillDrained, type Incident, type LastLook } from '../domain/health/last-look.ts';
import { observe } from '../observed/observe.ts';
import { observeSentinelHosts } from '../observed/sentinel/sentinel-hosts.ts';
import { adopted, isLookedAtAlike } from '../plan/adopt/adopt.ts';
import { onTheirServers } from '../plan/adopt/servers.ts';
import type { ConfigSource } from '../ports/git.ts';
import type { Nodes } from '../ports/nodes.ts';
import { rememberLook } from './incidents.ts';
import type { OperationPorts } from './run.ts';
import { withSigns } from './signs.ts';

const NOT_THERE: readonly Code[] = ['UNKNOWN_CLUSTER', 'CONFIG_MISSING', 'CONFIG_INVALID', 'CONFIG_TOO_COSTLY'];

/** Git with what the nodes keep, and the nodes, side by side. */
export interface Look {
  desired: DesiredCluster;
  observed: readonly NodeFacts[];
}

type Observe = (desired: DesiredCluster, nodes: Nodes) => Promise<readonly NodeFacts[]>;

/** And what happened to the nodes since they were looked at before. */
export interface LookBack extends Look {
  incidents: readonly Incident[];
  /** Each Redis when it was last in order. */
  seen: LastLook['nodes'];
}

/** Reads Git and the nodes, and remembers the result. Writes nothing to a node. */
export async function look(
  source: ConfigSource,
  cluster: string | undefined,
  ports: OperationPorts,
): Promise<LookBack> {
  const git = await desiredAndReach(source, cluster, ports);
  const { desired, observed } = await lookAt(git, ports.nodes);
  const [remembered, signed] = await Promise.all([
    rememberLook(desired, observed, ports),
    withSigns(desired, observed, ports),
  ]);
  const { incidents, nodes: seen } = remembered;
  return { desired: stillDrained(desired, observed, remembered), observed: signed, incidents, seen };
}

/** Servers and settings that Git does not name are known only to the nodes: another one needs a second look. */
export async function lookAt(git: DesiredCluster, nodes: Nodes, observeNodes: Observe = observe): Promise<Look> {
  const [first, sentinelHosts] = await Promise.all([observeNodes(git, nodes), observeSentinelHosts(git, nodes)]);
  const placed = onTheirServers(git, first);
  const observed = placed === git ? first : await observeNodes(placed, nodes);
  const desired = adopted(sentinelHosts.length === 0 ? placed : { ...placed, sentinelHosts }, observed);
  if (isLookedAtAlike(placed, desired)) return { desired, observed };
  return { desired, observed: await observeNodes(desired, nodes) };
}

/**
 * The desired state, after a check that this machine can reach nodes at all: a local mistake is reported once, not per
 * node.
 */
export async function desiredAndReach(
  source: ConfigSource,
  cluster: string | undefined,
  ports: Pick<OperationPorts, 'vaultPassword' | 'nodes'>,
): Promise<DesiredCluster> {
  const check = ports.nodes.checkHere?.() ?? Promise.resolve();
  const [desired, here] = await Promise.allSettled([desiredOf(source, cluster, ports), check]);
  // Mistakes in the repository first: they are the same on every machine.
  if (desired.status === 'rejected') throw desired.reason;
  if (here.status === 'rejected') throw here.reason;
  return desired.value;
}

export async function desiredOf(
  source: ConfigSource,
  cluster: string | undefined,
  ports: Pick<OperationPorts, 'vaultPassword'>,
): Promise<DesiredCluster> {
  return readDesired(source, { ...(cluster === undefined ? {} : { cluster }), ...secretsOf(ports) });
}

/** As `desiredOf`, for reading only: also files that Redis would not start with. */
export async function printedOf(
  source: ConfigSource,
  cluster: string | undefined,
  ports: Pick<OperationPorts, 'vaultPassword'>,
): Promise<DesiredCluster> {
  return readDesired(source, { ...(cluster === undefined ? {} : { cluster }), ...secretsOf(ports), onlyPrints: true });
}

/** What opens the repository’s vaults. */
export function secretsOf({
  vaultPassword,
}: Pick<OperationPorts, 'vaultPassword'>): Pick<OperationPorts, 'vaultPassword'> {
  return vaultPassword ? { vaultPassword } : {};
}

/** The addresses that a cluster had at an earlier commit; none where it was not there, or could not be read. */
export async function addressesAt(
  source: ConfigSource,
  cluster: string,
  ports: Pick<OperationPorts, 'vaultPassword'>,
): Promise<ReadonlySet<string>> {
  try {
    const before = await desiredOf(source, cluster, ports);
    return new Set(hostsOf(before).map(({ address }) => address));
  } catch (thrown) {
    const error = asRedisopsError(thrown);
    if (NOT_THERE.includes(error.code)) return new Set();
    throw error;
  }
}
