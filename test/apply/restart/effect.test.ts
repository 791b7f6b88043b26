import { describe, expect, it } from 'vitest';
import { confirmEffect } from '../../../src/apply/restart/effect.ts';
import type { DirectiveChange, RestartEffect } from '../../../src/domain/action.ts';
import { asRedisopsError } from '../../../src/domain/error.ts';
import { DONE, TEXT, desiredCluster, fakeNodes, fakeStep } from '../fake-nodes.ts';

const databases: DirectiveChange = { directive: 'databases', from: '16', to: '32', secret: false };

async function outcome(effect: RestartEffect, running: readonly string[], writable = 'yes\n'): Promise<string> {
  const nodes = fakeNodes(
    () => ({ ...DONE, stdout: writable }),
    () => [...running],
  );
  const step = await fakeStep('redis-01', desiredCluster(['redis-01']), nodes);
  const action = { ...TEXT, kind: 'restart-unit', node: 'redis-01', unit: 'redis-server', effect } as const;
  return confirmEffect(action, step).then(
    () => 'confirmed',
    (error: unknown) => `${asRedisopsError(error).code} ${asRedisopsError(error).message}`,
  );
}

describe('what a restart was for', () => {
  it.each<[string, RestartEffect, readonly string[], string, RegExp]>([
    ['runs', { directives: [databases], writable: null }, ['databases', '32'], '', /^confirmed$/],
    [
      'is the same value in other words',
      { directives: [{ ...databases, directive: 'proto-max-bulk-len', to: '1mb' }], writable: null },
      ['proto-max-bulk-len', '1048576'],
      '',
      /^confirmed$/,
    ],
    [
      'does not run',
      { directives: [databases], writable: null },
      ['databases', '16'],
      '',
      /^CHANGE_WITHOUT_EFFECT .*: databases is 16, not 32\.$/,
    ],
    ['a folder that can be written', { directives: [], writable: '/data/redis' }, [], 'yes\n', /^confirmed$/],
    [
      'a folder that cannot be written still',
      { directives: [], writable: '/data/redis' },
      [],
      '',
      /^CHANGE_WITHOUT_EFFECT .*: Redis cannot write \/data\/redis\.$/,
    ],
    [
      'a secret, which nobody reads back',
      { directives: [{ directive: 'user', from: '••••••', to: '••••••', secret: true }], writable: null },
      [],
      '',
      /^confirmed$/,
    ],
  ])('%s', async (_, effect, running, writable, expected) => {
    expect(await outcome(effect, running, writable)).toMatch(expected);
  });
});
