import type { SentinelHost } from '../src/domain/desired.ts';
import type { Ping, SentinelFacts, SentinelUp } from '../src/domain/sentinel/facts.ts';
import type { SentinelMaster } from '../src/domain/sentinel/replies.ts';
import { sentinelFile } from '../src/domain/sentinel/sentinel-file.ts';

export const NAMES = ['redis-01', 'redis-02', 'redis-03'];
const addressOf = (name: string): string => `10.0.0.${122 + Number(name.slice(-2))}`;
export const idOf = (name: string): string => name.at(-1)?.repeat(40) ?? '';

export interface SentinelChange {
  master?: Partial<SentinelMaster>;
  process?: Partial<SentinelUp>;
  facts?: Partial<SentinelFacts>;
}

/** The cluster’s master as a healthy Sentinel on that host sees it. */
export function masterSeenBy(name: string, change: Partial<SentinelMaster> = {}): SentinelMaster {
  const others = NAMES.filter((each) => each !== name);
  return {
    name: 'redis',
    host: '10.0.0.123',
    port: 6379,
    flags: new Set(['master']),
    quorum: 2,
    downAfterMs: 5000,
    failoverTimeoutMs: 60_000,
    parallelSyncs: 1,
    configEpoch: 0,
    replicas: ['10.0.0.124', '10.0.0.125'].map((host) => ({
      host,
      port: 6379,
      flags: new Set(['slave']),
      priority: 100,
      linkUp: true,
    })),
    peers: others.map((each) => ({
      host: addressOf(each),
      port: 26_379,
      id: idOf(each),
      flags: new Set(['sentinel']),
    })),
    quorumCheck: { ok: true, said: 'OK 3 usable Sentinels.' },
    ...change,
  };
}

export function pings(name: string, change: Partial<Ping> = {}): readonly Ping[] {
  return NAMES.filter((each) => each !== name).map((each) => {
    return { host: addressOf(each), port: 26_379, answer: 'answered', said: '+PONG', ...change };
  });
}

/** A healthy Sentinel of three, on that host. */
export function sentinel(name: string, { master, process, facts }: SentinelChange = {}): SentinelFacts {
  const lines = ['sentinel monitor redis 10.0.0.123 6379 2'];
  return {
    port: 26_379,
    unit: {
      name: 'redis-sentinel.service',
      loadState: 'loaded',
      activeState: 'active',
      unitFileState: 'enabled',
      mainPid: 9,
    },
    file: {
      path: '/etc/redis/sentinel.conf',
      stat: { owner: 'redis', group: 'redis', mode: '640' },
      isPackaged: false,
      content: sentinelFile(lines),
      writable: true,
    },
    process: {
      state: 'up',
      id: idOf(name),
      version: '7.0.15',
      configFile: '/etc/redis/sentinel.conf',
      processId: 9,
      tilt: false,
      masters: [masterSeenBy(name, master)],
      ...process,
    },
    pings: pings(name),
    ...facts,
  };
}

/** A host with Sentinel and without Redis. @param lines Of its sentinel.conf. */
export function sentinelHost(name: string, address: string, lines: readonly string[] = []): SentinelHost {
  const file = { path: '/etc/redis/sentinel.conf', owner: 'redis', group: 'redis', mode: '640' };
  return {
    name,
    address,
    sshPort: 22,
    redisPort: 26_379,
    sentinel: {
      packageName: 'redis-sentinel',
      unit: 'redis-sentinel.service',
      port: 26_379,
      masterName: 'redis',
      file: { ...file, content: sentinelFile(lines) },
    },
  };
}
