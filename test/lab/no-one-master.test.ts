import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { resetHosts } from '../../lab/hosts.ts';
import { redisCli, writeToAll } from './lab-cluster.ts';
import { on, openProgram, type Program } from './program.ts';

const said = z.object({ code: z.string(), message: z.string() });
const status = z.looseObject({ verdict: z.string(), reasons: z.array(said) });
const plan = z.looseObject({ blockers: z.array(said) });
const doctor = z.looseObject({
  findings: z.array(z.looseObject({ id: z.string(), cause: z.string(), severity: z.string(), remedy: z.string() })),
});

let program: Program;

beforeAll(async () => {
  program = await openProgram();
});

beforeEach(async () => {
  await resetHosts();
  await program.asks();
  await program.applies();
  for (const key of ['a', 'b', 'c']) await writeToAll({}, 'SET', key, 'kept');
});

afterAll(() => program.close());

const follow = (host: string, master: string) => redisCli(host, 'REPLICAOF', master, '6379');

const STATES = [
  {
    is: 'a dead master that keeps nothing on disk',
    makes: () => on('redis-01', 'systemctl stop redis-server'),
    code: 'MASTER_DOWN',
    holds:
      /redis-01 is the master and does not run\. redis-02: 3 keys, offset \d+, replication ID \w{8}, heard its master .* ago/,
  },
  {
    is: 'a replication loop',
    makes: () =>
      Promise.all([
        follow('redis-01', '10.0.0.125'),
        follow('redis-02', '10.0.0.123'),
        follow('redis-03', '10.0.0.124'),
      ]),
    code: 'MASTER_UNKNOWN',
    holds: /in a loop \(redis-01 → redis-03 → redis-02 → redis-01\): no node is a master\. redis-01: 3 keys, offset/,
  },
  {
    is: 'two masters, each with a replica or data of its own',
    makes: async () => {
      await redisCli('redis-02', 'REPLICAOF', 'NO', 'ONE');
      await follow('redis-03', '10.0.0.124');
      await redisCli('redis-01', 'MSET', 'of the first', 'kept', 'and another', 'kept');
      await redisCli('redis-02', 'SET', 'of the second', 'lost');
    },
    code: 'MASTER_AMBIGUOUS',
    holds: /redis-01: 5 keys, offset \d+, replication ID \w{8}, no replica\. redis-02: 4 keys, .* followed by redis-03/,
  },
];

describe('without one master', () => {
  it.each(STATES)(
    'status, plan and doctor give the same way out, and it leads out: $is',
    async ({ makes, code, holds }) => {
      await makes();
      const reason = async () =>
        (await program.json(status, 'status')).reasons.find((each) => each.code === code)?.message ?? '';
      await expect.poll(reason, { timeout: 10_000 }).toMatch(holds);
      const blocker = (await program.json(plan, 'plan')).blockers.find((each) => each.code === code);
      expect(blocker?.message).toMatch(holds);
      const finding = (await program.json(doctor, 'doctor')).findings.find(({ id }) => id === code);
      expect(finding?.cause).toMatch(holds);
      expect(finding?.severity).toBe('cause');

      const { stdout, code: exit } = await program.run(['status']);
      const shown = stdout.replaceAll(/\s+/g, ' ');
      expect(exit).toBe(code === 'MASTER_AMBIGUOUS' ? 0 : 1);
      expect(shown).toContain(finding?.remedy);
      const [, words = ''] = /`(failover [^`]+)`/.exec(finding?.remedy ?? '') ?? [];
      const { stdout: dry } = await program.run([...words.split(' '), '--json']);
      const { digest } = z.object({ plan: z.object({ digest: z.string() }) }).parse(JSON.parse(dry)).plan;
      const consent = ['--yes', '--plan', digest, '--give-up-keys', '100', '--lose-bytes', '1000000'];
      const answer = await program.run([...words.split(' '), ...consent, '--json']);
      expect([answer.code, answer.stdout]).toEqual([0, expect.stringContaining('"DONE"')]);

      const healthy = async () => {
        await program.run(['apply', '--yes']);
        return (await program.json(status, 'status')).verdict;
      };
      await expect.poll(healthy, { timeout: 30_000, interval: 500 }).toBe('healthy');
      for (const host of ['redis-01', 'redis-02', 'redis-03']) expect(await redisCli(host, 'GET', 'c')).toBe('kept');
    },
  );
});
