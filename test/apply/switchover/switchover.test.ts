import { describe, expect, it } from 'vitest';
import { switchOver } from '../../../src/apply/switchover/switchover.ts';
import type { HandOver } from '../../../src/domain/action.ts';
import { asRedisopsError } from '../../../src/domain/error.ts';
import { meaningOf } from '../../../src/domain/redis/error-reply.ts';
import { RedisopsError } from '../../../src/domain/error.ts';
import type { ThroughSentinel } from '../../../src/domain/sentinel/switchover.ts';
import type { RedisReply } from '../../../src/ports/nodes.ts';
import { DONE, TEXT, desiredCluster, fakeNodes, fakeStep, info } from '../fake-nodes.ts';

const NAMES = ['redis-01', 'redis-02', 'redis-03'];
const ACTION: HandOver = {
  ...TEXT,
  kind: 'hand-over',
  node: 'redis-01',
  to: { name: 'redis-02', host: '10.0.0.2', port: 6379 },
};
const BEFORE = { 'replica-priority': '100', 'min-replicas-to-write': '0', 'min-replicas-max-lag': '10' };
const THROUGH: ThroughSentinel = {
  masterName: 'redis',
  sentinels: NAMES.toReversed().map((node) => ({ node, port: 26_379 })),
  settings: Object.fromEntries(NAMES.map((name) => [name, BEFORE])),
};

interface Change {
  candidateOffset?: number;
  /** What comes of SENTINEL FAILOVER. */
  failover?: 'done' | 'refused' | 'given up' | 'another';
  /** Sentinels know COORDINATED. */
  coordinated?: boolean;
  /** Another name from one Sentinel. */
  disagrees?: boolean;
  /** The switchover was done by a worker that died. */
  isDone?: boolean;
}

/** Three nodes and Sentinels that change roles like Redis. */
function cluster({ candidateOffset = 100, failover = 'done', coordinated, disagrees, isDone }: Change) {
  const sent: string[] = [];
  const settings = new Map(NAMES.map((name) => [name, new Map<string, string>(Object.entries(BEFORE))]));
  let master = isDone ? '10.0.0.2' : '10.0.0.1';
  let named = master;
  if (isDone) settings.get('redis-02')?.set('replica-priority', '99');

  const failOver = (): RedisReply => {
    if (failover === 'refused') throw meant('NOGOODSLAVE No suitable replica to promote');
    if (failover === 'done') named = master = '10.0.0.2';
    if (failover === 'another') named = '10.0.0.3';
    return 'OK';
  };
  const ofSentinel = (name: string, [, command = '', ...rest]: readonly string[]): RedisReply => {
    switch (command) {
      case 'GET-MASTER-ADDR-BY-NAME':
        return [disagrees && name === 'redis-01' ? '10.0.0.3' : named, '6379'];
      case 'MASTERS':
        return [seenMaster(named)];
      case 'REPLICAS':
        return ['10.0.0.2', '10.0.0.3'].map((host) =>
          seenReplica(host, settings.get(host === '10.0.0.2' ? 'redis-02' : 'redis-03')?.get('replica-priority') ?? ''),
        );
      case 'HELP':
        return ['FAILOVER <master-name>', ...(coordinated ? ['FAILOVER <primary-name> [COORDINATED]'] : [])];
      case 'DEBUG':
        if (rest.length > 0) sent.push(`${name} DEBUG ${rest.join(' ')}`);
        return ['info-period', '10000'];
      case 'FAILOVER':
        sent.push(`${name} ${command} ${rest.join(' ')}`);
        return failOver();
      default:
        throw new Error(command);
    }
  };
  const ofConfig = (name: string, [, verb = '', ...words]: readonly string[]): RedisReply => {
    const own = settings.get(name) ?? new Map<string, string>();
    if (verb === 'GET') return words.flatMap((word) => [word, own.get(word) ?? 'canary']);
    sent.push(`${name} CONFIG ${verb} ${words.join(' ')}`.trim());
    for (let at = 0; at + 1 < words.length; at += 2) own.set(words[at] ?? '', words[at + 1] ?? '');
    return 'OK';
  };
  const isMaster = (name: string): boolean => master.endsWith(name.slice(-1));
  const answers = (name: string, words: readonly string[]): RedisReply => {
    const [command = ''] = words;
    if (command === 'SENTINEL') return ofSentinel(name, words);
    if (command === 'CONFIG') return ofConfig(name, words);
    if (command === 'ROLE') return ['slave', '', 0, 'connected', 0];
    if (command === 'INFO') return infoOf(isMaster(name), master, name === 'redis-02' ? candidateOffset : 100);
    if (command === 'CLIENT' && words[1] === 'LIST') return 'id=7 addr=10.0.0.2:40112 omem=0\n';
    sent.push(`${name} ${words.join(' ')}`);
    return 'OK';
  };
  return { answers, sent, settings };
}

function meant(reply: string): RedisopsError {
  const { code, hint } = meaningOf(reply);
  return new RedisopsError(code, reply, { hint });
}

