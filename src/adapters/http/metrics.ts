import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { RunResult } from '../../domain/run/run.ts';
import { VERDICTS, type Verdict } from '../../domain/verdict.ts';

export interface Metrics {
  runFinished(result: RunResult): void;
  webhook(source: 'github' | 'slack', outcome: 'accepted' | 'ignored' | 'refused'): void;
  approval(outcome: 'asked' | 'approved' | 'denied' | 'refused' | 'expired'): void;
  queueDepth(cluster: string, jobs: number): void;
  /** For a node, or the cluster if `node` is null. */
  verdict(cluster: string, node: string | null, verdict: Verdict): void;
  /** The answer to `GET /metrics`. */
  read(): Promise<{ contentType: string; text: string }>;
}

/** Counters and gauges in their own registry. Labels are few and bounded: no run, person or path. */
export function createMetrics(): Metrics {
  const registers = [new Registry()] as [Registry];
  const registry = registers[0];
  collectDefaultMetrics({ register: registry });

  const runs = new Counter({
    name: 'redisops_runs_total',
    help: 'Runs that ended, by outcome and code.',
    labelNames: ['cluster', 'goal', 'outcome', 'code'],
    registers,
  });
  const duration = new Histogram({
    name: 'redisops_run_duration_seconds',
    help: 'How long runs took, from the approved plan to the verification.',
    labelNames: ['cluster', 'goal', 'outcome'],
    buckets: [0.1, 0.3, 1, 3, 10, 30, 60, 180, 600],
    registers,
  });
  const webhooks = new Counter({
    name: 'redisops_webhooks_total',
    help: 'Requests at the webhook doors.',
    labelNames: ['source', 'outcome'],
    registers,
  });
  const approvals = new Counter({
    name: 'redisops_approvals_total',
    help: 'Approvals asked for, given, denied, refused.',
    labelNames: ['outcome'],
    registers,
  });
  const depth = new Gauge({
    name: 'redisops_queue_jobs',
    help: 'Jobs that wait or run.',
    labelNames: ['cluster'],
    registers,
  });
  const verdicts = new Gauge({
    name: 'redisops_verdict',
    help: '1 for the verdict of the last look at a node (node="": the cluster), 0 for the others.',
    labelNames: ['cluster', 'node', 'verdict'],
    registers,
  });

  return {
    runFinished({ cluster, goal, outcome, code, durationMs }) {
      runs.inc({ cluster, goal: goal.kind, outcome, code });
      duration.observe({ cluster, goal: goal.kind, outcome }, durationMs / 1000);
    },
    webhook: (source, outcome) => webhooks.inc({ source, outcome }),
    approval: (outcome) => approvals.inc({ outcome }),
    queueDepth: (cluster, jobs) => depth.set({ cluster }, jobs),
    verdict(cluster, node, verdict) {
      for (const each of VERDICTS) verdicts.set({ cluster, node: node ?? '', verdict: each }, each === verdict ? 1 : 0);
    },
    read: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  };
}
