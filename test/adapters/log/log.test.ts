import { openSync } from 'node:fs';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { createLog } from '../../../src/adapters/log/log.ts';
import { RedisopsError } from '../../../src/domain/error.ts';
import { Secret } from '../../../src/domain/secret.ts';

const CANARY = 'c4n4ry-p4ssw0rd';

function logged(write: (log: ReturnType<typeof createLog>) => void): {
  text: string;
  lines: Record<string, unknown>[];
} {
  let text = '';
  write(createLog('info', { write: (line) => (text += line) }));
  const lines = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Record<string, unknown> => JSON.parse(line));
  return { text, lines };
}

describe('a line', () => {
  it('is JSON with time, level, message and fields', () => {
    const { lines } = logged((log) => log.warn({ run: 'r1' }, 'slow'));
    expect(lines).toMatchObject([{ level: 'warn', msg: 'slow', run: 'r1' }]);
    expect(lines[0]?.['time']).toMatch(/^\d{4}-\d\d-\d\dT/);
  });

  it('that a full disk does not take fails nothing', () => {
    const full = createLog('info', pino.destination({ fd: openSync('/dev/full', 'w'), sync: true }));
    expect(() => full.child({ run: 'r1' }).error({ code: 'X' }, 'a run failed')).not.toThrow();
  });

  it('below the level is not written', () => {
    expect(logged((log) => log.debug({}, 'detail')).lines).toEqual([]);
  });

  it('of a child has the child’s fields', () => {
    const { lines } = logged((log) => log.child({ run: 'r1' }).child({ node: 'redis-02' }).info({ step: 3 }, 'x'));
    expect(lines).toMatchObject([{ run: 'r1', node: 'redis-02', step: 3 }]);
  });

  it('logs an error with its causes', () => {
    const error = new RedisopsError('SSH_TIMEOUT', 'no answer', { hint: 'look', cause: new Error('ETIMEDOUT') });
    const { lines } = logged((log) => log.error({ error }, 'failed'));
    expect(lines).toMatchObject([
      { error: { code: 'SSH_TIMEOUT', message: 'no answer', hint: 'look', cause: { message: 'ETIMEDOUT' } } },
    ]);
  });
});

describe('a secret is not logged', () => {
  const endless: Record<string, unknown> = { name: 'x' };
  endless['self'] = endless;
  const replyError = Object.assign(new Error('WRONGPASS'), { command: { name: 'auth', args: [CANARY] } });

  it.each([
    ['as a Secret', { value: new Secret(CANARY) }],
    ['by its key', { password: CANARY, masterauth: CANARY, githubToken: CANARY, SLACK_SIGNING_SECRET: CANARY }],
    ['deep down', { a: [{ b: { requirepass: CANARY } }] }],
    ['in the headers of a request', { headers: { authorization: `Bearer ${CANARY}`, cookie: CANARY } }],
    ['in a URL', { url: `redis://user:${CANARY}@127.0.0.1:6379/0` }],
    ['in an error’s message', { error: new Error(`connect redis://:${CANARY}@10.0.0.1 failed`) }],
    ['in an error’s fields', { error: replyError }],
    ['in an error’s cause', { error: new Error('outer', { cause: replyError }) }],
    ['in a body', { body: CANARY, rawBody: Buffer.from(CANARY), payload: { text: CANARY } }],
    ['in what refers to itself', { ...endless, secret: CANARY }],
  ])('%s', (_name, fields) => {
    const { text, lines } = logged((log) => {
      log.info(fields, 'look');
      log.child(fields).error({}, `redis://:${CANARY}@host`);
    });
    expect(lines).toHaveLength(2);
    expect(text).not.toContain(CANARY);
    expect(text).not.toContain(Buffer.from(CANARY).toString('base64'));
  });

  it.each(['xoxb-1234-abcd', 'xapp-1-A-b', 'ghp_abcDEF123', 'ghs_abc', 'github_pat_11A_b'])(
    'as a token: %s',
    (token) => {
      expect(logged((log) => log.info({ note: `it was ${token}.` }, token)).text).not.toContain(token);
    },
  );
});

it('truncates endless values', () => {
  const { text } = logged((log) =>
    log.info({ text: 'x'.repeat(1e6), list: Array.from({ length: 1e5 }, () => 1) }, 'big'),
  );
  expect(text.length).toBeLessThan(6000);
});

it('keeps the stack of a bug, not of an expected error', () => {
  const cause = Object.assign(new Error('connect refused'), { code: 'ECONNREFUSED' });
  const foreseen = new RedisopsError('CONFIG_INVALID', 'hosts.yml:1:1: wrong', { hint: 'Fix it.', cause });
  const { lines } = logged((log) => {
    log.warn({ error: foreseen }, 'refused');
    log.error({ error: new RedisopsError('INTERNAL', 'a fault', { hint: 'Report it.' }) }, 'failed');
  });
  expect(lines[0]).toMatchObject({
    error: { code: 'CONFIG_INVALID', hint: 'Fix it.', cause: { message: 'connect refused', code: 'ECONNREFUSED' } },
  });
  expect(JSON.stringify(lines[0])).not.toContain('stack');
  expect(lines[1]).toMatchObject({ error: { stack: expect.stringContaining('log.test.ts') as string } });
});