function seenMaster(ip: string): RedisReply {
  const fields = { name: 'redis', ip, port: 6379, flags: 'master', quorum: 2, 'down-after-milliseconds': 2000 };
  const more = { 'failover-timeout': 10_000, 'parallel-syncs': 1, 'config-epoch': 0 };
  return Object.entries({ ...fields, ...more })
    .flat()
    .map(String);
}

function seenReplica(ip: string, priority: string): RedisReply {
  const fields = { ip, port: 6379, flags: 'slave', 'slave-priority': priority };
  return Object.entries({ ...fields, 'master-link-status': 'ok', 'info-refresh': 740 })
    .flat()
    .map(String);
}

function infoOf(isMaster: boolean, master: string, offset: number): string {
  const replica = (at: number, host: string) => ({
    [`slave${at}`]: `ip=${host},port=6379,state=online,offset=100,lag=0`,
  });
  const own = isMaster
    ? { role: 'master', master_repl_offset: offset, ...replica(0, '10.0.0.2'), ...replica(1, '10.0.0.3') }
    : {
        role: 'slave',
        slave_repl_offset: offset,
        master_host: master,
        master_port: 6379,
        master_link_status: 'up',
        master_last_io_seconds_ago: 0,
      };
  return info({ master_replid: 'a', ...own });
}

async function outcome(change: Change = {}) {
  const { answers, sent, settings } = cluster(change);
  const step = await fakeStep(
    'redis-01',
    desiredCluster(NAMES),
    fakeNodes(() => ({ ...DONE, stdout: '0\n' }), answers),
  );
  const code = await switchOver(ACTION, THROUGH, step).then(
    (changed) => (changed ? 'changed' : 'ok'),
    (thrown: unknown) => asRedisopsError(thrown).code,
  );
  const left = [...settings].flatMap(([name, own]) =>
    Object.entries(BEFORE).flatMap(([directive, value]) =>
      own.get(directive) === value ? [] : [`${name} ${directive} ${own.get(directive)}`],
    ),
  );
  return { code, sent, left };
}

describe('a switchover through Sentinel', () => {
  it('prefers the candidate, holds writes back behind a fence, asks Sentinel, and only then demotes', async () => {
    const { code, sent, left } = await outcome();
    expect(code).toBe('changed');
    expect(sent.filter((line) => !line.includes('masterauth'))).toEqual([
      'redis-03 DEBUG info-period 1500',
      'redis-02 CONFIG SET replica-priority 99',
      'redis-01 CLIENT PAUSE 3000 WRITE',
      'redis-01 CONFIG SET min-replicas-to-write 2 min-replicas-max-lag 10',
      'redis-03 FAILOVER redis',
      'redis-01 MULTI',
      'redis-01 REPLICAOF 10.0.0.2 6379',
      'redis-01 CONFIG SET min-replicas-to-write 0 min-replicas-max-lag 10',
      'redis-01 EXEC',
      'redis-01 CLIENT UNPAUSE',
      'redis-02 CONFIG SET replica-priority 100',
      'redis-02 CONFIG REWRITE',
      'redis-03 DEBUG info-period 10000',
    ]);
    expect(left).toEqual([]);
  });

  it.each<readonly [string, Change]>([
    ['Sentinel refuses', { failover: 'refused' }],
    ['Sentinel gives up', { failover: 'given up' }],
    ['the candidate does not catch up', { candidateOffset: 90 }],
    ['the Sentinels disagree', { disagrees: true }],
  ])('leaves everything as before if %s', async (_, change) => {
    const { code, sent, left } = await outcome(change);
    expect(code).toBe('HANDOVER_REFUSED');
    expect(sent.filter((line) => line.includes('REPLICAOF') || line.includes('REWRITE'))).toEqual([]);
    expect(sent.filter((line) => line.includes('PAUSE')).at(-1) ?? 'UNPAUSE').toContain('UNPAUSE');
    expect(left).toEqual([]);
  });

  it('keeps the fence up where Sentinel may still demote the old master', async () => {
    const { code, left } = await outcome({ failover: 'another' });
    expect(code).toBe('SENTINEL_MASTERS_DIFFER');
    expect(left).toEqual(['redis-01 min-replicas-to-write 2']);
  });

  it('lets the master hand over itself if the candidate does not catch up, where Sentinel knows how', async () => {
    const { code, sent, left } = await outcome({ candidateOffset: 90, coordinated: true });
    expect(code).toBe('changed');
    expect(sent).toContain('redis-03 FAILOVER redis COORDINATED');
    expect(sent).not.toContain('redis-03 FAILOVER redis');
    expect(left).toEqual([]);
  });

  it('asks for no failover again after a worker that died, and puts its settings back', async () => {
    const { code, sent, left } = await outcome({ isDone: true });
    expect(code).toBe('ok');
    expect(sent.filter((line) => /FAILOVER|PAUSE/.test(line))).toEqual([]);
    expect(sent).toContain('redis-02 CONFIG REWRITE');
    expect(left).toEqual([]);
  });
});
