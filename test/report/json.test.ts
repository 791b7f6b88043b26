import { describe, expect, it } from 'vitest';
import { doctorJson, planJson, runJson, statusJson, verifyJson } from '../../src/report/json.ts';
import { desiredNode } from '../builders.ts';
import { DIGEST, desired, master, replica, result, resyncPlan, unreachable, verification } from './fixtures.ts';

describe('the documents of --json', () => {
  it('status', () => {
    const reasons = [{ code: 'SSH_TIMEOUT', node: 'redis-03', message: 'no answer' }] as const;
    const observed = [master(), replica('redis-02', '10.0.0.124'), unreachable('redis-03', '10.0.0.125')];
    const cluster = desired({ nodes: ['redis-01', 'redis-02', 'redis-03'].map((name) => desiredNode(name)) });
    expect(statusJson(cluster, observed, { verdict: 'unknown', reasons })).toEqual({
      cluster: 'redis',
      verdict: 'unknown',
      reasons: [{ code: 'SSH_TIMEOUT', node: 'redis-03', message: 'no answer' }],
      incidents: [],
      notes: [],
      sentinel: null,
      readiness: [],
      nodes: [
        {
          name: 'redis-01',
          address: '10.0.0.123',
          reachable: true,
          role: 'master',
          link: null,
          offset: 1_048_812,
          lagBytes: null,
          service: 'active',
          server: { flavour: 'redis', version: '7.0.15' },
          unit: 'redis-server.service',
          configFile: '/etc/redis/redis.conf',
        },
        {
          name: 'redis-02',
          address: '10.0.0.124',
          reachable: true,
          role: 'replica',
          link: 'up',
          offset: 1_048_700,
          lagBytes: 112,
          service: 'active',
          server: { flavour: 'redis', version: '7.0.15' },
          unit: 'redis-server.service',
          configFile: '/etc/redis/redis.conf',
        },
        {
          name: 'redis-03',
          address: '10.0.0.125',
          reachable: false,
          role: null,
          link: null,
          offset: null,
          lagBytes: null,
          service: null,
          server: null,
          unit: null,
          configFile: null,
        },
      ],
    });
  });

  it('status of a Valkey under another unit, with a role that a run left there', () => {
    const other = { pid: 4711, owner: 'valkey@shop.service', inContainer: false, port: 6379, directory: null };
    const own = master({ processId: 4711, valkeyVersion: '8.0.1', configFile: '/etc/valkey/shop.conf' });
    const observed = [{ ...own, host: { ...own.host, otherRedis: [other] } }];
    const notes = [{ code: 'ROLE_AWAY', node: 'redis-01', message: 'away' }] as const;
    const said = statusJson(desired(), observed, { verdict: 'healthy', reasons: [] }, { notes });
    expect(said.nodes[0]).toMatchObject({
      server: { flavour: 'valkey', version: '8.0.1' },
      unit: 'valkey@shop.service',
      configFile: '/etc/valkey/shop.conf',
    });
    expect(said.notes).toEqual(notes);
  });

  it('plan', () => {
    const blocker = { code: 'SYNC_IN_PROGRESS', node: null, message: 'running', hint: 'Wait.' } as const;
    expect(planJson({ ...resyncPlan(), blockers: [blocker] })).toEqual({
      digest: DIGEST,
      goal: { kind: 'resync', node: 'redis-03' },
      waves: [
        {
          actions: [
            { node: 'redis-03', kind: 'resync', summary: 'resync from redis-01', disruptive: true },
            { node: 'redis-03', kind: 'await-link', summary: 'wait for the link to redis-01', disruptive: false },
          ],
        },
      ],
      blockers: [{ code: 'SYNC_IN_PROGRESS', node: null, message: 'running' }],
    });
  });

  it('apply and resync', () => {
    expect(runJson(result({ verification: null }))).toEqual({
      run: 'merge-redis-9c1f0e2d3b4a',
      outcome: 'done',
      code: 'DONE',
      nodes: ['redis-01', 'redis-02', 'redis-03'].map((name) => ({ name, ok: 2, changed: 2, failed: 0, skipped: 0 })),
      verification: null,
      durationMs: 412,
      outageMs: null,
      backups: [],
    });
    expect(runJson(result()).verification).toEqual(verifyJson(verification()));
  });

  it('verify', () => {
    expect(verifyJson(verification())).toEqual({
      verdict: 'healthy',
      master: 'redis-01',
      replicas: [
        { name: 'redis-02', value: 'OK-8c1f', latencyMs: 0.42, offsetLag: 0 },
        { name: 'redis-03', value: 'OK-8c1f', latencyMs: 0.57, offsetLag: 0 },
      ],
    });
  });

  it('doctor', () => {
    const finding = {
      id: 'WRITES_REFUSED',
      node: null,
      nodes: ['redis-01', 'redis-02'],
      since: null,
      severity: 'cause',
      cause: 'c',
      evidence: ['e'],
      notBecause: ['n'],
      remedy: 'r',
      safe: false,
      fix: { kind: 'resync', node: 'redis-02' },
    } as const;
    expect(doctorJson([finding])).toEqual({ healthy: false, findings: [{ ...finding, fix: 'resync redis-02' }] });
    expect(doctorJson([{ ...finding, severity: 'warning', fix: null }])).toMatchObject({
      healthy: true,
      findings: [{ fix: null }],
    });
  });
});
