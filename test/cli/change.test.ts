import { describe, expect, it } from 'vitest';
import { wantsApproval } from '../../src/cli/change.ts';
import type { Action } from '../../src/domain/action.ts';
import { planOf } from '../apply/fake-nodes.ts';

const TEXT = { node: 'redis-02', summary: '', reason: '' };
const quiet: Action = { ...TEXT, kind: 'daemon-reload', disruptive: false };
const restart: Action = { ...TEXT, kind: 'restart-unit', unit: 'redis-server', disruptive: true };
const losing: Action = { ...restart, data: { kept: null, keysAtMost: 13 } };
const keeping: Action = { ...restart, data: { kept: 'snapshot' } };
const master = { host: '10.0.0.1', port: 6379 };
const dropping: Action = { ...TEXT, kind: 'replicate', master, disruptive: true, drops: 10 };

const adopting: Action = {
  ...TEXT,
  kind: 'write-file',
  disruptive: false,
  file: 'redis.conf',
  path: '/etc/redis/redis.conf',
  owner: 'redis',
  group: 'redis',
  mode: '640',
  replicaof: null,
  adopts: true,
  replaces: 'x',
  diff: [],
};

describe('wantsApproval', () => {
  it.each<
    readonly [string, readonly Action[], { yes?: boolean; giveUpKeys?: number; breakGlass?: string }, string | null]
  >([
    ['nothing that disturbs', [quiet], {}, null],
    ['a restart', [restart], {}, 'disturbs service'],
    ['a restart with --yes', [restart], { yes: true }, null],
    ['a restart that keeps its data, with --yes', [keeping], { yes: true }, null],
    ['keys that go', [dropping], {}, 'gives up 10 keys'],
    ['keys that go, with --yes alone', [dropping], { yes: true }, 'gives up 10 keys'],
    ['keys that go at two places', [dropping, losing], { yes: true, giveUpKeys: 22 }, 'gives up 23 keys'],
    ['keys that go, by their number', [dropping, losing], { yes: true, giveUpKeys: 23 }, null],
    ['their number without --yes', [dropping], { giveUpKeys: 10 }, 'gives up 10 keys'],
    ['files of someone else', [adopting], {}, 'replaces files that someone else wrote'],
    ['files of someone else, with --yes', [adopting], { yes: true }, null],
    ['a restart, and files of someone else', [adopting, restart], {}, 'disturbs service'],
    ['a freeze', [quiet], { breakGlass: 'urgent' }, 'overrides a freeze'],
  ])('of %s', (_, actions, given, expected) => {
    const invocation = { yes: false, giveUpKeys: 0, breakGlass: null, ...given };
    expect(wantsApproval(planOf([actions]), invocation)).toBe(expected);
  });
});
