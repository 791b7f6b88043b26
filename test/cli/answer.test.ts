import { describe, expect, it } from 'vitest';
import { answerError, printed } from '../../src/cli/answer.ts';
import { CODES, type Code } from '../../src/domain/code.ts';
import { ConfigInvalid, RedisopsError } from '../../src/domain/error.ts';

const EVERY = Object.keys(CODES).filter((name): name is Code => Object.hasOwn(CODES, name));

const PROBLEMS = [
  { file: 'ansible/group_vars/redis.yml', line: 3, column: 13, message: 'redis_port must be a port' },
  { file: 'redisops.yml', line: 1, column: 1, message: 'names no cluster' },
];

describe('answerError', () => {
  it.each(EVERY)('%s has its exit status, code, message and hint', (code) => {
    const answer = answerError(new RedisopsError(code, 'what happened', { hint: 'what now' }));
    expect(answer.exit).toBe(CODES[code].exit);
    const json: unknown = JSON.parse(printed(answer, { json: true, colour: false }));
    expect(json).toEqual({ error: { code, message: 'what happened', hint: 'what now' } });
    const text = printed(answer, { json: false, colour: false, width: 80 });
    for (const part of [code, 'what happened', 'what now']) expect(text).toContain(part);
  });

  it('lists every mistake of a configuration', () => {
    const answer = answerError(new ConfigInvalid(PROBLEMS));
    expect(JSON.parse(printed(answer, { json: true, colour: true }))).toMatchObject({ error: { problems: PROBLEMS } });
    const text = printed(answer, { json: false, colour: false, width: 200 });
    expect(text).toContain('ansible/group_vars/redis.yml:3:13: redis_port must be a port');
    expect(text).toContain('redisops.yml:1:1: names no cluster');
  });

  it('prints bytes as they are, with --json too', () => {
    const answer = { kind: 'bytes', exit: 0, text: 'port 6379\n' } as const;
    expect(printed(answer, { json: true, colour: true })).toBe('port 6379\n');
  });
});
