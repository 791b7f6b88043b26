import { describe, expect, it } from 'vitest';
import { readinessOf } from '../../../src/domain/readiness/readiness.ts';
import type { NodeFacts } from '../../../src/domain/facts.ts';
import { sentinelFile } from '../../../src/domain/sentinel/sentinel-file.ts';
import { desiredCluster, healthy } from '../../builders.ts';
import { idOf, masterSeenBy, NAMES, pings, sentinel, type SentinelChange } from '../../sentinels.ts';

const cluster = desiredCluster();

function seen(
  changes: Readonly<Record<string, SentinelChange>> = {},
  redis: Parameters<typeof healthy>[1] = {},
): readonly NodeFacts[] {
  return healthy(cluster, redis).map((facts) =>
    facts.reachable ? { ...facts, sentinel: sentinel(facts.name, changes['all'] ?? changes[facts.name]) } : facts,
  );
}

function everywhere(change: (name: string) => SentinelChange): Readonly<Record<string, SentinelChange>> {
  return Object.fromEntries(NAMES.map((name) => [name, change(name)]));
}

const DOWN = new Set(['s_down', 'sentinel', 'disconnected']);
const NOQUORUM = { ok: false, said: 'NOQUORUM 1 usable Sentinels.' };
const peersDown = (name: string) => masterSeenBy(name).peers.map((peer) => ({ ...peer, flags: DOWN }));

const CASES: Readonly<Record<string, { seen: readonly NodeFacts[]; codes: readonly string[]; evidence?: string }>> = {
  'nothing is missing': { seen: seen(), codes: [] },
  'no Sentinel anywhere': { seen: healthy(cluster), codes: [] },
  'Sentinels know each other, and refuse each other': {
    seen: seen(
      everywhere((name) => ({
        master: { peers: peersDown(name), quorumCheck: NOQUORUM },
        facts: { pings: pings(name, { answer: 'denied', said: '-DENIED Redis is running in protected mode' }) },
      })),
    ),
    codes: ['SENTINELS_CANNOT_TALK'],
    evidence: 'redis-01 → 10.0.0.124:26379: -DENIED',
  },
  'one outside the inventory refuses them': {
    seen: seen(
      everywhere((name) => ({
        facts: { pings: [...pings(name), { host: '10.0.0.200', port: 26_379, answer: 'denied', said: '-DENIED' }] },
      })),
    ),
    codes: ['SENTINELS_CANNOT_TALK'],
    evidence: 'redis-03 → 10.0.0.200:26379: -DENIED',
  },
  'one outside the inventory is gone': {
    seen: seen(
      everywhere((name) => ({
        facts: { pings: [...pings(name), { host: '10.0.0.200', port: 26_379, answer: 'silent', said: '' }] },
      })),
    ),
    codes: [],
  },
  'a firewall drops packets': {
    seen: seen({ 'redis-01': { facts: { pings: pings('redis-01', { answer: 'silent', said: '' }) } } }),
    codes: ['SENTINELS_CANNOT_TALK'],
    evidence: 'silent',
  },
  'a peer is down for one, for no known reason': {
    seen: seen({ 'redis-01': { master: { peers: peersDown('redis-01') } } }),
    codes: ['SENTINEL_NOT_SEEN'],
  },
  'one names another master': {
    seen: seen({ 'redis-03': { master: { host: '10.0.0.124' } } }),
    codes: ['SENTINEL_MASTERS_DIFFER'],
  },
  'all name a replica': {
    seen: seen(everywhere(() => ({ master: { host: '10.0.0.124' } }))),
    codes: ['SENTINEL_MASTERS_DIFFER'],
    evidence: 'redis-02 says it is a replica',
  },
  'quorums differ': { seen: seen({ 'redis-02': { master: { quorum: 3 } } }), codes: ['SENTINEL_SETTINGS_DIFFER'] },
  'a quorum above their number': {
    seen: seen(everywhere(() => ({ master: { quorum: 4, quorumCheck: NOQUORUM } }))),
    codes: ['SENTINEL_QUORUM_IMPOSSIBLE'],
  },
  'too few answer': {
    seen: seen({ 'redis-01': { master: { quorumCheck: NOQUORUM } } }),
    codes: ['SENTINEL_NO_QUORUM'],
  },
  'one ID twice': {
    seen: seen({ 'redis-02': { process: { id: idOf('redis-01') } } }),
    codes: ['SENTINEL_ID_TWICE'],
  },
  'loopback is monitored': {
    seen: seen({ 'redis-02': { master: { host: '127.0.0.1' } } }),
    codes: ['SENTINEL_MONITORS_LOOPBACK'],
  },
  'names differ': {
    seen: seen({ 'redis-02': { master: { name: 'mymaster', peers: [] } } }),
    codes: ['SENTINEL_NAMES_DIFFER'],
  },
  'a replica and a Sentinel are gone': {
    seen: seen({
      'redis-01': {
        master: {
          replicas: [
            ...masterSeenBy('redis-01').replicas,
            { host: '10.0.0.126', port: 6379, flags: new Set(['s_down', 'slave']), priority: 100, linkUp: false },
          ],
          peers: [
            ...masterSeenBy('redis-01').peers,
            { host: '10.0.0.126', port: 26_379, id: 'e'.repeat(40), flags: DOWN },
          ],
        },
      },
    }),
    codes: ['SENTINEL_GHOST'],
  },
  'the file cannot be written': {
    seen: seen({ 'redis-02': { facts: { file: { ...sentinel('redis-02').file, writable: false } } } }),
    codes: ['SENTINEL_FILE_NOT_WRITABLE'],
  },
  'the file lost its quotes': {
    seen: seen({
      'redis-02': {
        facts: { file: { ...sentinel('redis-02').file, content: sentinelFile(['sentinel auth-pass redis a b']) } },
      },
    }),
    codes: ['SENTINEL_FILE_BROKEN'],
  },
  'a Sentinel stood still': { seen: seen({ 'redis-02': { process: { tilt: true } } }), codes: ['SENTINEL_TILT'] },
  'a replica is unknown to one': {
    seen: seen({ 'redis-02': { master: { replicas: masterSeenBy('redis-02').replicas.slice(1) } } }),
    codes: ['SENTINEL_REPLICA_UNKNOWN'],
  },
  'the master is called down, and answers': {
    seen: seen({ 'redis-02': { master: { flags: new Set(['s_down', 'master']) } } }),
    codes: ['SENTINEL_MASTER_UNSEEN'],
  },
};

describe('readiness', () => {
  it.each(Object.entries(CASES))('%s', (_, { seen: observed, codes, evidence = '' }) => {
    const lacks = readinessOf(cluster, observed);
    expect(lacks.map(({ code }) => code)).toEqual(codes);
    for (const { message, cure, evidence: lines } of lacks) {
      expect(message).toMatch(/\.$/);
      expect(cure).toMatch(/\.$/);
      expect(lines.length).toBeGreaterThan(0);
    }
    expect(lacks.flatMap((each) => each.evidence).join('\n')).toContain(evidence);
  });
});
