import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { resetHosts } from '../../lab/hosts.ts';
import { redisCli } from './lab-cluster.ts';
import { openProgram, type Asked, type Program } from './program.ts';

const HOSTS = ['redis-01', 'redis-02', 'redis-03'] as const;

const planned = z.looseObject({
  waves: z.array(
    z.looseObject({
      actions: z.array(
        z.looseObject({
          disruptive: z.boolean(),
          opens: z.array(z.looseObject({ code: z.string() })).default([]),
        }),
      ),
    }),
  ),
});

describe('a change that one person makes alone', () => {
  let program: Program;

  beforeAll(async () => {
    await resetHosts();
    program = await openProgram();
    await program.asks();
  });

  afterAll(() => program.close());

  async function plan(asked: Asked) {
    await program.asks(asked);
    const { waves } = planned.parse(JSON.parse((await program.run(['plan', '--json'])).stdout));
    const actions = waves.flatMap((wave) => wave.actions);
    const opens = new Set(actions.flatMap((action) => action.opens.map(({ code }) => code)));
    return { opens: [...opens], disruptive: actions.some((action) => action.disruptive) };
  }

  const running = (directive: string) =>
    Promise.all(HOSTS.map(async (host) => (await redisCli(host, 'CONFIG', 'GET', directive)).split('\n')[1]));

  it('is applied on bare hosts: nothing runs there', async () => {
    expect((await program.run(['apply'])).code).toBe(0);
  });

  it('is applied where it is known to be harmless', async () => {
    const variables = ['redis_maxmemory: 256mb'];
    const directives = { hz: 20, 'slowlog-max-len': 256, loglevel: 'verbose' };
    expect(await plan({ variables, directives })).toEqual({ opens: [], disruptive: false });
    expect((await program.run(['apply'])).code).toBe(0);
    expect(await running('hz')).toEqual(['20', '20', '20']);
  });

  it.each<readonly [string, Record<string, string | number>]>([
    ['timeout', { timeout: 1 }],
    ['maxmemory-clients', { 'maxmemory-clients': '1mb' }],
    ['client-output-buffer-limit', { 'client-output-buffer-limit': '"normal 1 1 1"' }],
    ['repl-timeout', { 'repl-timeout': 1 }],
  ])('waits for somebody else where it is not: %s', async (directive, directives) => {
    const before = await running(directive);
    expect(await plan({ directives: { hz: 30, ...directives } })).toEqual({ opens: [], disruptive: true });
    const { code, stderr, stdout } = await program.run(['apply']);
    expect(code).toBe(3);
    expect(`${stdout}${stderr}`).toContain('APPROVAL_NEEDED');
    expect(await running(directive)).toEqual(before);
    expect(await running('hz')).toEqual(['20', '20', '20']);
  });

  it.each<readonly [string, Asked]>([
    ['OPENS_BIND', { variables: ['redis_bind: 0.0.0.0'] }],
    ['OPENS_PROTECTED_MODE', { directives: { 'protected-mode': 'no' } }],
    ['OPENS_COMMANDS', { directives: { 'enable-debug-command': 'local' } }],
    ['OPENS_ACL', { directives: { user: '"app on nopass ~* +@all"' } }],
    ['OPENS_MASTER', { directives: { masteruser: 'app' } }],
  ])('waits, and is named as %s', async (code, asked) => {
    const before = await running('protected-mode');
    expect(await plan(asked)).toEqual({ opens: [code], disruptive: true });
    const { code: status, stdout, stderr } = await program.run(['apply']);
    expect(status).toBe(3);
    const said = `${stdout}${stderr}`.replaceAll(/\s+/g, ' ');
    expect(said).toContain('What opens');
    expect(said).toContain(code);
    expect(await running('protected-mode')).toEqual(before);
  });
});
