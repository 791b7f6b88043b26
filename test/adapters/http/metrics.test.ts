import { expect, it } from 'vitest';
import { createMetrics } from '../../../src/adapters/http/metrics.ts';

it('counts runs by outcome and code, and measures them in seconds', async () => {
  const metrics = createMetrics();
  const result = {
    run: 'r1',
    cluster: 'redis',
    goal: { kind: 'converge' },
    revision: 'c0ffee',
    outcome: 'refused',
    code: 'STALE_PLAN',
    message: '',
    hint: null,
    plan: null,
    nodes: [],
    verification: null,
    durationMs: 2500,
  } as const;
  metrics.runFinished(result);
  metrics.runFinished({ ...result, outcome: 'done', code: 'DONE' });
  metrics.approval('denied');
  metrics.queueDepth('redis', 3);
  metrics.verdict('redis', null, 'healthy');
  metrics.verdict('redis', null, 'degraded');
  const { text, contentType } = await metrics.read();
  expect(contentType).toMatch(/^text\/plain/);
  for (const line of [
    'redisops_runs_total{cluster="redis",goal="converge",outcome="refused",code="STALE_PLAN"} 1',
    'redisops_runs_total{cluster="redis",goal="converge",outcome="done",code="DONE"} 1',
    'redisops_run_duration_seconds_sum{cluster="redis",goal="converge",outcome="done"} 2.5',
    'redisops_approvals_total{outcome="denied"} 1',
    'redisops_queue_jobs{cluster="redis"} 3',
    'redisops_verdict{cluster="redis",node="",verdict="healthy"} 0',
    'redisops_verdict{cluster="redis",node="",verdict="degraded"} 1',
  ])
    expect(text.split('\n')).toContain(line);
});

it('keeps its own registry', async () => {
  createMetrics().approval('asked');
  expect((await createMetrics().read()).text).not.toContain('outcome="asked"');
});
