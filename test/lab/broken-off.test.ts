import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { infoField, redisCli, underWriter } from './lab-cluster.ts';
import { openHealthyCluster, type Program } from './program.ts';

/** All replicas restart; the master only after its role has moved to one of them. */
const asks = (databases: number) => ({ variables: ['redis_maxmemory: 100mb'], directives: { databases } });

describe('a run of the command line', () => {
  let program: Program;

  beforeAll(async () => {
    program = await openHealthyCluster(asks(16));
    await redisCli('redis-01', 'SET', 'key', 'value');
  });

  afterAll(() => program.close());

  const openRun = () => readFile(join(program.stateDirectory, 'open-runs/redis.jsonl'), 'utf8').catch(() => '');

  async function newest(): Promise<{ code: string } | undefined> {
    const { runs } = JSON.parse((await program.run(['history', '--json'])).stdout) as { runs: { code: string }[] };
    return runs[0];
  }

  /** Since when a step of that kind stands in the journal in that state. */
  async function until(action: string, state: string): Promise<void> {
    await expect
      .poll(openRun, { timeout: 20_000, interval: 10 })
      .toMatch(new RegExp(`"action":"${action}","state":"${state}"`));
  }

  it('killed while the role was elsewhere is resumed, and the role returns', async () => {
    await program.asks(asks(20));
    const child = program.start(['apply', '--yes']);
    const figures = await underWriter(async () => {
      await until('hand-over', 'ended');
      child.kill('SIGKILL');
      await once(child, 'close');
      expect(await infoField('redis-01', 'role')).toBe('slave');

      // With other settings it would be a different run.
      const { code, stdout, stderr } = await program.run(['apply', '--yes']);
      expect([code, stderr]).toEqual([0, expect.stringContaining('was interrupted: resuming it')]);
      expect(stdout).toContain('The run had been interrupted and is now complete.');
    });
    expect(figures.lost).toBe(0);
    expect(await infoField('redis-01', 'role')).toBe('master');
    expect(await redisCli('redis-01', 'CONFIG', 'GET', 'databases')).toContain('20');
    expect(await openRun()).toBe('');
    const { runs } = JSON.parse((await program.run(['history', '--json'])).stdout) as { runs: { status: string }[] };
    expect(runs.map(({ status }) => status)).toEqual(['done', 'done']);
  });

  it.each<[NodeJS.Signals, number]>([
    ['SIGINT', 28],
    ['SIGTERM', 30],
  ])('that %s stopped while the role was elsewhere says so, and any next run brings it home', async (signal, count) => {
    await program.asks(asks(count));
    const child = program.start(['apply', '--yes']);
    let said = '';
    child.stdout?.on('data', (text: Buffer) => (said += text.toString()));
    await until('hand-over', 'ended');
    child.kill(signal);
    await once(child, 'close');
    expect(await openRun()).toBe('');
    expect(await infoField('redis-01', 'role')).toBe('slave');
    expect(await newest()).toMatchObject({ code: 'STOPPED' });
    expect(said.replaceAll(/\s+/g, ' ')).toContain('`apply` hands it back to redis-01');

    // Another commit, and another machine: only the nodes are known.
    await program.asks(asks(count + 1));
    const elsewhere = { STATE_DIR: join(program.folder, '../elsewhere') };
    const { stdout: plan } = await program.run(['plan'], elsewhere);
    expect(plan).toContain('Hand the master’s role to redis-01');
    expect((await program.run(['apply', '--yes'], elsewhere)).code).toBe(0);
    expect(await infoField('redis-01', 'role')).toBe('master');
    expect(await redisCli('redis-01', 'CONFIG', 'GET', 'databases')).toContain(String(count + 1));
    expect((await program.run(['plan'])).code).toBe(0);
    expect(await redisCli('redis-01', 'GET', 'key')).toBe('value');
  });

  it('whose terminal closes ends at the next safe point, and leaves nothing open', async () => {
    await program.asks(asks(24));
    const child = program.start(['apply', '--yes']);
    child.stdout?.destroy();
    child.stderr?.destroy();
    await until('restart-unit', 'began');
    child.kill('SIGHUP');
    child.kill('SIGHUP');
    await once(child, 'exit');
    expect(await openRun()).toBe('');
    expect(await infoField('redis-01', 'role')).toBe('master');
    const { runs } = JSON.parse((await program.run(['history', '--json'])).stdout) as { runs: { code: string }[] };
    expect(runs[0]?.code).toBe('STOPPED');
    await program.applies();
    expect(await redisCli('redis-01', 'GET', 'key')).toBe('value');
  });
});
