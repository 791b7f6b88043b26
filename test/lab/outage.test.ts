import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { infoField, redisCli, underWriter } from './lab-cluster.ts';
import { openHealthyCluster, type Program } from './program.ts';

const asks = (databases: number) => ({ directives: { databases, 'repl-diskless-sync-delay': 5 } });

describe('a restart of all nodes', () => {
  let program: Program;

  beforeAll(async () => {
    program = await openHealthyCluster(asks(16));
  });

  afterAll(() => program.close());

  it('of an empty cluster costs no full synchronization', async () => {
    await program.asks(asks(20));
    const { code, stdout } = await program.run(['apply', '--yes', '--json']);
    expect(code).toBe(0);
    for (const host of ['redis-01', 'redis-02', 'redis-03']) expect(await infoField(host, 'sync_full')).toBe('0');
    // With the delay of one for each replica it would take 15 s more.
    expect((JSON.parse(stdout) as { durationMs: number }).durationMs).toBeLessThan(15_000);
  });

  it('is announced and told for clients that follow the role, and for those with a fixed address', async () => {
    await redisCli('redis-01', 'SET', 'key', 'value');
    await program.asks(asks(24));
    const { stdout: plan } = await program.run(['plan']);
    expect(plan.replaceAll(/\s+/g, ' ')).toMatch(/redis-01’s fixed address are refused for about 1\.0 s/);
    let outageMs: { following: number; fixed: number } | undefined;
    const figures = await underWriter(async () => {
      const { stdout } = await program.run(['apply', '--yes', '--json']);
      ({ outageMs } = JSON.parse(stdout) as { outageMs: { following: number; fixed: number } });
    }, ['redis-01']);
    expect(figures.lost).toBe(0);
    expect(outageMs?.following).toBeGreaterThan(0);
    expect(outageMs?.following).toBeLessThan(2500);
    // The client with the fixed address saw the same.
    expect(outageMs?.fixed).toBeGreaterThan(100);
    expect(Math.abs(figures.longestGapMs - (outageMs?.fixed ?? 0))).toBeLessThan(700);
  });
});
