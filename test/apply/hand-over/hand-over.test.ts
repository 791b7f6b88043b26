import { describe, expect, it } from 'vitest';
import { handOver } from '../../../src/apply/hand-over/hand-over.ts';
import type { HandOver } from '../../../src/domain/action.ts';
import { meaningOf } from '../../../src/domain/redis/error-reply.ts';
import { RedisopsError, asRedisopsError } from '../../../src/domain/error.ts';
import { DONE, TEXT, desiredCluster, fakeNodes, fakeStep, info } from '../fake-nodes.ts';
import type { RedisReply } from '../../../src/ports/nodes.ts';

const NAMES = ['redis-01', 'redis-02', 'redis-03'];
const ACTION: HandOver = {
  ...TEXT,
  kind: 'hand-over',
  node: 'redis-01',
  to: { name: 'redis-02', host: '10.0.0.2', port: 6379 },
};

interface Fake {
  master: string | null;
  offset: number;
  replicationId: string;
  replicationId2: string;
  secondOffset: number;
}

/** Three nodes that change roles like Redis. `exec`: whether the old master’s transaction succeeds. */
function cluster(
  change: {
    exec?: boolean;
    candidateOffset?: number;
    writes?: number;
    candidateState?: string;
    waiting?: number;
    /** `redis-01 REPLICAOF`: Redis refuses it there. */
    refuses?: string;
  } = {},
) {
  const follower = (): Fake => ({
    master: '10.0.0.1',
    offset: 100,
    replicationId: 'a',
    replicationId2: '0',
    secondOffset: -1,
  });
  const nodes = new Map<string, Fake>([
    ['redis-01', { ...follower(), master: null }],
    ['redis-02', { ...follower(), offset: change.candidateOffset ?? 100 }],
    ['redis-03', follower()],
  ]);
  const sent: string[] = [];
  let inTransaction = false;
  const nodeNamed = (name: string): Fake => {
    const node = nodes.get(name);
    if (!node) throw new Error(name);
    return node;
  };
  const follow = (name: string, host: string): void => {
    const node = nodeNamed(name);
    if (host !== 'NO') {
      node.master = host;
      return;
    }
    node.master = null;
    node.replicationId2 = node.replicationId;
    node.secondOffset = node.offset + 1;
    node.replicationId = 'b';
    node.offset += change.writes ?? 0;
  };
  const answers = (name: string, words: readonly string[]): RedisReply => {
    const [command = '', ...rest] = words;
    if (command === 'INFO') return infoOf(nodeNamed(name), change.candidateState ?? 'online');
    if (command === 'CLIENT' && rest[0] === 'LIST') return clientList(change.waiting ?? 20_512);
    if (command === 'ROLE') return ['slave', '', 0, 'connected', 0];
    if (command === 'CONFIG') return ['masterauth', 'canary'];
    sent.push(`${name} ${words.join(' ').replace(/[\da-f]{8}-[\da-f-]+/, 'KEY')}`);
    if (change.refuses === `${name} ${command}`) throw meant(`NOPERM no permissions to run '${command}'`);
    if (command === 'MULTI') inTransaction = true;
    if (command === 'EXEC') {
      inTransaction = false;
      if (change.exec === false) return null;
      follow(name, '10.0.0.2');
    }
    if (command === 'REPLICAOF' && !inTransaction) follow(name, rest[0] ?? '');
    return 'OK';
  };
  return { answers, sent };
}

function meant(reply: string): RedisopsError {
  const { code, hint } = meaningOf(reply);
  return new RedisopsError(code, reply, { hint });
}

function infoOf({ master, ...node }: Fake, state: string): string {
  const common = {
    role: master ? 'slave' : 'master',
    master_replid: node.replicationId,
    master_replid2: node.replicationId2,
    second_repl_offset: node.secondOffset,
    [master ? 'slave_repl_offset' : 'master_repl_offset']: node.offset,
  };
  const own = master
    ? { master_host: master, master_port: 6379, master_link_status: 'up', master_last_io_seconds_ago: 0 }
    : { slave0: `ip=10.0.0.2,port=6379,state=${state},offset=100,lag=0` };
  return info({ ...common, ...own });
}

