import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resetHosts } from '../../lab/hosts.ts';
import { verify } from '../../src/verify/verify.ts';
import {
  CONVERGE,
  bringUp,
  infoField,
  kindsOf,
  openLabCluster,
  planFor,
  redisCli,
  run,
  underWriter,
  type LabCluster,
} from './lab-cluster.ts';

const HOSTS = ['redis-01', 'redis-02', 'redis-03'];

describe('handing the master’s role over', () => {
  let lab: LabCluster;

  beforeEach(async () => {
    await resetHosts();
    lab = await openLabCluster();
  });

  afterEach(() => lab.close());

  it('restarts all three nodes under a writer: nothing is lost, the role is back, the files are right', async () => {
    await bringUp(await lab.asks(), lab.nodes);
    await redisCli('redis-01', 'SET', 'kept', 'yes');
    const before = await runIds();
    const desired = await lab.asks({ variables: ['redis_config:', '  databases: 32'] });
    let seconds = 0;
    const figures = await underWriter(async () => {
      const startedAt = performance.now();
      const { failure, plan, events } = await run(CONVERGE, desired, lab.nodes);
      seconds = (performance.now() - startedAt) / 1000;
      expect(plan.blockers).toEqual([]);
      expect(failure).toBeNull();
      process.stderr.write(`${JSON.stringify(events.flatMap((event) => (event.kind === 'step-progress' ? [event.progress.message] : [])))}\n`);
      process.stderr.write(`${JSON.stringify(events.flatMap((event) => (event.kind === 'step-finished' ? [`${event.action.node} ${event.action.kind} ${event.durationMs}`] : [])))}\n`);
    });
    process.stderr.write(JSON.stringify({seconds, figures}));
    expect(figures).toMatchObject({ lost: 0 });
    expect(await redisCli('redis-01', 'GET', 'kept')).toBe('yes');
    expect(await redisCli('redis-03', 'CONFIG', 'GET', 'databases')).toBe('databases\n32');
    const after = await runIds();
    expect(after.filter((id, at) => id === before[at])).toEqual([]);
    expect(await infoField('redis-01', 'role')).toBe('master');
    expect((await verify(desired, lab.nodes)).verdict).toBe('healthy');
    expect(kindsOf(await planFor(CONVERGE, desired, lab.nodes))).toEqual([]);
  });
});

async function runIds(): Promise<readonly string[]> {
  return Promise.all(HOSTS.map((host) => infoField(host, 'run_id')));
}
