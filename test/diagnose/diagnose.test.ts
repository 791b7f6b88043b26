import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { DesiredCluster } from '../../src/domain/desired.ts';
import type { NodeFacts } from '../../src/domain/facts.ts';
import type { Finding } from '../../src/domain/finding.ts';
import { Secret } from '../../src/domain/secret.ts';
import * as fc from 'fast-check';
import { diagnose, RULES } from '../../src/diagnose/diagnose.ts';
import { judge } from '../../src/diagnose/judge.ts';
import type { Rule } from '../../src/diagnose/rule.ts';
import { isHealthy } from '../../src/domain/finding.ts';
import type { Goal } from '../../src/domain/goal.ts';
import { actionsOf } from '../../src/domain/plan.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import { eitherScene, sceneOf } from '../plan/arbitrary-cluster.ts';
import {
  configurationOf,
  desiredCluster,
  desiredNode,
  healthy,
  host,
  link,
  PASSWORD,
  password,
  replicaFacts,
  stoppedFacts,
  unit,
  unreachable,
} from '../builders.ts';

const nodes = ['redis-01', 'redis-02', 'redis-03'].map((name) => desiredNode(name));
const cluster = desiredCluster({ nodes });
const [one, two, three] = nodes;
if (!one || !two || !three) throw new Error('three nodes');

const READ_ONLY =
  '812:S 03 Dec 2025 10:00:00.000 # Opening the temp file needed for MASTER <-> REPLICA synchronization: Read-only file system';
const configured = (change: Readonly<Record<string, string>>, node = three) =>
  new Map([...configurationOf(node.redisConf.content), ...Object.entries(change)]);
const down = link({ up: false, state: 'connect' });
const withoutDropIn = new Map([...host(three, null).files].filter(([path]) => path !== three.dropIn.path));

type RuleName = keyof typeof RULES;

interface Case {
  seen: readonly NodeFacts[];
  /** Rules that find something, in order. */
  rules: readonly RuleName[];
  findings: readonly {
    /** Code, node, and whether redisops may fix it without a person. */
    is: string;
    cause: RegExp;
    /** One line of the evidence. */
    evidence: string;
  }[];
  desired?: DesiredCluster;
}

