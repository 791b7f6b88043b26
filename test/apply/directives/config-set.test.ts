import { describe, expect, it } from 'vitest';
import { configSet } from '../../../src/apply/directives/config-set.ts';
import type { ConfigSet } from '../../../src/domain/action.ts';
import { DONE, TEXT, desiredCluster, fakeNodes, fakeStep, info, type Answers } from '../fake-nodes.ts';

const ACTION: ConfigSet = {
  ...TEXT,
  kind: 'config-set',
  node: 'redis-01',
  changes: [
    { directive: 'maxmemory', from: '0', to: '256mb', secret: false },
    { directive: 'masterauth', from: '', to: '••••••', secret: true },
  ],
};

/** A Redis that stores its settings and shows them in its own form. */
function keeping(start: Record<string, string>, shown: (name: string, value: string) => string = (_, value) => value) {
  const values = { ...start };
  const sets: (readonly string[])[] = [];
  const answers: Answers = (_, [command, verb, ...rest]) => {
    if (command === 'INFO') return info({});
    if (command === 'ROLE') return ['master'];
    if (command !== 'CONFIG') return '';
    if (verb === 'GET') return rest.flatMap((name) => [name, values[name] ?? '']);
    sets.push(rest);
    rest.forEach((name, at) => {
      if (at % 2 === 0) values[name] = shown(name, rest[at + 1] ?? '');
    });
    return 'OK';
  };
  return { answers, sets, values };
}

async function stepWith(answers: Answers) {
  const desired = desiredCluster(['redis-01'], 'maxmemory 256mb\nmasterauth "can ary"\n');
  return fakeStep(
    'redis-01',
    desired,
    fakeNodes(() => DONE, answers),
  );
}

describe('configSet', () => {
  it('sets all pairs in one command, secrets from the desired file', async () => {
    const redis = keeping({ maxmemory: '0', masterauth: '' }, (name, value) =>
      name === 'maxmemory' ? '268435456' : value,
    );
    expect(await configSet(ACTION, await stepWith(redis.answers))).toBe(true);
    expect(redis.sets).toEqual([['maxmemory', '256mb', 'masterauth', 'can ary']]);
  });

  it('skips directives that already match', async () => {
    const redis = keeping({ maxmemory: '268435456', masterauth: 'can ary' });
    expect(await configSet(ACTION, await stepWith(redis.answers))).toBe(false);
    expect(redis.sets).toEqual([]);
  });

  it('fails when Redis then shows another value', async () => {
    const redis = keeping({ maxmemory: '0', masterauth: 'can ary' }, () => '1');
    const failure = configSet(ACTION, await stepWith(redis.answers));
    await expect(failure).rejects.toMatchObject({ code: 'DIRECTIVE_NOT_LIVE' });
    await expect(failure).rejects.not.toMatchObject({ message: expect.stringContaining('can ary') });
  });
});
