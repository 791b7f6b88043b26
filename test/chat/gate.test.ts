import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../commands/table.ts';
import { answerClick } from '../../src/chat/answer-click.ts';
import { WATCH_OFFERS, DRIFT_OFFERS, type Click } from '../../src/domain/chat/click.ts';
import type { Report } from '../../src/domain/report.ts';
import { approval, record } from '../report/fixtures.ts';
import { CHANNEL, portsOf, sourceOf } from '../ports.ts';
import { answerTyped } from './typed.ts';

/** Neither requester nor approver, and not in the cluster’s channel. */
const EVE = { id: 'e', user: 'U0EVE', name: 'eve', channel: 'C0OTHER' };

const FILES = {
  'redisops.yml': 'clusters:\n  redis:\n    requesters: [U0ANNA]\n    approvers: [U0BEN]\n',
  'ansible/inventory/hosts.yml': 'redis: {hosts: {redis-01: {ansible_host: 10.0.0.1}}}',
  'ansible/group_vars/redis.yml': 'redis_prot: 6379\nredis_port: [canary]\n',
};

/** A repository with mistakes. Records which parts of it, which nodes and runs are read. */
function watched() {
  const looked: string[] = [];
  const source = sourceOf(FILES);
  const ports = portsOf({
    ports: {
      source: async () => ({
        ...source,
        read: (path) => (looked.push(path), source.read(path)),
        list: (folder) => (looked.push(folder), source.list(folder)),
      }),
      nodes: {
        connect: ({ name }) => (looked.push(name), Promise.reject(new Error('not there'))),
        close: () => Promise.resolve(),
      },
    },
    store: {
      runs: async () => (looked.push('runs'), []),
      history: async () => (looked.push('runs'), { runs: [], unreadable: [] }),
      drift: async () => (looked.push('drift'), null),
    },
  });
  ports.outside.runs.set('r-1', record({ run: 'r-1', status: 'awaiting-approval', finishedAt: null, code: null }));
  return { ports, looked };
}

function codeOf(report: Report | null): string | undefined {
  return report?.footer?.[0]?.split(':')[0];
}

/** Each command as typed; `help` shows nothing of a repository. */
const TYPED: Readonly<Record<string, readonly string[]>> = {
  status: ['status', 'status redis'],
  plan: ['plan'],
  apply: ['apply', 'apply --break-glass "the shop is down"', 'apply too much'],
  rollback: ['rollback', 'rollback r-0'],
  set: ['set maxmemory 2gb', 'set maxmemory lots'],
  resync: ['resync redis-01', 'resync redis-99', 'resync'],
  purge: ['purge', 'purge redis-99'],
  failover: ['failover', 'failover to redis-02', 'failover redis-99'],
  pause: ['pause 30m disks', 'pause'],
  resume: ['resume'],
  drain: ['drain redis-01', 'drain redis-99'],
  undrain: ['undrain redis-01', 'undrain redis-99'],
  drill: ['drill', 'drill planned'],
  verify: ['verify'],
  acknowledge: ['acknowledge', 'acknowledge redis'],
  doctor: ['doctor', 'doctor redis'],
  drift: ['drift'],
  history: ['history', 'history redis'],
  runs: ['runs', 'runs redis'],
  run: ['run show r-1'],
  audit: ['audit', 'audit redis'],
  stop: ['stop', 'stop r-1'],
  lock: ['lock disks for 2h', 'lock'],
  unlock: ['unlock'],
};

const REQUEST = approval({ id: 'r-1', run: 'r-1', cluster: 'redis' });
const APPROVAL = { kind: 'approval', approval: 'r-1', digest: REQUEST.plan.digest } as const;

const CLICKS: readonly Click[] = [
  { kind: 'stop', run: 'r-1' },
  { ...APPROVAL, decision: 'approved' },
  { ...APPROVAL, decision: 'denied' },
  ...WATCH_OFFERS.map(
    (offer) => ({ kind: 'watch', about: 'failover', offer, cluster: 'redis', fingerprint: '0'.repeat(16) }) as const,
  ),
  ...DRIFT_OFFERS.map((offer) => ({ kind: 'drift', offer, cluster: 'redis', fingerprint: '0'.repeat(16) }) as const),
];

describe('someone without permission', () => {
  it.each(COMMANDS.map(({ name }) => name).filter((name) => name !== 'help'))(
    'learns nothing of the repository by %s',
    async (name) => {
      expect(TYPED[name]).toBeDefined();
      for (const text of TYPED[name] ?? []) {
        const { ports, looked } = watched();
        const report = await answerTyped({ ...EVE, text }, ports);
        expect([text, codeOf(report)]).toEqual([text, 'NOT_ALLOWED']);
        expect(new Set(looked)).toEqual(new Set(['redisops.yml']));
        expect(JSON.stringify(report)).not.toMatch(/redis-01|group_vars|redis_prot|canary|r-1/);
        expect(ports.outside.audited).toMatchObject([
          { origin: { from: 'slack', actor: 'U0EVE' }, outcome: 'NOT_ALLOWED' },
        ]);
      }
    },
  );

  it.each(CLICKS)('learns nothing of the repository by the click %j', async (click) => {
    const { ports, looked } = watched();
    await ports.store.openApproval(REQUEST);
    const report = await answerClick({ ...EVE, click, message: { channel: CHANNEL, timestamp: '1.5' } }, ports);
    expect(codeOf(report)).toBe('NOT_ALLOWED');
    expect(new Set(looked)).toEqual(new Set(['redisops.yml']));
    expect(ports.outside.said).toEqual([]);
    expect(ports.outside.audited).toMatchObject([
      { origin: { from: 'slack', actor: 'U0EVE' }, cluster: 'redis', outcome: 'NOT_ALLOWED' },
    ]);
  });

  it('is warned of a typed secret, which Slack knows by then', async () => {
    const { ports, looked } = watched();
    const report = await answerTyped({ ...EVE, text: 'set requirepass hunter2' }, ports);
    expect([codeOf(report), looked]).toEqual(['SECRET_IN_CHAT', ['redisops.yml']]);
    expect(JSON.stringify(ports.outside.audited)).not.toContain('hunter2');
  });
});

describe('someone with permission', () => {
  it.each(['apply', 'resync redis-01', 'rollback', 'purge'])(
    'is told at once of mistakes that stop %s',
    async (text) => {
      const { ports } = watched();
      const report = await answerTyped({ id: 'a', user: 'U0ANNA', channel: CHANNEL, text }, ports);
      expect(codeOf(report)).toBe('CONFIG_INVALID');
      expect(JSON.stringify(report)).toContain('redis_prot');
      expect(ports.outside.audited).toMatchObject([{ outcome: 'CONFIG_INVALID' }]);
    },
  );
});