const CASES: Readonly<Record<string, Case>> = {
  'nothing is wrong': { seen: healthy(cluster), rules: [], findings: [] },
  'an intruder’s save, before the disk that refused it': {
    seen: healthy(cluster, {
      'redis-03': {
        redis: { master: down, configuration: configured({ dir: '/etc', dbfilename: 'crontab' }) },
        host: { dataDirectoryWritable: false, log: [READ_ONLY] },
      },
    }),
    rules: ['intrusionSuspected', 'readOnlyDataDirectory', 'failingSync'],
    findings: [
      {
        is: 'INTRUSION_SUSPECTED redis-03 false',
        cause: /redis-03 may have been broken into: it saves its data in \/etc; .* file named crontab/,
        evidence: 'Exposed: protected-mode no: hosts that need no password are let in.',
      },
      { is: 'DATA_DIRECTORY_READ_ONLY redis-03 false', cause: /The drop-in exists/, evidence: READ_ONLY },
      { is: 'REPLICA_LINK_DOWN redis-03 false', cause: /read-only for Redis/, evidence: READ_ONLY },
    ],
  },
  'the missing drop-in of the field report': {
    seen: healthy(cluster, {
      'redis-03': {
        redis: { master: down },
        host: { dataDirectoryWritable: false, files: withoutDropIn, log: ['something else', READ_ONLY] },
      },
    }),
    rules: ['readOnlyDataDirectory', 'failingSync'],
    findings: [
      { is: 'DATA_DIRECTORY_READ_ONLY redis-03 true', cause: /the drop-in is missing/, evidence: READ_ONLY },
      { is: 'REPLICA_LINK_DOWN redis-03 false', cause: /read-only for Redis/, evidence: READ_ONLY },
    ],
  },
  'a drop-in that Redis runs without': {
    seen: healthy(cluster, { 'redis-03': { host: { dataDirectoryWritable: false } } }),
    rules: ['readOnlyDataDirectory'],
    findings: [
      {
        is: 'DATA_DIRECTORY_READ_ONLY redis-03 true',
        cause: /The drop-in exists/,
        evidence: 'ProtectSystem=strict, ReadWritePaths=-/var/lib/redis /data/redis',
      },
    ],
  },
  'a master is not restarted without a person': {
    seen: healthy(cluster, { 'redis-01': { host: { dataDirectoryWritable: false } } }),
    rules: ['readOnlyDataDirectory'],
    findings: [
      {
        is: 'DATA_DIRECTORY_READ_ONLY redis-01 false',
        cause: /The drop-in exists/,
        evidence: '/data/redis is not writable through Redis’s own mounts',
      },
    ],
  },
  'an empty dbfilename': {
    seen: healthy(cluster, { 'redis-03': { redis: { configuration: configured({ dbfilename: '' }) } } }),
    rules: ['emptyDbfilename'],
    findings: [
      {
        is: 'RESYNC_WOULD_FAIL redis-03 true',
        cause: /dbfilename is empty/,
        evidence: 'CONFIG GET dbfilename returns an empty name',
      },
    ],
  },
  'no masterauth': {
    desired: desiredCluster({ password: password() }),
    seen: healthy(cluster, Object.fromEntries(nodes.map(({ name }) => [name, { redis: { requiresPassword: true } }]))),
    rules: ['masterPassword'],
    findings: [
      {
        is: 'REDIS_AUTH_FAILED redis-02 true',
        cause: /has no masterauth/,
        evidence: 'masterauth is not set',
      },
      {
        is: 'REDIS_AUTH_FAILED redis-03 true',
        cause: /has no masterauth/,
        evidence: 'masterauth is not set',
      },
    ],
  },
  'another masterauth': {
    desired: desiredCluster({ password: password() }),
    seen: healthy(desiredCluster({ password: password() }), {
      'redis-03': { redis: { masterauth: new Secret('other'), master: down } },
    }),
    rules: ['masterPassword'],
    findings: [
      {
        is: 'REDIS_AUTH_FAILED redis-03 true',
        cause: /masterauth differs from the password in Git/,
        evidence: 'the link is down',
      },
    ],
  },
  'a failed save': {
    seen: healthy(cluster, {
      'redis-01': {
        redis: {
          persistence: { rdbLastSaveOk: false, rdbSaveInProgress: false, aofEnabled: false, aofLastWriteOk: true },
          configuration: configured({ save: '900 1' }, one),
        },
      },
    }),
    rules: ['failedSave'],
    findings: [
      {
        is: 'WRITES_REFUSED redis-01 false',
        cause: /the last save failed/,
        evidence: 'save is “900 1” in the running process',
      },
    ],
  },
  'a failed append': {
    seen: healthy(cluster, {
      'redis-01': {
        redis: {
          persistence: { rdbLastSaveOk: true, rdbSaveInProgress: false, aofEnabled: true, aofLastWriteOk: false },
        },
      },
    }),
    rules: ['failedAppend'],
    findings: [
      {
        is: 'WRITES_REFUSED redis-01 false',
        cause: /the append-only file failed/,
        evidence: 'aof_last_write_status is err',
      },
    ],
  },
  'a full master, and too few replicas': {
    seen: healthy(cluster, {
      'redis-01': {
        redis: {
          countedMemoryBytes: 3 * 1024 * 1024,
          goodReplicas: 1,
          configuration: configured({ maxmemory: '3145728', 'min-replicas-to-write': '2' }, one),
        },
      },
    }),
    rules: ['refusedByLimits'],
    findings: [
      {
        is: 'WRITES_REFUSED redis-01 false',
        cause: /^OOM: .* 3 MiB of maxmemory 3 MiB/,
        evidence: 'INFO and CONFIG GET of the master',
      },
      {
        is: 'WRITES_REFUSED redis-01 false',
        cause: /^NOREPLICAS: .* only 1 of the 2 replicas/,
        evidence: 'INFO and CONFIG GET of the master',
      },
    ],
  },
  'stray processes': {
    seen: healthy(cluster, {
      'redis-02': {
        host: {
          strayProcesses: [
            { pid: 99, command: '/usr/bin/redis-server *:6380', startTicks: '1' },
            { pid: 100, command: '/usr/bin/redis-sentinel *:26379 [sentinel]', startTicks: '1' },
          ],
        },
      },
    }),
    rules: ['strayProcess'],
    findings: [
      { is: 'STRAY_HOLDS_DATA redis-02 false', cause: /Process 99 /, evidence: '/usr/bin/redis-server *:6380' },
      {
        is: 'STRAY_HOLDS_DATA redis-02 false',
        cause: /Process 100 /,
        evidence: '/usr/bin/redis-sentinel *:26379 [sentinel]',
      },
    ],
  },
  'a failed unit': {
    seen: healthy(cluster, {
      'redis-02': {
        host: { unit: unit({ activeState: 'failed', result: 'exit-code', restarts: 5 }), log: ['a', 'b', 'c', 'd'] },
      },
    }),
    rules: ['failedUnit'],
    findings: [
      { is: 'SERVICE_NOT_ACTIVE redis-02 true', cause: /failed \(exit-code\)/, evidence: '5 restarts by systemd' },
    ],
  },
  'a masked unit': {
    seen: healthy(cluster, {
      'redis-02': { host: { unit: unit({ activeState: 'inactive', subState: 'dead', unitFileState: 'masked' }) } },
    }),
    rules: ['idleUnit'],
    findings: [
      {
        is: 'UNIT_NOT_STARTABLE redis-02 false',
        cause: /is masked: systemd refuses to start it/,
        evidence: 'LoadState=loaded, UnitFileState=masked, ActiveState=inactive',
      },
    ],
  },
  'a unit that systemd starts again and again': {
    seen: healthy(cluster, {
      'redis-02': {
        host: { unit: unit({ activeState: 'activating', subState: 'auto-restart', result: 'exit-code', restarts: 7 }) },
      },
    }),
    rules: ['idleUnit'],
    findings: [
      {
        is: 'SERVICE_NOT_ACTIVE redis-02 false',
        cause: /restarted it 7 times/,
        evidence: 'Result=exit-code, SubState=auto-restart',
      },
    ],
  },
  'a unit that somebody stopped': {
    seen: [...healthy(cluster).slice(0, 2), stoppedFacts(three, { host: one.address, port: 6379 })],
    rules: ['idleUnit'],
    findings: [
      {
        is: 'SERVICE_NOT_ACTIVE redis-03 true',
        cause: /was stopped: it did not fail/,
        evidence: 'ActiveState=inactive, Result=success',
      },
    ],
  },
  'a Redis that asks for no password': {
    desired: desiredCluster({ password: password() }),
    seen: healthy(desiredCluster({ password: password() }), { 'redis-02': { redis: { requiresPassword: false } } }),
    rules: ['passwordNotSet'],
    findings: [
      {
        is: 'PASSWORD_NOT_SET redis-02 false',
        cause: /asks for no password, although Git has one/,
        evidence: 'AUTH was answered with “called without any password configured”',
      },
    ],
  },
  'a synchronization that fails, by the log': {
    seen: healthy(cluster, {
      'redis-02': { redis: { master: down }, host: { log: ['# Unable to AUTH to MASTER: -WRONGPASS', 'quiet'] } },
    }),
    rules: ['failingSync'],
    findings: [
      {
        is: 'REPLICA_LINK_DOWN redis-02 false',
        cause: /refuses the replica’s masterauth/,
        evidence: '# Unable to AUTH to MASTER: -WRONGPASS',
      },
    ],
  },
  'a failure before the last synchronization that succeeded': {
    seen: healthy(cluster, {
      'redis-02': {
        redis: { master: down },
        host: { log: ['# Unable to AUTH to MASTER: -WRONGPASS', '* MASTER <-> REPLICA sync: Finished with success'] },
      },
    }),
    rules: [],
    findings: [],
  },
  'a master that gives no answer': {
    seen: healthy(cluster, { 'redis-02': { redis: { master: link({ up: false, state: 'connecting' }) } } }),
    rules: ['failingSync'],
    findings: [
      {
        is: 'REPLICA_LINK_DOWN redis-02 false',
        cause: /Packets to redis-01 \(10\.0\.0\.123:6379\) get no answer/,
        evidence: 'ROLE says connecting: the connection is neither accepted nor refused',
      },
    ],
  },
  'a master that listens on loopback alone': {
    seen: healthy(cluster, { 'redis-01': { redis: { configuration: configured({ bind: '127.0.0.1 -::1' }) } } }),
    rules: ['narrowBind'],
    findings: [
      {
        is: 'BIND_TOO_NARROW redis-01 false',
        cause: /does not listen on 10\.0\.0\.123/,
        evidence: 'bind is 127.0.0.1 -::1 in the running process',
      },
    ],
  },
  'an old line of the log, with the link up': {
    seen: healthy(cluster, { 'redis-02': { host: { log: [READ_ONLY] } } }),
    rules: [],
    findings: [],
  },
  'a node that cannot be reached': {
    seen: [unreachable(two)],
    rules: [],
    findings: [{ is: 'SSH_TIMEOUT redis-02 false', cause: /did not answer/, evidence: 'the node could not be read' }],
  },
  'a Redis that cannot be read': {
    seen: [{ ...replicaFacts(two), redis: { state: 'unreadable', code: 'REDIS_AUTH_FAILED', reason: 'WRONGPASS' } }],
    rules: [],
    findings: [{ is: 'REDIS_AUTH_FAILED redis-02 false', cause: /WRONGPASS/, evidence: 'the node could not be read' }],
  },
  'a node that is not Git’s': { seen: [replicaFacts(desiredNode('redis-09'))], rules: [], findings: [] },
};

