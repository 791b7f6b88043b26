import type { Section } from '../../domain/report.ts';
import type { ReplicaProbe, Verification } from '../../domain/verification.ts';
import { DASH, bytes, latency, plural } from '../text/format.ts';

/** The proof by a write: SET on the master, GET on each replica. */
export function probeSections({ master, key, acknowledged, expected, replicas }: Verification): readonly Section[] {
  if (key === null) return [{ kind: 'text', heading: 'SET/GET', text: 'No write was tried.' }];
  return [
    {
      kind: 'table',
      heading: `SET/GET ${key}`,
      columns: ['replica', 'value', 'latency', 'lag', 'write attempt'],
      rows: replicas.map(probeRow),
    },
    {
      kind: 'text',
      text: `SET on ${master ?? 'the master'}, WAIT: ${acknowledged} of ${plural(expected, 'replica')} acknowledged it.`,
    },
  ];
}

function probeRow({ name, value, matches, latencyMs, offsetLag, refusedWrite }: ReplicaProbe): readonly string[] {
  return [
    name,
    value === null ? 'nothing' : matches ? 'OK' : 'differs',
    latencyMs === null ? DASH : latency(latencyMs),
    offsetLag === null ? DASH : bytes(offsetLag),
    refusedWrite ? 'refused' : 'accepted',
  ];
}
