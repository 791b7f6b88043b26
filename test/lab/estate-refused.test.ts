import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { labHosts, resetHosts } from '../../lab/hosts.ts';
import { on, openProgram, type Program } from './program.ts';

/** Debian 11 has Redis 6.0, which redisops does not run. */
const plan = z.looseObject({ blockers: z.array(z.looseObject({ code: z.string(), message: z.string() })) });

describe.runIf(labHosts().estate === 'debian11')('an estate with a server that is too old', () => {
  let program: Program;

  beforeAll(async () => {
    await resetHosts();
    program = await openProgram();
    await program.asks();
  });

  afterAll(() => program.close());

  it('is refused by name before anything changes', async () => {
    const before = await on('redis-01', 'sha256sum /etc/redis/redis.conf');
    const { blockers } = await program.json(plan, 'plan');
    expect(blockers.filter(({ code }) => code === 'SERVER_TOO_OLD').map(({ message }) => message)).toEqual(
      ['redis-01', 'redis-02', 'redis-03'].map((host) => `redis-server on ${host} is 6.0.16: redisops needs 7.0.`),
    );
    expect((await program.run(['apply', '--yes'])).code).toBe(3);
    expect(await on('redis-01', 'sha256sum /etc/redis/redis.conf')).toBe(before);
  });
});
