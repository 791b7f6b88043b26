import type { DesiredCluster } from '../domain/desired.ts';
import type { Verification } from '../domain/verification.ts';
import { unreadableFault } from './both-ends.ts';
import { judgementOf, type Fault } from '../domain/verdict.ts';
import type { Look, ReadLook } from './look-at.ts';
import { newProbeKey, type ProbeKey } from './probe-key.ts';
import { removeProbe, writeProbe } from './probe-master.ts';

/** Nodes without replication: each must accept a write and return it. */
export async function verifyStandalone(desired: DesiredCluster, looks: readonly Look[]): Promise<Verification> {
  const probes = await Promise.all(looks.map(probeAlone));
  const nominated = probes.find(({ node }) => node === desired.nominatedMaster);
  return {
    ...judgementOf(probes.flatMap(({ faults }) => faults)),
    master: desired.nominatedMaster,
    key: nominated?.key ?? null,
    acknowledged: 0,
    expected: 0,
    replicas: [],
  };
}

async function probeAlone(look: Look): Promise<{ node: string; key: string | null; faults: readonly Fault[] }> {
  const { name } = look.node;
  if (!look.read) return { node: name, key: null, faults: [unreadableFault(look)] };
  const probe = newProbeKey();
  try {
    return { node: name, key: probe.key, faults: await faultsOf(look, probe) };
  } finally {
    await removeProbe(look, probe);
  }
}

async function faultsOf(look: ReadLook, probe: ProbeKey): Promise<readonly Fault[]> {
  const write = await writeProbe(look, probe);
  if (!write.written) return [write.fault];
  const value = await look.link.command('GET', probe.key).catch(() => null);
  if (value === probe.value) return [];
  const { name } = look.node;
  return [{ verdict: 'down', code: 'PROBE_FAILED', node: name, message: `${name} does not return what was written.` }];
}
