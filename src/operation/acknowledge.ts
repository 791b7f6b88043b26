import type { DesiredCluster } from '../domain/desired.ts';
import { RedisopsError, asRedisopsError } from '../domain/error.ts';
import type { NodeFacts } from '../domain/facts.ts';
import { exposureOf } from '../domain/intrusion/exposure.ts';
import { openSigns, withAnswer, type SeenSigns } from '../domain/intrusion/suspicion.ts';
import type { Incident } from '../domain/health/last-look.ts';
import { evidenceOn } from '../observed/evidence.ts';
import type { KeptEvidence } from '../ports/evidence.ts';
import type { ConfigSource } from '../ports/git.ts';
import { acknowledgeIncidents } from './incidents.ts';
import { look } from './look.ts';
import type { OperationPorts } from './run.ts';

/** What an acknowledgement ended. */
export interface Acknowledged {
  incidents: readonly Incident[];
  /** Of each node that was suspected. */
  evidence: readonly KeptEvidence[];
}

/** Signs of intrusions that nobody has acknowledged, by node. */
export async function unacknowledged(cluster: string, { looks }: Pick<OperationPorts, 'looks'>): Promise<SeenSigns> {
  return openSigns((await looks?.signs(cluster)) ?? {});
}

/**
 * Ends the report of incidents. Suspected nodes are released once their evidence is kept; only for the signs that the
 * approver was shown.
 * @throws EVIDENCE_FAILED, with no node released; what reading or writing the memory throws.
 */
export async function acknowledge(
  source: ConfigSource,
  cluster: string,
  shown: SeenSigns,
  ports: OperationPorts,
): Promise<Acknowledged> {
  const names = Object.keys(shown);
  const evidence = names.length === 0 ? [] : await keepEvidence(source, cluster, shown, ports);
  const known = (await ports.looks?.signs(cluster)) ?? {};
  if (names.length > 0) await ports.looks?.keepSigns(cluster, withAnswer(known, shown, { acknowledged: true }));
  return { incidents: await acknowledgeIncidents(cluster, ports), evidence };
}

/** Asks for the second person. */
export async function askToAcknowledge(
  cluster: string,
  shown: SeenSigns,
  by: string,
  { looks, clock }: Pick<OperationPorts, 'looks' | 'clock'>,
): Promise<void> {
  const known = (await looks?.signs(cluster)) ?? {};
  await looks?.keepSigns(cluster, withAnswer(known, shown, { asked: { by, at: clock.now().toISOString() } }));
}

async function keepEvidence(
  source: ConfigSource,
  cluster: string,
  shown: SeenSigns,
  ports: OperationPorts,
): Promise<readonly KeptEvidence[]> {
  const { desired, observed } = await look(source, cluster, ports);
  const suspected = observed.filter(({ name }) => shown[name] !== undefined);
  return Promise.all(suspected.map((facts) => keepOf(facts, shown, desired, ports)));
}

async function keepOf(
  facts: NodeFacts,
  shown: SeenSigns,
  desired: DesiredCluster,
  { nodes, evidence, clock }: OperationPorts,
): Promise<KeptEvidence> {
  const node = desired.nodes.find(({ name }) => name === facts.name);
  if (!node) throw evidenceFailed(facts.name, 'Git no longer has it.');
  if (!evidence) throw evidenceFailed(facts.name, 'no folder for it is set.');
  try {
    const found = await evidenceOn(await nodes.connect(node), node, desired);
    const about = { cluster: desired.cluster, node: node.name, at: clock.now().toISOString() };
    const exposed = facts.reachable ? exposureOf(facts) : [];
    const signs = shown[node.name] ?? [];
    const bundle = { version: 1, ...about, address: node.address, signs, exposed, ...found };
    return await evidence.keep(about, `${JSON.stringify(bundle, null, 2)}\n`);
  } catch (error) {
    throw evidenceFailed(node.name, asRedisopsError(error).message);
  }
}

function evidenceFailed(node: string, why: string): RedisopsError {
  return new RedisopsError('EVIDENCE_FAILED', `The evidence on ${node} could not be kept: ${why}`, {
    hint: 'No node was released. Restore access to it, then run `acknowledge` again.',
  });
}
