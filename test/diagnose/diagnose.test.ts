import { describe, expect, it } from 'vitest';
import type { DesiredCluster } from '../../src/domain/desired.ts';
import type { NodeFacts } from '../../src/domain/facts.ts';
import { Secret } from '../../src/domain/secret.ts';
import { diagnose } from '../../src/diagnose/diagnose.ts';
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
  unit,
  unreachable,
} from '../builders.ts';

const nodes = ['redis-01', 'redis-02', 'redis-03'].map((name) => desiredNode(name));
const cluster = desiredCluster({ nodes });
const [one, two, three] = nodes;
if (!one || !two || !three) throw new Error('three nodes');

const READ_ONLY =
  '812:S 03 Dec 2025 10:00:00.000 # Opening the temp file needed for MASTER <-> REPLICA synchronization: Read-only file system';
const configured = (change: Readonly<Record<string, string>>) =>
  new Map([...configurationOf(three.redisConf.content), ...Object.entries(change)]);
const down = link({ up: false, state: 'connect' });
const withoutDropIn = new Map([...host(three, null).files].filter(([path]) => path !== three.dropIn.path));

interface Case {
  seen: readonly NodeFacts[];
  /** Code, node, whether it may be mended without a person. */
  findings: readonly string[];
  evidence?: string;
  cause?: RegExp;
  desired?: DesiredCluster;
}

const CASES: Readonly<Record<string, Case>> = {
  'nothing is wrong': { seen: healthy(cluster), findings: [] },
  'the missing drop-in of the field report': {
    seen: healthy(cluster, {
      'redis-03': {
        redis: { master: down },
        host: { dataDirectoryWritable: false, files: withoutDropIn, log: ['something else', READ_ONLY] },
      },
    }),
    findings: ['DATA_DIRECTORY_READ_ONLY redis-03 true', 'REPLICA_LINK_DOWN redis-03 false'],
    evidence: READ_ONLY,
    cause: /the drop-in is missing/,
  },
  'a drop-in that Redis runs without': {
    seen: healthy(cluster, { 'redis-03': { host: { dataDirectoryWritable: false } } }),
    findings: ['DATA_DIRECTORY_READ_ONLY redis-03 true'],
    cause: /The drop-in is there/,
  },
  'a master is not restarted without a person': {
    seen: healthy(cluster, { 'redis-01': { host: { dataDirectoryWritable: false } } }),
    findings: ['DATA_DIRECTORY_READ_ONLY redis-01 false'],
  },
  'an empty dbfilename': {
    seen: healthy(cluster, { 'redis-03': { redis: { configuration: configured({ dbfilename: '' }) } } }),
    findings: ['RESYNC_WOULD_FAIL redis-03 true'],
  },
  'no masterauth': {
    desired: desiredCluster({ password: password() }),
    seen: healthy(cluster),
    findings: ['REDIS_AUTH_FAILED redis-02 true', 'REDIS_AUTH_FAILED redis-03 true'],
    cause: /has no password for its master/,
  },
  'another masterauth': {
    desired: desiredCluster({ password: password() }),
    seen: [replicaFacts(three, { redis: { masterauth: new Secret('other'), master: down } })],
    findings: ['REDIS_AUTH_FAILED redis-03 true'],
    evidence: 'the link is down',
    cause: /another password than Git has/,
  },
  'a failed save': {
    seen: healthy(cluster, {
      'redis-01': {
        redis: {
          persistence: { rdbLastSaveOk: false, rdbSaveInProgress: false, aofEnabled: false, aofLastWriteOk: true },
          configuration: configured({ save: '900 1' }),
        },
      },
    }),
    findings: ['WRITES_REFUSED redis-01 false'],
    evidence: 'save is “900 1” in the running process',
  },
  'a failed append': {
    seen: healthy(cluster, {
      'redis-01': {
        redis: {
          persistence: { rdbLastSaveOk: true, rdbSaveInProgress: false, aofEnabled: true, aofLastWriteOk: false },
        },
      },
    }),
    findings: ['WRITES_REFUSED redis-01 false'],
    evidence: 'aof_last_write_status is err',
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
    findings: ['STRAY_HOLDS_DATA redis-02 false', 'STRAY_HOLDS_DATA redis-02 false'],
    evidence: '/usr/bin/redis-server *:6380',
  },
  'a failed unit': {
    seen: healthy(cluster, {
      'redis-02': {
        host: { unit: unit({ activeState: 'failed', result: 'exit-code', restarts: 5 }), log: ['a', 'b', 'c', 'd'] },
      },
    }),
    findings: ['SERVICE_NOT_ACTIVE redis-02 true'],
    evidence: '5 restarts by systemd',
    cause: /failed \(exit-code\)/,
  },
  'a synchronisation that fails, by the log': {
    seen: healthy(cluster, {
      'redis-02': { redis: { master: down }, host: { log: ['# Unable to AUTH to MASTER: -WRONGPASS', 'quiet'] } },
    }),
    findings: ['REPLICA_LINK_DOWN redis-02 false'],
    evidence: '# Unable to AUTH to MASTER: -WRONGPASS',
  },
  'an old line of the log, with the link up': {
    seen: healthy(cluster, { 'redis-02': { host: { log: [READ_ONLY] } } }),
    findings: [],
  },
  'a node that cannot be reached': {
    seen: [unreachable(two)],
    findings: ['SSH_TIMEOUT redis-02 false'],
    cause: /did not answer/,
  },
  'a Redis that cannot be read': {
    seen: [{ ...replicaFacts(two), redis: { state: 'unreadable', code: 'REDIS_AUTH_FAILED', reason: 'WRONGPASS' } }],
    findings: ['REDIS_AUTH_FAILED redis-02 false'],
  },
  'a node that is not Git’s': { seen: [replicaFacts(desiredNode('redis-09'))], findings: [] },
};

describe('diagnose', () => {
  it.each(Object.entries(CASES))('%s', (_name, { seen, findings, evidence, cause, desired = cluster }) => {
    const found = diagnose(desired, seen);
    expect(found.map(({ id, node, safe }) => `${id} ${node ?? '-'} ${String(safe)}`)).toEqual(findings);
    expect(found.every((each) => each.cause !== '' && each.remedy !== '' && each.evidence.length > 0)).toBe(true);
    expect(found.flatMap((each) => each.evidence)).toEqual(
      expect.arrayContaining(evidence === undefined ? [] : [evidence]),
    );
    expect(found[0]?.cause ?? '').toMatch(cause ?? '');
    expect(JSON.stringify(found)).not.toContain(PASSWORD);
  });
});
