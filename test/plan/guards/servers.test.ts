import { describe, expect, it } from 'vitest';
import type { ServerFound } from '../../../src/domain/server/found.ts';
import { onTheirServers } from '../../../src/plan/adopt/servers.ts';
import { makePlan } from '../../../src/plan/make-plan.ts';
import type { DesiredCluster } from '../../../src/domain/desired.ts';
import { desiredCluster, healthy, link } from '../../builders.ts';

const REDIS: ServerFound = { name: 'redis', startsAtBoot: true, runs: true, port: 6379 };
const VALKEY: ServerFound = { name: 'valkey', startsAtBoot: true, runs: true, port: 6379 };

const seen = (desired: DesiredCluster, servers: readonly ServerFound[]) =>
  healthy(desired, { 'redis-02': { host: { servers } } });

const second = ({ nodes }: DesiredCluster) => nodes.find(({ name }) => name === 'redis-02');

function blockersOf(desired: DesiredCluster, servers: readonly ServerFound[]) {
  const placed = onTheirServers(desired, seen(desired, servers));
  const { blockers } = makePlan({ kind: 'converge' }, placed, seen(placed, servers));
  return blockers.filter(({ code }) => code === 'SERVER_NOT_AS_ASKED' || code === 'TWO_SERVERS');
}

describe('a node’s own server', () => {
  it('gives names to its package, unit, files, folders and user; the other nodes stay the same', () => {
    const desired = desiredCluster();
    const placed = onTheirServers(desired, seen(desired, [VALKEY]));
    expect(second(placed)).toMatchObject({
      server: 'valkey',
      packageName: 'valkey-server',
      unit: 'valkey-server.service',
      redisConf: { path: '/etc/valkey/valkey.conf', owner: 'valkey', group: 'valkey' },
      dropIn: { path: '/etc/systemd/system/valkey-server.service.d/override.conf', owner: 'root' },
    });
    expect(second(placed)?.directories.map(({ owner }) => owner)).toEqual(['valkey', 'valkey']);
    expect(placed.nodes[0]).toBe(desired.nodes[0]);
    expect(onTheirServers(placed, seen(placed, [VALKEY]))).toBe(placed);
    const back = onTheirServers(placed, seen(placed, [REDIS]));
    expect(second(back)).toEqual(second(desired));
  });

  it('is the expected one where nothing was read', () => {
    const desired = desiredCluster();
    expect(onTheirServers(desired, healthy(desired))).toBe(desired);
    expect(onTheirServers(desired, [])).toBe(desired);
  });
});

describe('a plan', () => {
  const asks = (serverAsked: 'redis' | 'valkey'): DesiredCluster => {
    const desired = desiredCluster();
    return { ...desired, nodes: desired.nodes.map((node) => ({ ...node, serverAsked })) };
  };

  it.each<readonly [string, DesiredCluster, readonly ServerFound[], readonly string[]]>([
    ['Git says nothing and Valkey runs', desiredCluster(), [VALKEY], []],
    ['Git asks for Redis and Valkey runs', asks('redis'), [VALKEY], ['SERVER_NOT_AS_ASKED']],
    ['Git asks for Redis and Redis runs', asks('redis'), [REDIS], []],
    ['Valkey starts at boot beside Redis', desiredCluster(), [REDIS, { ...VALKEY, runs: false }], ['TWO_SERVERS']],
    ['Redis starts at boot beside Valkey', desiredCluster(), [{ ...REDIS, runs: false }, VALKEY], ['TWO_SERVERS']],
    ['Valkey is installed and off', desiredCluster(), [REDIS, { ...VALKEY, runs: false, startsAtBoot: false }], []],
  ])('where %s', (_, desired, servers, expected) => {
    expect(blockersOf(desired, servers)).toMatchObject(expected.map((code) => ({ code, node: 'redis-02' })));
  });

  it('names both servers, and what to do', () => {
    expect(blockersOf(asks('redis'), [VALKEY])).toMatchObject([
      {
        message: 'Git asks for Redis on redis-02, but valkey-server.service runs Valkey there.',
        hint: expect.stringContaining('redis_server: valkey'),
      },
    ]);
    expect(blockersOf(desiredCluster(), [VALKEY, { ...REDIS, runs: false }])).toMatchObject([
      {
        message:
          'redis-02 has two servers for port 6379: valkey-server.service, and redis-server.service, which starts at boot.',
        hint: expect.stringContaining('systemctl disable --now redis-server.service'),
      },
    ]);
  });

  it('refuses a package that is too old before it starts it', () => {
    const desired = desiredCluster();
    const facts = healthy(desired).map((node) => ({
      ...node,
      redis: { state: 'down' as const, reason: 'Nothing listens.' },
      host: { ...node.host, package: { installed: true, version: '5:6.0.16-1+deb11u2' } },
    }));
    expect(makePlan({ kind: 'converge' }, desired, facts).blockers).toContainEqual(
      expect.objectContaining({
        code: 'SERVER_TOO_OLD',
        node: 'redis-02',
        message: 'redis-server on redis-02 is 6.0.16: redisops needs 7.0.',
      }),
    );
  });

  it.each([
    ['its link is down', false, ['redis-02']],
    ['its link is up', true, []],
  ])('refuses a replica that cannot load its master’s snapshot if %s', (_, up, expected) => {
    const desired = desiredCluster();
    const facts = healthy(desired, {
      'redis-01': { redis: { version: '8.0.2' } },
      'redis-02': { redis: { version: '7.0.15', master: link({ up }) } },
      'redis-03': { redis: { version: '8.0.6' } },
    });
    const { blockers } = makePlan({ kind: 'converge' }, desired, facts);
    expect(blockers.filter(({ code }) => code === 'REPLICA_TOO_OLD').map(({ node }) => node)).toEqual(expected);
    // A resync asks for a snapshot, whatever the link.
    const again = makePlan({ kind: 'resync', node: 'redis-02' }, desired, facts).blockers;
    expect(again.map(({ code }) => code)).toContain('REPLICA_TOO_OLD');
  });
});
