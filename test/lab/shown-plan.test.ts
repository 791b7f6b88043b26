import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { redisCli, replicasOnline } from './lab-cluster.ts';
import { on, openHealthyCluster, type Program } from './program.ts';

const shown = z.looseObject({ digest: z.string(), waves: z.array(z.unknown()) });
const ended = z.looseObject({ outcome: z.string(), code: z.string() });

describe('a plan that was shown', () => {
  let program: Program;

  beforeAll(async () => {
    program = await openHealthyCluster();
  });

  afterAll(() => program.close());

  const plan = async () => shown.parse(JSON.parse((await program.run(['plan', '--json'])).stdout));
  const apply = async (digest: string) =>
    ended.parse(JSON.parse((await program.run(['apply', '--yes', '--json', '--plan', digest])).stdout));

  it('on an empty master is what runs on a full one', async () => {
    await program.asks({ directives: { databases: 17 } });
    const empty = await plan();
    await redisCli('redis-01', 'EVAL', "for i = 1, 50 do redis.call('SET', i, i) end", '0');
    await replicasOnline('redis-01', 2);
    expect((await plan()).waves).toEqual(empty.waves);
    expect(await apply(empty.digest.slice(0, 12))).toMatchObject({ outcome: 'done', code: 'DONE' });
    expect(await redisCli('redis-01', 'DBSIZE')).toBe('50');
  });

  it('is refused as stale where another one would run', async () => {
    await program.asks({ directives: { databases: 18 } });
    const { digest } = await plan();
    await on('redis-03', 'systemctl restart redis-server');
    await replicasOnline('redis-01', 2);
    expect(await apply(digest)).toMatchObject({ outcome: 'refused', code: 'STALE_PLAN' });
    expect(await redisCli('redis-01', 'CONFIG', 'GET', 'databases')).toBe('databases\n17');
  });
});
