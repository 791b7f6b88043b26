import type { Plan } from '../../../src/domain/plan.ts';
import type { ApprovalRequest, Decision, RunRecord, RunResult } from '../../../src/domain/run/run.ts';

export const plan: Plan = {
  cluster: 'redis',
  revision: 'c0ffee',
  goal: { kind: 'resync', node: 'redis-03' },
  waves: [
    {
      actions: [
        {
          kind: 'resync',
          node: 'redis-03',
          summary: 'full resync',
          disruptive: true,
          reason: 'asked',
          master: { host: '10.0.0.123', port: 6379 },
          mode: 'full',
        },
      ],
    },
  ],
  blockers: [],
  risks: [{ code: null, node: null, message: 'reads are stale for a while' }],
  topology: { master: 'redis-01', nodes: [] },
  digest: 'd1',
};

export function record(run: string, more: Partial<RunRecord> = {}): RunRecord {
  return {
    run,
    cluster: 'redis',
    goal: { kind: 'converge' },
    revision: 'c0ffee',
    origin: { from: 'github', actor: 'alice', pullRequest: 7 },
    status: 'queued',
    code: null,
    message: null,
    requestedAt: '2025-12-01T10:00:00.000Z',
    finishedAt: null,
    durationMs: null,
    ...more,
  };
}

export function request(id: string, expiresInMs: number): ApprovalRequest {
  const expiresAt = new Date(Date.now() + expiresInMs).toISOString();
  return { id, run: id, cluster: 'redis', plan, requester: { from: 'slack', actor: 'U1' }, expiresAt };
}

export function click(approval: string, by: string, decision: Decision['decision'] = 'approved', digest = 'd1') {
  return [{ kind: 'approval', approval, decision, digest }, by] as const;
}

export function result(run: string, more: Partial<RunResult> = {}): RunResult {
  return {
    run,
    cluster: 'redis',
    goal: { kind: 'converge' },
    revision: 'beef',
    outcome: 'done',
    code: 'DONE',
    message: 'Done.',
    hint: null,
    plan: null,
    nodes: [],
    verification: null,
    durationMs: 1234,
    ...more,
  };
}