function clientList(waiting: number): string {
  const line = (host: string, omem: number): string =>
    `id=7 addr=${host}:40112 laddr=10.0.0.1:6379 oll=1 omem=${omem}\n`;
  return line('10.0.0.2', 20_512) + line('10.0.0.3', waiting);
}

async function outcome(change: Parameters<typeof cluster>[0] = {}) {
  const { answers, sent } = cluster(change);
  const desired = desiredCluster(NAMES);
  const step = await fakeStep(
    'redis-01',
    desired,
    fakeNodes(() => ({ ...DONE, stdout: '0\n' }), answers),
  );
  const result = await handOver(ACTION, step).catch((error: unknown) => asRedisopsError(error).code);
  return { result, sent };
}

describe('a hand-over that Redis refuses', () => {
  it.each([
    ['redis-01 REPLICAOF', ['redis-02 REPLICAOF 10.0.0.1 6379']],
    ['redis-02 REPLICAOF', []],
    ['redis-02 CLIENT', ['redis-02 REPLICAOF 10.0.0.1 6379']],
  ])('%s: ends with the reason, and leaves one master', async (refuses, undone) => {
    const { result, sent } = await outcome({ refuses });
    expect(result).toBe('COMMAND_UNAVAILABLE');
    const back = sent.filter((line) => line.startsWith('redis-02 REPLICAOF 10.0.0.1'));
    expect(back).toEqual(undone);
  });
});

describe('handOver', () => {
  it('holds writes back, promotes, demotes while the key lives, and re-points the others', async () => {
    expect(await outcome()).toEqual({
      result: true,
      sent: [
        'redis-01 SET redisops:handover:KEY 1 PX 2000',
        'redis-01 WATCH redisops:handover:KEY',
        'redis-01 CLIENT PAUSE 2500 WRITE',
        'redis-02 CLIENT PAUSE 4000 WRITE',
        'redis-02 REPLICAOF NO ONE',
        'redis-01 MULTI',
        'redis-01 REPLICAOF 10.0.0.2 6379',
        'redis-01 EXEC',
        'redis-01 CLIENT UNPAUSE',
        'redis-02 CLIENT UNPAUSE',
        'redis-02 UNLINK redisops:handover:KEY',
        'redis-03 REPLICAOF 10.0.0.2 6379',
      ],
    });
  });

  it('undoes the promotion when the demotion came too late', async () => {
    const { result, sent } = await outcome({ exec: false });
    expect(result).toBe('HANDOVER_REFUSED');
    expect(sent.slice(-4)).toEqual([
      'redis-02 CLIENT PAUSE 4000 WRITE',
      'redis-02 REPLICAOF 10.0.0.1 6379',
      'redis-01 CLIENT UNPAUSE',
      'redis-02 CLIENT UNPAUSE',
    ]);
  });

  it('leaves both unchanged if the candidate took a write before the undo', async () => {
    const { result, sent } = await outcome({ exec: false, writes: 7 });
    expect(result).toBe('MASTER_AMBIGUOUS');
    expect(sent).not.toContain('redis-02 REPLICAOF 10.0.0.1 6379');
  });

  it.each([
    ['does not catch up', { candidateOffset: 90 }],
    ['is not seen online', { candidateState: 'wait_bgsave' }],
    ['could not give back what another lacks', { waiting: 900_000_000 }],
  ])('touches no role where the candidate %s', async (_, change) => {
    const { result, sent } = await outcome(change);
    expect(result).toBe('HANDOVER_REFUSED');
    expect(sent.filter((command) => command.includes('REPLICAOF'))).toEqual([]);
  });
});
