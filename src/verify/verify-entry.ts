import type { DesiredCluster } from '../domain/desired.ts';
import { spelled } from '../domain/entry/entry.ts';
import type { Unanswered } from '../domain/entry/facts.ts';
import { asRedisopsError } from '../domain/error.ts';
import { Info } from '../domain/replication/info.ts';
import type { Endpoint } from '../domain/replication/endpoint.ts';
import type { Fault } from '../domain/verdict.ts';
import type { EntryProbe, Verification } from '../domain/verification.ts';
import { judgementOf, worst } from '../domain/verdict.ts';
import { listed } from '../domain/text/listed.ts';
import { openEntry, type OpenEntry } from '../observed/entry/ask-entry.ts';
import type { Clock } from '../ports/clock.ts';
import type { Nodes } from '../ports/nodes.ts';
import type { Look, ReadLook } from './look-at.ts';
import { PROBE_EXPIRY_SECONDS, newProbeKey } from './probe-key.ts';

/** One connection through the entry. */
type Passage = { via: string } & (Unanswered | Taken);

interface Taken {
  answers: true;
  /** Null: no node of the cluster. */
  node: string | null;
  isMaster: boolean;
  /** Why the write did not come back; null if it did. */
  refusal: string | null;
  latencyMs: number;
}

const HINT = 'Check the load balancer: what its health check asks, and which servers it counts as up.';

/** Adds what clients meet: a write and a read through each address of the entry, over one connection per node. */
export async function withEntry(
  verification: Verification,
  desired: DesiredCluster,
  looks: readonly Look[],
  { nodes, clock }: { nodes: Nodes; clock: Clock },
): Promise<Verification> {
  const read = looks.filter((look) => look.read);
  if (!desired.entry || read.length === 0) return verification;
  const names = new Map(await Promise.all(read.map(runIdOf)));
  const passages = await Promise.all(
    desired.entry.addresses.map(async (at) => ({
      at,
      through: await Promise.all(read.map((look) => pass(look, at, { names, desired, nodes, clock }))),
    })),
  );
  const works = passages.some(({ through }) => through.some(isGood));
  const faults = passages.flatMap(({ at, through }) => faultsOf(at, through, works));
  const { verdict, reasons } = judgementOf(faults);
  return {
    ...verification,
    verdict: worst([verification.verdict, verdict]),
    reasons: [...verification.reasons, ...reasons],
    entry: passages.map(({ at, through }) => probeOf(at, through)),
  };
}

async function runIdOf({ node, link }: ReadLook): Promise<readonly [string, string]> {
  const info = await link.command('INFO', 'server').catch(() => '');
  return [new Info(info).optionalText('run_id') ?? '', node.name];
}

interface Surroundings {
  /** Nodes by run ID. */
  names: ReadonlyMap<string, string>;
  desired: DesiredCluster;
  nodes: Nodes;
  clock: Clock;
}

async function pass(
  { node }: ReadLook,
  at: Endpoint,
  { names, desired, nodes, clock }: Surroundings,
): Promise<Passage> {
  const session = await nodes.connect(node).catch(asRedisopsError);
  if (session instanceof Error) return { via: node.name, answers: false, code: session.code, reason: 'was not tried' };
  const opened = await openEntry(session, at, desired.password);
  if (!opened.answers) return { via: node.name, ...opened };
  try {
    const begun = clock.elapsed();
    const refusal = await refusalOf(opened);
    return {
      via: node.name,
      answers: true,
      node: names.get(opened.runId) ?? null,
      isMaster: opened.role === 'master' && names.has(opened.runId),
      refusal,
      latencyMs: Math.round((clock.elapsed() - begun) * 10) / 10,
    };
  } finally {
    opened.link.close();
  }
}

/** Writes and reads a key of its own. */
async function refusalOf({ link }: OpenEntry): Promise<string | null> {
  const { key, value } = newProbeKey();
  const [set, get] = await Promise.allSettled([
    link.command('SET', key, value, 'EX', String(PROBE_EXPIRY_SECONDS), 'NX'),
    link.command('GET', key),
    link.command('UNLINK', key),
  ]);
  if (set.status === 'rejected') return asRedisopsError(set.reason).message;
  return get.status === 'fulfilled' && get.value === value ? null : 'The value did not come back.';
}

function isGood(passage: Passage): boolean {
  return passage.answers && passage.isMaster && passage.refusal === null;
}

function faultsOf(at: Endpoint, through: readonly Passage[], works: boolean): readonly Fault[] {
  const address = spelled(at);
  const silent = through.flatMap((each) => (each.answers ? [] : [each]));
  const wrong = through.flatMap((each) => (each.answers && !each.isMaster ? [each] : []));
  const refused = through.flatMap((each) => (each.answers && each.isMaster && each.refusal !== null ? [each] : []));
  const verdict = works ? 'degraded' : 'down';
  const faults: Fault[] = [];
  if (silent[0]) {
    const from = listed(silent.map(({ via }) => via));
    const isKnown = ['REDIS_UNREACHABLE', 'REDIS_CONNECTION_LOST', 'REDIS_AUTH_FAILED'].includes(silent[0].code);
    faults.push({
      verdict: works || isKnown ? verdict : 'unknown',
      code: 'ENTRY_UNREACHABLE',
      node: null,
      message: `The entry ${address}, tried from ${from}, ${silent[0].reason}.`,
      hint: HINT,
    });
  }
  if (wrong.length > 0) {
    const names = [...new Set(wrong.map(({ node }) => (node === null ? 'a Redis outside the cluster' : node)))];
    const isReplica = wrong.every(({ node }) => node !== null);
    const message = `The entry ${address} leads to ${listed(names)}, ${isReplica ? 'which is not the master' : 'not to its master'}.`;
    faults.push({ verdict, code: 'ENTRY_WRONG_NODE', node: null, message, hint: HINT });
  }
  if (refused[0])
    faults.push({
      verdict,
      code: 'ENTRY_REFUSES_WRITES',
      node: refused[0].node,
      message: `A write through the entry ${address} failed: ${refused[0].refusal}`,
    });
  return faults;
}

function probeOf(at: Endpoint, through: readonly Passage[]): EntryProbe {
  const taken = through.flatMap((each) => (each.answers ? [each] : []));
  const nodes = [...new Set(taken.flatMap(({ node }) => node ?? []))];
  const latencies = taken.map(({ latencyMs }) => latencyMs);
  return {
    address: spelled(at),
    nodes,
    connections: through.length,
    writes: through.filter(isGood).length,
    latencyMs: latencies.length === 0 ? null : Math.max(...latencies),
  };
}