function fired({ seen, desired = cluster }: Case): readonly string[] {
  const finds = (rule: Rule): boolean =>
    seen.some((facts) => {
      const node = desired.nodes.find(({ name }) => name === facts.name);
      return facts.reachable && node !== undefined && rule(facts, node, desired, seen).length > 0;
    });
  return Object.entries(RULES).flatMap(([name, rule]) => (finds(rule) ? [name] : []));
}

function planner(desired: DesiredCluster, seen: readonly NodeFacts[]) {
  return (goal: Goal) => makePlan(goal, desired, seen);
}

/** A rule’s finding or an unreadable node; not a reason or a blocker. */
function isCause({ evidence }: Finding): boolean {
  return !['`status` reports it', 'it blocks every plan', 'a risk of the current plan'].includes(evidence[0] ?? '');
}

describe('diagnose', () => {
  it.each(Object.entries(CASES))('%s', (_name, given) => {
    const { seen, rules, findings, desired = cluster } = given;
    const found = diagnose(desired, seen, planner(desired, seen)).filter(isCause);
    expect(fired(given)).toEqual(rules);
    expect(found.map(({ id, node, safe }) => `${id} ${node ?? '-'} ${String(safe)}`)).toEqual(
      findings.map(({ is }) => is),
    );
    for (const [index, { cause, evidence }] of findings.entries()) {
      expect(found[index]?.cause).toMatch(cause);
      expect(found[index]?.evidence).toContain(evidence);
    }
    expect(found.every((finding) => finding.remedy !== '')).toBe(true);
    expect(JSON.stringify(found)).not.toContain(PASSWORD);
  });
});

