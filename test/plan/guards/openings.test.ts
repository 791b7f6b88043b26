import { describe, expect, it } from 'vitest';
import type { ReachableNode } from '../../../src/domain/facts.ts';
import { actionsOf, needsApproval, openingsIn } from '../../../src/domain/plan.ts';
import { aclUsers } from '../../../src/domain/redis/acl.ts';
import type { DesiredCluster } from '../../../src/domain/desired.ts';
import { makePlan } from '../../../src/plan/make-plan.ts';
import { bareFacts, desiredCluster, desiredNode, healthy, password, stoppedFacts } from '../../builders.ts';

const one = (lines: readonly string[]): DesiredCluster =>
  desiredCluster({
    password: password(),
    nodes: [desiredNode('redis-01', { password: password(), lines })],
  });
/** The node as it runs with the first lines; Git then has the others. */
const planFrom = (
  before: readonly string[],
  after: readonly string[],
  change: (facts: ReachableNode) => ReachableNode,
) => {
  const facts = healthy(one(before)).map(change);
  return makePlan({ kind: 'converge' }, one(after), facts);
};
const running = (before: readonly string[], after: readonly string[]) =>
  planFrom(before, after, (facts) => {
    const users = ['user default on >x ~* &* +@all', ...before];
    return facts.redis.state === 'up' ? { ...facts, redis: { ...facts.redis, aclUsers: aclUsers(users) } } : facts;
  });
const stopped = (before: readonly string[], after: readonly string[]) =>
  planFrom(before, after, () => {
    const [node] = one(before).nodes;
    if (!node) throw new Error('a cluster has nodes');
    return stoppedFacts(node, null);
  });
const codes = (plan: ReturnType<typeof running>) => [...new Set(openingsIn(plan).map(({ opening }) => opening.code))];

const OPENINGS: readonly (readonly [string[], string[], string])[] = [
  [[], ['protected-mode no'], 'OPENS_PROTECTED_MODE'],
  [[], ['bind *'], 'OPENS_BIND'],
  [[], ['masteruser app'], 'OPENS_MASTER'],
  [[], ['loadmodule /opt/x.so'], 'OPENS_FILE'],
  [[], ['include /etc/redis/more.conf'], 'OPENS_FILE'],
  [[], ['enable-debug-command yes'], 'OPENS_COMMANDS'],
  [['rename-command CONFIG ""'], [], 'OPENS_COMMANDS'],
  [[], ['tls-auth-clients no'], 'OPENS_TLS'],
  [[], ['user app on nopass ~* +@all'], 'OPENS_ACL'],
  [['user app on >x ~app:* +@read'], ['user app on >x ~* +@read'], 'OPENS_ACL'],
  [['user app on >x ~* +@all -config'], ['user app on >x ~* -config +@all'], 'OPENS_ACL'],
  [['user default on >x ~app:* +@read'], ['user app on >x ~app:* +@read', 'user default on >x ~* +@all'], 'OPENS_ACL'],
];

describe('a plan that opens', () => {
  it.each(OPENINGS)('a running Redis, from %j to %j, is %s and waits', (before, after, code) => {
    const plan = running(before, after);
    expect(codes(plan)).toEqual([code]);
    expect(needsApproval(plan)).toBe(true);
    expect(actionsOf(plan).every(({ opens, disruptive }) => !opens || disruptive)).toBe(true);
  });

  it.each(OPENINGS)('a stopped Redis, from %j to %j, is %s and waits', (before, after, code) => {
    const plan = stopped(before, after);
    expect(codes(plan)).toEqual([code]);
    expect(needsApproval(plan)).toBe(true);
  });

  it('names a password that a stopped Redis would start without', () => {
    const [before] = one([]).nodes;
    if (!before) throw new Error('a cluster has nodes');
    const open = desiredCluster({ nodes: [desiredNode('redis-01')] });
    const plan = makePlan({ kind: 'converge' }, open, [stoppedFacts(before, null)]);
    expect(codes(plan)).toContain('OPENS_PASSWORD');
  });

  it('shows no password', () => {
    const plan = stopped([], ['user app on >canary-acl nopass ~* +@all']);
    expect(JSON.stringify(openingsIn(plan))).not.toContain('canary');
  });
});

describe('a plan that opens nothing', () => {
  it.each([
    [['hz 20'], ['hz 50']],
    [['user app on >x ~* +@all'], ['user app on >x ~app:* +@all -config']],
    [['enable-debug-command yes'], []],
  ])('from %j to %j', (before, after) => {
    expect(codes(running(before, after))).toEqual([]);
    expect(codes(stopped(before, after))).toEqual([]);
  });
});

describe('a stopped Redis', () => {
  it('does not start with other settings unless somebody approves', () => {
    expect(needsApproval(stopped([], ['timeout 1']))).toBe(true);
    expect(needsApproval(stopped([], ['maxmemory 1mb']))).toBe(true);
    expect(needsApproval(stopped(['hz 10'], ['hz 20', 'loglevel debug']))).toBe(false);
  });
});

describe('a bare node', () => {
  const bare = (lines: readonly string[]) =>
    makePlan(
      { kind: 'converge' },
      one(lines),
      one(lines).nodes.map((node) => bareFacts(node)),
    );

  it('gets what Git says without a question', () => {
    const plan = bare(['maxmemory 100mb', 'timeout 60', 'user app on >x ~app:* +@read']);
    expect(plan.blockers).toEqual([]);
    expect(needsApproval(plan)).toBe(false);
  });

  it.each([
    ['enable-debug-command yes', 'OPENS_COMMANDS'],
    ['loadmodule /opt/x.so', 'OPENS_FILE'],
    ['user app on nopass ~* +@all', 'OPENS_ACL'],
  ])('does not get %s without one', (line, code) => {
    expect(codes(bare([line]))).toEqual([code]);
    expect(needsApproval(bare([line]))).toBe(true);
  });
});
