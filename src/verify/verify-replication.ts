import type { DesiredCluster } from '../domain/desired.ts';
import type { Verification } from '../domain/verification.ts';
import { bothEnds, type BothEnds } from './both-ends.ts';
import { judgementOf, type Fault } from '../domain/verdict.ts';
import { lookAgain, type Look, type ReadLook } from './look-at.ts';
import type { Clock } from '../ports/clock.ts';
import { poll } from './poll.ts';
import { newProbeKey, type ProbeKey } from './probe-key.ts';
import { removeProbe, writeProbe } from './probe-master.ts';
import { isRemoved, probeReplica, unprobed } from './probe-replica.ts';

const ARRIVAL_LIMIT_MS = 2000;
/** Right after a synchronization the master may list the replica as online a moment later than the replica itself. */
const SETTLE_LIMIT_MS = 1500;

/** Checks both ends, then a write that must reach every replica. */
export async function verifyReplication(
  desired: DesiredCluster,
  looks: readonly Look[],
  clock: Clock,
): Promise<Verification> {
  const ends = await settled(looks, clock);
  const { master } = ends;
  if (!master) return unprobedVerification(desired, ends);

  const probe = newProbeKey();
  try {
    return await probeFrom(master, ends, probe, desired, clock);
  } catch (error) {
    await removeProbe(master, probe);
    throw error;
  }
}

async function settled(looks: readonly Look[], clock: Clock): Promise<BothEnds> {
  let current = looks;
  let first = true;
  return poll(
    async () => {
      if (!first) current = await Promise.all(current.map(lookAgain));
      first = false;
      return bothEnds(current);
    },
    ({ faults }) => !faults.some(({ code }) => code === 'REPLICA_NOT_SEEN'),
    SETTLE_LIMIT_MS,
    clock,
  );
}

async function probeFrom(
  master: ReadLook,
  ends: BothEnds,
  probe: ProbeKey,
  desired: DesiredCluster,
  clock: Clock,
): Promise<Verification> {
  const write = await writeProbe(master, probe);
  const setAt = clock.elapsed();
  if (!write.written)
    return { ...unprobedVerification(desired, ends, [write.fault]), master: master.node.name, key: probe.key };

  const [acknowledged, ...probes] = await Promise.all([
    acknowledgements(master, ends.inSync.length),
    ...ends.replicas.map((replica) => {
      // Replicas known to be down are read once, without waiting.
      const limitMs = ends.inSync.includes(replica) ? ARRIVAL_LIMIT_MS : 0;
      return probeReplica(replica, { probe, offset: write.offset, setAt, limitMs }, clock);
    }),
  ]);
  const leftovers = await removal(master, ends.inSync, probe, clock);
  const faults = [...ends.faults, ...probes.flatMap((each) => each.faults), ...leftovers];
  const probed = new Map(probes.map(({ result }) => [result.name, result]));
  const others = desired.nodes.filter(({ name }) => name !== master.node.name);
  return {
    ...judgementOf(faults),
    master: master.node.name,
    key: probe.key,
    acknowledged,
    expected: others.length,
    replicas: others.map(({ name }) => probed.get(name) ?? unprobed(name)),
  };
}

/** WAIT, on the connection that wrote. It proves what was received; the reads prove what was applied. */
async function acknowledgements({ link }: ReadLook, replicas: number): Promise<number> {
  return Number(await link.command('WAIT', String(replicas), String(ARRIVAL_LIMIT_MS)).catch(() => 0));
}

async function removal(
  master: ReadLook,
  attached: readonly ReadLook[],
  probe: ProbeKey,
  clock: Clock,
): Promise<readonly Fault[]> {
  if (!(await removeProbe(master, probe))) return [];
  const gone = await Promise.all(attached.map((replica) => isRemoved(replica, probe, ARRIVAL_LIMIT_MS, clock)));
  return attached.flatMap(({ node: { name } }, at) => {
    if (gone[at]) return [];
    const message = `The removal of the probe key did not arrive on ${name}.`;
    return [{ verdict: 'degraded', code: 'PROBE_FAILED', node: name, message } as const];
  });
}

function unprobedVerification(
  { nodes }: DesiredCluster,
  { master, faults }: BothEnds,
  more: readonly Fault[] = [],
): Verification {
  const others = master ? nodes.filter(({ name }) => name !== master.node.name) : nodes;
  return {
    ...judgementOf([...faults, ...more]),
    master: null,
    key: null,
    acknowledged: 0,
    expected: nodes.length - 1,
    replicas: others.map(({ name }) => unprobed(name)),
  };
}