describe('whatever is on the nodes', () => {
  const everyScene = (holds: (desired: DesiredCluster, seen: readonly NodeFacts[]) => void): void =>
    fc.assert(
      fc.property(eitherScene, (recipe) => {
        const { desired, seen } = sceneOf(recipe);
        holds(desired, seen);
      }),
    );

  it('doctor is healthy only if the verdict is and no guard blocks the plan', () => {
    everyScene((desired, seen) => {
      const { verdict, reasons } = judge(desired, seen);
      const { blockers } = makePlan({ kind: 'converge' }, desired, seen);
      const findings = diagnose(desired, seen, planner(desired, seen));
      if (verdict !== 'healthy' || blockers.length > 0) expect(isHealthy(findings)).toBe(false);
      const shown = findings.map(({ id, node }) => `${id} ${node ?? '-'}`);
      for (const { code, node } of [...reasons, ...blockers]) expect(shown).toContain(`${code} ${node ?? '-'}`);
    });
  });

  it('advises no goal whose plan is blocked, or does not change the node', () => {
    everyScene((desired, seen) => {
      for (const { fix, safe, node } of diagnose(desired, seen, planner(desired, seen))) {
        if (fix === null) {
          expect(safe).toBe(false);
          continue;
        }
        const plan = makePlan(fix, desired, seen);
        expect(plan.blockers).toEqual([]);
        expect(actionsOf(plan).map((action) => action.node)).toContain(node);
      }
    });
  });
});

describe('a rule', () => {
  const tested = new Set(Object.values(CASES).flatMap(({ rules }) => rules));

  it.each(Object.keys(RULES) as RuleName[])('has a case: %s', (rule) => {
    expect(tested).toContain(rule);
  });

  it('is in RULES, whichever file it is in', async () => {
    const folder = new URL('../../src/diagnose/', import.meta.url);
    const files = readdirSync(folder).filter(
      (file) =>
        file.endsWith('.ts') &&
        !['diagnose.ts', 'finding-of.ts', 'judge.ts', 'rule.ts', 'symptoms.ts', 'sync-failures.ts'].includes(file),
    );
    const modules = await Promise.all(files.map((file) => import(new URL(file, folder).href) as Promise<object>));
    expect(modules.flatMap((module) => Object.keys(module)).toSorted()).toEqual(Object.keys(RULES).toSorted());
  });
});
