import { describe, expect, it } from 'vitest';
import { actionsOf } from '../../../src/domain/plan.ts';
import type { RefusedCommand, StepCommand } from '../../../src/domain/redis/step-commands.ts';
import { desiredCluster, healthy } from '../../builders.ts';
import { describeBlockers, planOf } from '../look.ts';

const before = desiredCluster();
const restarting = desiredCluster({ lines: ['databases 32'] });
const live = desiredCluster({ lines: ['maxmemory 300mb'] });

function refusing(node: string, ...refuses: readonly RefusedCommand[]) {
  return healthy(before, { [node]: { redis: { refuses } } });
}

const renamed = (command: StepCommand): RefusedCommand => ({ command, by: 'rename-command' });
const forbidden = (command: StepCommand): RefusedCommand => ({ command, by: 'acl' });

describe('a command that a node refuses', () => {
  it.each<[string, RefusedCommand, typeof restarting]>([
    ['redis-01', renamed('REPLICAOF'), restarting],
    ['redis-01', forbidden('CLIENT PAUSE'), restarting],
    ['redis-03', renamed('REPLICAOF'), restarting],
    ['redis-01', renamed('SET'), live],
    ['redis-02', forbidden('CONFIG SET'), live],
    ['redis-03', forbidden('GET'), live],
  ])('blocks a plan whose steps send it: %s %o', (node, refused, desired) => {
    expect(describeBlockers(planOf(desired, refusing(node, refused)))).toEqual([`COMMAND_UNAVAILABLE ${node}`]);
  });

  it.each<[string, RefusedCommand, typeof restarting]>([
    ['redis-01', renamed('REPLICAOF'), live],
    ['redis-03', forbidden('CLIENT KILL'), restarting],
    ['redis-02', forbidden('UNLINK'), live],
    ['redis-01', renamed('REPLICAOF'), before],
  ])('does not matter where nothing sends it: %s %o', (node, refused, desired) => {
    expect(describeBlockers(planOf(desired, refusing(node, refused)))).toEqual([]);
  });

  it('makes another replica the candidate', () => {
    const plan = planOf(restarting, refusing('redis-02', renamed('CLIENT PAUSE')));
    expect(describeBlockers(plan)).toEqual([]);
    expect(actionsOf(plan).find(({ kind }) => kind === 'hand-over')).toMatchObject({ to: { name: 'redis-03' } });
  });

  it('blocks a plan that moves roles where the node lets nobody ask', () => {
    const open = (['REPLICAOF', 'CONFIG SET', 'SET', 'GET'] as const).map(
      (command) => ({ command, by: 'unknown' }) as const,
    );
    expect(describeBlockers(planOf(live, refusing('redis-02', ...open)))).toEqual([]);
    const [blocker, ...others] = planOf(restarting, refusing('redis-01', ...open)).blockers;
    expect(others).toEqual([]);
    expect(blocker).toMatchObject({
      code: 'COMMAND_UNAVAILABLE',
      node: 'redis-01',
      message: expect.stringContaining('takes REPLICAOF'),
      hint: expect.stringContaining('`ACL SETUSER default +acl|dryrun`'),
    });
  });

  it('is named with the way out', () => {
    const [byName] = planOf(restarting, refusing('redis-01', renamed('REPLICAOF'))).blockers;
    expect(byName?.message).toBe(
      'redis-01 does not know REPLICAOF, which a step needs: `rename-command` took it away.',
    );
    expect(byName?.hint).toContain('`CONFIG SET shutdown-on-sigterm save`');
    const [byAcl] = planOf(restarting, refusing('redis-01', forbidden('CLIENT PAUSE'))).blockers;
    expect(byAcl?.hint).toContain('`ACL SETUSER default +client|pause`');
  });
});
