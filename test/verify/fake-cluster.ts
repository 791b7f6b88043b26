import type { RedisopsError } from '../../src/domain/error.ts';
import { DONE, fakeLink, fakeNodes, info, redisError } from '../apply/fake-nodes.ts';
import type { Nodes, RedisLink, RedisReply } from '../../src/ports/nodes.ts';

export interface FakeRedis {
  role: 'master' | 'replica';
  /** Address of the master that it follows. */
  follows: string;
  replicationId: string;
  linkUp: boolean;
  lastIo: number;
  /** What its master says of it; null: nothing. */
  seenAs: string | null;
  /** `replica-announce-ip`; null: it announces nothing. */
  announces: string | null;
  /** Addresses by host name, on its host. */
  resolves: Readonly<Record<string, string>>;
  /** Whether the master’s writes arrive. */
  receives: boolean;
  readOnly: boolean;
  /** Redis’s words for every write; null: it takes them. */
  refusesWrites: string | null;
  /** What a connection to it fails with. */
  fails: RedisopsError | null;
  data: Map<string, string>;
}

export interface FakeCluster {
  nodes: Nodes;
  redis: Record<string, FakeRedis>;
  closed: string[];
  /** The node that answers at an address which is no node’s own; a node’s name, or how a connection fails. */
  entry: { leadsTo: string | RedisopsError };
}

/** redis-01 and its replicas, as their commands behave: a write on the master is on each receiving replica at once. */
export function fakeCluster(changes: Record<string, Partial<FakeRedis>> = {}): FakeCluster {
  const redis = Object.fromEntries(
    ['redis-01', 'redis-02', 'redis-03'].map((name) => [name, { ...healthy(name), ...changes[name] }]),
  );
  const closed: string[] = [];
  const entry: FakeCluster['entry'] = { leadsTo: 'redis-01' };
  const inner = fakeNodes((name) => {
    const names = Object.entries(redis[name]?.resolves ?? {});
    return { ...DONE, stdout: names.map(([host, address]) => `${host}\0${address}\0`).join('') };
  });
  const linkTo = (name: string): RedisLink => {
    const node = redis[name];
    if (node?.fails) throw node.fails;
    const link = fakeLink(name, (from, words) => answer(redis, from, words));
    return { ...link, close: () => void closed.push(name) };
  };
  const nodes: Nodes = {
    ...inner,
    connect: async (address) => ({
      ...(await inner.connect(address)),
      redis: async (_, at) => linkTo(at ? behind() : address.name),
    }),
  };
  const behind = (): string => {
    if (typeof entry.leadsTo === 'string') return entry.leadsTo;
    throw entry.leadsTo;
  };
  return { nodes, redis, closed, entry };
}

function healthy(name: string): FakeRedis {
  return {
    role: name === 'redis-01' ? 'master' : 'replica',
    follows: '10.0.0.1',
    replicationId: 'a',
    linkUp: true,
    lastIo: 1,
    seenAs: 'online',
    announces: null,
    resolves: {},
    receives: true,
    readOnly: true,
    refusesWrites: null,
    fails: null,
    data: new Map(),
  };
}

function answer(
  cluster: Record<string, FakeRedis>,
  name: string,
  [command = '', ...words]: readonly string[],
): RedisReply {
  const redis = cluster[name] ?? healthy(name);
  const [key = '', value = ''] = words;
  switch (command) {
    case 'ROLE':
      return redis.role === 'master' ? ['master', offsetOf(redis), []] : roleOfReplica(redis);
    case 'INFO':
      return `${replication(cluster, redis)}run_id:${name}\r\n`;
    case 'CONFIG':
      return value.startsWith('replica-announce')
        ? ['replica-announce-ip', redis.announces ?? '', 'replica-announce-port', '0']
        : ['repl-ping-replica-period', '10'];
    case 'GET':
      return redis.data.get(key) ?? null;
    case 'EXISTS':
      return redis.data.has(key) ? 1 : 0;
    case 'WAIT':
      return receivers(cluster).length;
    case 'SET':
      refuseWrite(redis);
      for (const each of [redis, ...(redis.role === 'master' ? receivers(cluster) : [])]) each.data.set(key, value);
      return 'OK';
    case 'UNLINK':
      refuseWrite(redis);
      for (const each of [redis, ...receivers(cluster)]) each.data.delete(key);
      return 1;
  }
  throw redisError(`ERR unknown command ${command}`);
}

function refuseWrite(redis: FakeRedis): void {
  if (redis.refusesWrites) throw redisError(redis.refusesWrites);
  if (redis.role === 'replica' && redis.readOnly)
    throw redisError("READONLY You can't write against a read only replica.");
}

function receivers(cluster: Record<string, FakeRedis>): readonly FakeRedis[] {
  return Object.values(cluster).filter(({ role, receives }) => role === 'replica' && receives);
}

function roleOfReplica(redis: FakeRedis): RedisReply {
  return ['slave', redis.follows, 6379, redis.linkUp ? 'connected' : 'connect', offsetOf(redis)];
}

/** An offset that grows with what was written. */
function offsetOf({ data }: FakeRedis): number {
  return 100 + data.size * 50;
}

function replication(cluster: Record<string, FakeRedis>, redis: FakeRedis): string {
  if (redis.role === 'replica')
    return info({
      role: 'slave',
      master_host: redis.follows,
      master_port: 6379,
      master_link_status: redis.linkUp ? 'up' : 'down',
      master_last_io_seconds_ago: redis.lastIo,
      master_sync_in_progress: 0,
      slave_repl_offset: offsetOf(redis),
      master_replid: redis.replicationId,
    });
  const listed = Object.values(cluster).flatMap((each, index) => {
    const line = `ip=${each.announces ?? `10.0.0.${index + 1}`},port=6379,state=${each.seenAs ?? ''},offset=100,lag=0`;
    return each.role === 'replica' && each.seenAs ? [[`slave${index}`, line] as const] : [];
  });
  return info({
    role: 'master',
    master_replid: redis.replicationId,
    master_repl_offset: offsetOf(redis),
    ...Object.fromEntries(listed),
  });
}
