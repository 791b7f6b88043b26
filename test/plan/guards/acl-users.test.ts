import { describe, expect, it } from 'vitest';
import type { ConfPart } from '../../../src/domain/facts.ts';
import type { AclUser } from '../../../src/domain/redis/acl.ts';
import { RedisConf } from '../../../src/domain/redis/redis-conf.ts';
import { SensitiveText } from '../../../src/domain/secret.ts';
import { driftOf } from '../../../src/plan/drift/drift.ts';
import { desiredCluster, healthy } from '../../builders.ts';
import { describeBlockers, planOf } from '../look.ts';

const DEFAULT: AclUser = { name: 'default', rules: 'on nopass ~* &* +@all' };
const APP: AclUser = { name: 'app', rules: 'on #•••••• ~* &* +@all' };
const cluster = desiredCluster();
const USERS = { redis: { aclUsers: [DEFAULT, APP] } };
const part = (kind: ConfPart['kind'], path: string, text: string): ConfPart => ({
  kind,
  path,
  content: RedisConf.parse(new SensitiveText(text)),
});
const seen = healthy(cluster, { 'redis-02': USERS });
const restarting = (...lines: readonly string[]) => desiredCluster({ lines: ['databases 32', ...lines] });

describe('ACL users that Git does not know', () => {
  it('block a restart, by name and with their rights', () => {
    const { blockers } = planOf(restarting(), seen);
    expect(blockers).toMatchObject([
      {
        code: 'ACL_USERS_UNKNOWN',
        node: 'redis-02',
        message:
          'redis-02 has ACL users that are not in Git and would be gone: app (on #•••••• ~* &* +@all), in the running Redis only.',
      },
    ]);
  });

  it('are no obstacle to what they survive', () => {
    expect(describeBlockers(planOf(cluster, seen))).toEqual([]);
    expect(describeBlockers(planOf(desiredCluster({ lines: ['maxmemory 300mb'] }), seen))).toEqual([]);
  });

  it('are no obstacle once Git has them, also switched off, with what changes', () => {
    expect(describeBlockers(planOf(restarting('user app on >canary ~* &* +@all'), seen))).toEqual([]);
    const off = planOf(restarting('user app off'), seen);
    expect(describeBlockers(off)).toEqual([]);
    expect(off.risks.map(({ message }) => message)).toContain(
      'The ACL user app on redis-02 changes from (on #•••••• ~* &* +@all) to (off).',
    );
    expect(JSON.stringify(off)).not.toContain('canary');
  });

  it('are found in an include that goes, which is shown with what it has', () => {
    const include = part('include', '/etc/redis/app.conf', 'user app on >canary ~*\nmaxclients 5000\n');
    const held = healthy(cluster, { 'redis-02': { host: { confParts: [include] } } });
    const plan = planOf(desiredCluster({ lines: ['maxmemory 300mb'] }), held);
    expect(plan.blockers).toMatchObject([
      { message: expect.stringContaining('app (on >•••••• ~*), from /etc/redis/app.conf.') },
    ]);
    expect(plan.risks.map(({ message }) => message)).toContain(
      'redis.conf of redis-02 no longer includes /etc/redis/app.conf, which has: maxclients 5000; user app (on >•••••• ~*).',
    );
    expect(JSON.stringify(plan)).not.toContain('canary');
  });

  it('are refused in redis.conf and in what it goes on to include', () => {
    const include = part('include', '/etc/redis/app.conf', 'user app on >canary ~*\n');
    const held = healthy(cluster, { 'redis-02': { host: { confParts: [include] } } });
    const plan = planOf(restarting('include /etc/redis/app.conf', 'user app on nopass ~*'), held);
    expect(describeBlockers(plan)).toEqual(['ACL_USERS_TWICE redis-02']);
  });

  it('are known where they are in the aclfile of Git', () => {
    const file = part('wanted aclfile', '/etc/redis/users.acl', 'user app on ~*\n');
    const held = healthy(cluster, { 'redis-02': { ...USERS, host: { confParts: [file] } } });
    expect(describeBlockers(planOf(restarting('aclfile /etc/redis/users.acl'), held))).toEqual([]);
  });

  it('are drift, which an apply does not end', () => {
    const drifts = driftOf(cluster, seen).drifts.filter(({ subject }) => subject === 'ACL user app');
    expect(drifts).toMatchObject([{ node: 'redis-02', git: 'absent', actual: APP.rules, byApply: false }]);
  });
});

describe('a default user', () => {
  it('that somebody restricted does not get its rights back', () => {
    const off = healthy(cluster, { 'redis-02': { redis: { aclUsers: [{ ...DEFAULT, rules: 'off ~* &* +@all' }] } } });
    expect(describeBlockers(planOf(restarting(), off))).toEqual(['ACL_USERS_UNKNOWN redis-02']);
  });
});

it('an aclfile that is not on the node blocks the restart that it would fail', () => {
  const files = (text: typeof cluster) =>
    healthy(text).map((facts) => {
      if (!facts.reachable) return facts;
      const absent = [['/etc/redis/users.acl', { exists: false }]] as const;
      return { ...facts, host: { ...facts.host, files: new Map([...facts.host.files, ...absent]) } };
    });
  const plan = planOf(restarting('aclfile /etc/redis/users.acl'), files(cluster));
  expect(describeBlockers(plan)).toContain('ACL_FILE_MISSING redis-01');
});
