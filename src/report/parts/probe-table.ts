import type { Section } from '../../domain/report.ts';
import { isWriteRefused, wasAsked, type ReplicaProbe, type Verification } from '../../domain/verification.ts';
import { DASH, bytes, latency, listed, plural } from '../text/format.ts';

/** The proof by a write: SET on the master, GET on each replica. */
export function probeSections(verification: Verification): readonly Section[] {
  return [...replicaSections(verification), ...entrySections(verification)];
}

/** The way that clients take. */
function entrySections({ entry }: Verification): readonly Section[] {
  if (!entry) return [];
  const rows = entry.map(({ address, nodes, connections, writes, latencyMs }) => [
    address,
    listed(nodes) || 'nobody',
    `${writes} of ${connections}`,
    latencyMs === null ? DASH : latency(latencyMs),
  ]);
  return [{ kind: 'table', heading: 'Entry', columns: ['address', 'answered by', 'writes returned', 'latency'], rows }];
}

function replicaSections(verification: Verification): readonly Section[] {
  const { master, key, acknowledged, expected, replicas } = verification;
  if (key === null) return [{ kind: 'text', heading: 'SET/GET', text: 'No write was tried.' }];
  if (isWriteRefused(verification))
    return [{ kind: 'text', heading: `SET/GET ${key}`, text: `${master ?? 'The master'} refused the SET.` }];
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

function probeRow(probe: ReplicaProbe): readonly string[] {
  const { name, value, matches, latencyMs, offsetLag, refusedWrite } = probe;
  if (!wasAsked(probe)) return [name, DASH, DASH, DASH, 'not tried'];
  return [
    name,
    value === null ? 'nothing' : matches ? 'OK' : 'differs',
    latencyMs === null ? DASH : latency(latencyMs),
    offsetLag === null ? DASH : bytes(offsetLag),
    refusedWrite === null ? 'other error' : refusedWrite ? 'refused' : 'accepted',
  ];
}
