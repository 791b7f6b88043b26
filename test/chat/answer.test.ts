import { describe, expect, it } from 'vitest';
import { answerTyped } from './typed.ts';
import { COMMANDS, LATER } from '../../commands/table.ts';
import type { Code } from '../../src/domain/code.ts';
import type { NodeAddress } from '../../src/domain/desired.ts';
import { RedisopsError } from '../../src/domain/error.ts';
import type { Report } from '../../src/domain/report.ts';
import type { RunRecord } from '../../src/domain/run/run.ts';
import { CHANNEL, portsOf, type Given } from '../ports.ts';

let requests = 0;

async function type(text: string, given: Given = {}, from: { user?: string; channel?: string } = {}) {
  const ports = portsOf(given);
  const typed = { id: `t-${(requests += 1)}`, text, user: 'U0ANNA', channel: CHANNEL, ...from };
  return { report: await answerTyped(typed, ports), outside: ports.outside, typed, ports };
}

function codeOf({ footer }: Report): string | undefined {
  return footer?.[0]?.split(':')[0];
}

const TWO_CLUSTERS = {
  'redisops.yml': `clusters:
  redis: {}
  shop:
    group_vars: ansible/group_vars/redis.yml
`,
};

describe('what was typed', () => {
  it.each(['', 'help', 'help resync', 'HELP'])('%j lists the commands', async (text) => {
    const { report } = await type(text);
    const shown = JSON.stringify(report.sections);
    for (const { usage } of COMMANDS) expect(shown).toContain(usage);
  });

  it.each<[string, Code, RegExp]>([
    ['statsu', 'UNKNOWN_COMMAND', /Did you mean status/],
    ['resink redis-03', 'UNKNOWN_COMMAND', /Did you mean resync/],
    ['__proto__', 'UNKNOWN_COMMAND', /no command/],
    ['constructor', 'UNKNOWN_COMMAND', /no command/],
    ['; reboot', 'UNKNOWN_COMMAND', /no command/],
    ['<@U123|anna> status', 'UNKNOWN_COMMAND', /no command/],
    ['status now', 'UNKNOWN_CLUSTER', /no cluster.*now/],
    ['status nosuch', 'UNKNOWN_CLUSTER', /no cluster.*nosuch/],
    ['doctor redsi', 'UNKNOWN_CLUSTER', /Did you mean redis/],
    ['status <#C000000001|general>', 'USAGE', /is not a valid cluster name/],
    ['status $(reboot)', 'USAGE', /is not a valid cluster name/],
    ['status redis now', 'USAGE', /Unexpected arguments/],
    ['apply redis-01', 'USAGE', /Unexpected arguments/],
    ['resync', 'USAGE', /node is missing/],
    ['resync redis-02 redis-03', 'USAGE', /Unexpected arguments/],
    ['failover to', 'USAGE', /node is missing/],
    ['failover accept-history', 'USAGE', /node is missing/],
    ['failover redis-02 redis-03', 'USAGE', /Unexpected arguments/],
    ['failover to redis-3', 'UNKNOWN_NODE', /Did you mean redis-03/],
    ['resync redis-3', 'UNKNOWN_NODE', /Did you mean redis-03/],
    ['resync $(reboot)', 'USAGE', /is not a valid node name/],
    ['status --cluster redsi', 'UNKNOWN_CLUSTER', /redis/],
    ['history --cluster redsi', 'UNKNOWN_CLUSTER', /Did you mean redis/],
    ['x'.repeat(10_000), 'USAGE', /500 characters/],
  ])('%.40s is answered with %s', async (text, code, message) => {
    const { report, outside } = await type(text);
    expect([codeOf(report), report.summary]).toEqual([code, expect.stringMatching(message)]);
    expect(report.next ?? '').not.toBe('');
    expect(outside.jobs).toEqual([]);
  });

  it.each(LATER)('%s is for later', async (verb) => {
    expect(codeOf((await type(`${verb} redis-01`)).report)).toBe('NOT_AVAILABLE_YET');
  });

  it('shows no password, whatever fails', async () => {
    const broken = { 'ansible/group_vars/redis.yml': 'redis_password: canary\nredis_port: [canary]\n' };
    const { report, outside } = await type('status', { files: broken });
    expect(codeOf(report)).toBe('CONFIG_INVALID');
    expect(JSON.stringify([report, outside.log.lines])).not.toContain('canary');
  });

  it('is answered when Git is not there', async () => {
    const source = () => Promise.reject(new Error('cannot reach https://bot:canary@git'));
    for (const text of ['status', 'plan', 'apply', 'resync redis-03', 'verify', 'history']) {
      const { report, outside } = await type(text, { ports: { source } });
      expect([codeOf(report), outside.log.lines.length]).toEqual(['INTERNAL', 1]);
      expect(JSON.stringify(report)).not.toContain('canary');
    }
  });

  it('names the clusters if there are several', async () => {
    for (const text of ['status', 'apply']) {
      const { report } = await type(text, { files: TWO_CLUSTERS });
      expect([codeOf(report), report.summary]).toEqual(['USAGE', expect.stringContaining('redis, shop')]);
    }
    const { outside } = await type('resync redis-03 in shop', { files: TWO_CLUSTERS });
    expect(outside.jobs[0]?.data.cluster).toBe('shop');
  });

  it.each(['status', 'plan', 'verify', 'doctor', 'drift', 'history'])(
    'takes “%s shop” for its option',
    async (verb) => {
      for (const [files, operand, code, message] of [
        [TWO_CLUSTERS, 'shop', undefined, /./],
        [TWO_CLUSTERS, 'shpo', 'UNKNOWN_CLUSTER', /Did you mean shop/],
        [TWO_CLUSTERS, 'shop --cluster redis', 'USAGE', /Unexpected arguments/],
        [{}, 'redis', undefined, /./],
        [{}, 'now', 'UNKNOWN_CLUSTER', /no cluster.*now/],
      ] as const) {
        const { report } = await type(`${verb} ${operand}`, { files });
        const known = report.footer?.[0]?.includes(': ') ? codeOf(report) : undefined;
        expect([known, `${report.title} ${report.summary}`]).toEqual([code, expect.stringMatching(message)]);
      }
    },
  );
});

describe('reading', () => {
  it('says of nodes that cannot be read that nothing is known', async () => {
    const { report } = await type('status');
    expect([report.title, report.tone]).toEqual(['redis: unknown', 'bad']);
  });

  it('blocks a plan on nodes that cannot be read', async () => {
    const { report } = await type('plan');
    expect(report.summary).toMatch(/^Blocked/);
    expect(JSON.stringify(report)).toContain('SSH_UNREACHABLE');
  });

  it('verifies nothing that cannot be read', async () => {
    expect((await type('verify')).report.title).toBe('Verification: unknown');
  });

  const readers: [string, Given, { user?: string; channel?: string }, boolean][] = [
    ['anybody anywhere, where nobody is named', {}, { channel: 'C0OTHER' }, true],
    ['anybody in the channel', { policy: ['requesters: [U0CARL]'] }, {}, true],
    [
      'anybody in the cluster’s channel',
      { policy: ['channel: C0SHOP', 'approvers: [U0CARL]'] },
      { channel: 'C0SHOP' },
      true,
    ],
    ['somebody else elsewhere', { policy: ['requesters: [U0CARL]'] }, { channel: 'C0OTHER' }, false],
    [
      'somebody else, where only approvers are named',
      { policy: ['approvers: [U0CARL]'] },
      { channel: 'C0OTHER' },
      false,
    ],
    ['a requester elsewhere', { policy: ['requesters: [U0ANNA]'] }, { channel: 'D0ANNA' }, true],
    ['an approver elsewhere', { policy: ['requesters: [U0CARL]', 'approvers: [S0OPS]'] }, { channel: 'D0ANNA' }, true],
    [
      'somebody elsewhere, as the group cannot be read',
      { policy: ['approvers: [S0GONE]'] },
      { channel: 'D0ANNA' },
      false,
    ],
  ];

  it.each(readers)('is for the channel, and for the people named: %s', async (_, given, from, allowed) => {
    for (const text of ['status', 'plan', 'history']) {
      const ports = portsOf(given);
      Object.assign(ports.outside.groups, {
        S0OPS: ['U0ANNA'],
        S0GONE: new RedisopsError('SLACK_FAILED', 'gone', { hint: 'wait' }),
      });
      let connections = 0;
      const nodes = { ...ports.nodes, connect: (node: NodeAddress) => ((connections += 1), ports.nodes.connect(node)) };
      const typed = { id: 'r', text, user: 'U0ANNA', channel: CHANNEL, ...from };
      const report = await answerTyped(typed, { ...ports, nodes });
      const refused = ['NOT_ALLOWED', 'SLACK_FAILED'].includes(codeOf(report) ?? '');
      expect([text, refused, connections > 0]).toEqual([text, !allowed, allowed && text !== 'history']);
    }
  });

  it('by a write is for people who may request changes', async () => {
    expect(codeOf((await type('verify', {}, { channel: 'C0OTHER' })).report)).toBe('NOT_ALLOWED');
    expect(codeOf((await type('verify', { policy: ['requesters: [U0CARL]'] })).report)).toBe('NOT_ALLOWED');
    expect((await type('verify', { policy: ['requesters: [U0ANNA]'] })).report.title).toBe('Verification: unknown');
  });

  it('is shared by concurrent identical requests', async () => {
    const ports = portsOf();
    const asked: string[] = [];
    const nodes = {
      ...ports.nodes,
      connect: (node: NodeAddress) => (asked.push(node.name), ports.nodes.connect(node)),
    };
    const ask = (user: string, text = 'status') =>
      answerTyped({ id: user, text, user, channel: CHANNEL }, { ...ports, nodes });
    const [first, second] = await Promise.all([ask('U0ANNA'), ask('U0BEN'), ask('U0CARL'), ask('U0DORA')]);
    expect(first).toEqual(second);
    expect(asked.toSorted()).toEqual(['redis-01', 'redis-02', 'redis-03']);
    await Promise.all([ask('U0ANNA'), ask('U0BEN', 'plan')]);
    expect(asked).toHaveLength(9);
  });

  it('shows the runs of those clusters that the person may read', async () => {
    const files = {
      'redisops.yml':
        'clusters:\n  redis: {channel: C0DBA, requesters: [U0CARL]}\n  shop:\n    group_vars: ansible/group_vars/redis.yml\n',
    };
    const ports = portsOf({ files });
    const asked: string[] = [];
    const NO_RUNS = { runs: [], unreadable: [] };
    const store = { ...ports.store, history: async (cluster: string) => (asked.push(cluster), NO_RUNS) };
    await answerTyped({ id: 'h', text: 'history', user: 'U0ANNA', channel: CHANNEL }, { ...ports, store });
    expect(asked).toEqual(['shop']);
  });

  it('shows the newest runs of all clusters', async () => {
    const ports = portsOf({ files: TWO_CLUSTERS });
    const runs = Array.from({ length: 30 }, (_, at): RunRecord => {
      const requestedAt = new Date(Date.UTC(2025, 0, 1 + at)).toISOString();
      const cluster = at % 2 === 0 ? 'redis' : 'shop';
      return {
        run: `r-${at}`,
        cluster,
        goal: { kind: 'converge' },
        revision: '',
        status: 'done',
        code: 'DONE',
        origin: { from: 'slack', actor: 'U0ANNA' },
        message: null,
        requestedAt,
        finishedAt: null,
        durationMs: 5,
      };
    });
    for (const run of runs) ports.outside.runs.set(run.run, run);
    const typed = { id: 'h', text: 'history', user: 'U0ANNA', channel: CHANNEL };
    const table = (await answerTyped(typed, ports)).sections[0];
    const rows = table?.kind === 'table' ? table.rows : [];
    expect([rows.length, rows[0]?.[0], rows[1]?.[1]]).toEqual([20, expect.stringContaining('2025-01-30'), 'redis']);
  });
});

describe('changing', () => {
  it.each([
    ['apply', { kind: 'converge' }, 'converge to Git'],
    ['resync redis-03', { kind: 'resync', node: 'redis-03' }, 'resync redis-03'],
    ['purge', { kind: 'purge' }, 'purge RDB and AOF remains'],
    ['purge Redis-02', { kind: 'purge', node: 'redis-02' }, 'purge RDB and AOF remains of redis-02'],
    ['failover', { kind: 'failover', mode: 'planned' }, 'fail over'],
    ['failover to Redis-02', { kind: 'failover', mode: 'planned', node: 'redis-02' }, 'fail over to redis-02'],
    ['failover redis-02', { kind: 'failover', mode: 'planned', node: 'redis-02' }, 'fail over to redis-02'],
    ['failover lost-master', { kind: 'failover', mode: 'lost-master' }, 'fail over from the lost master'],
    [
      'failover accept-history redis-02',
      { kind: 'failover', mode: 'accept-history', node: 'redis-02' },
      'accept the history of redis-02',
    ],
    ['resync REDIS-03', { kind: 'resync', node: 'redis-03' }, 'resync redis-03'],
  ])('%s queues one run, records and audits it', async (text, goal, what) => {
    const { report, outside } = await type(text);
    const [run] = [...outside.runs.values()];
    const origin = { from: 'slack', actor: 'U0ANNA' };
    expect(run).toMatchObject({ cluster: 'redis', goal, origin, status: 'queued', revision: '' });
    expect(run?.run).toMatch(/^r-20251123-[0-9a-f]{8}$/);
    expect(outside.jobs).toEqual([
      { name: 'propose', id: `propose-${run?.run}`, data: { run: run?.run, cluster: 'redis' } },
    ]);
    expect(outside.audited).toMatchObject([{ origin, cluster: 'redis', what, outcome: 'queued', run: run?.run }]);
    expect([report.tone, report.summary]).toEqual(['running', expect.stringContaining(run?.run ?? '–')]);
  });

  it('runs once, even if two processes get the same request', async () => {
    const { typed, ports, outside } = await type('apply');
    await Promise.all([answerTyped(typed, ports), answerTyped(typed, ports)]);
    expect([outside.jobs.length, outside.runs.size, outside.audited.length]).toEqual([1, 1, 1]);
    await answerTyped({ ...typed, id: 'another' }, ports);
    expect([outside.jobs.length, outside.runs.size]).toEqual([2, 2]);
  });

  const cases: [string, Given, { user?: string; channel?: string }, boolean][] = [
    ['anybody in the channel', {}, {}, true],
    ['anybody in another channel', {}, { channel: 'C0OTHER' }, false],
    ['anybody in the cluster’s channel', { policy: ['channel: C0SHOP'] }, { channel: 'C0SHOP' }, true],
    ['anybody outside the cluster’s channel', { policy: ['channel: C0SHOP'] }, {}, false],
    ['a requester', { policy: ['requesters: [U0ANNA]'] }, {}, true],
    ['a requester in another channel', { policy: ['requesters: [U0ANNA]'] }, { channel: 'D0ANNA' }, false],
    ['somebody else', { policy: ['requesters: [U0CARL]'] }, {}, false],
    ['a member of the group', { policy: ['requesters: [S0OPS]'] }, {}, true],
    ['somebody who is not in the group', { policy: ['requesters: [S0OPS]'] }, { user: 'U0EVE' }, false],
    ['a requester, though a group cannot be read', { policy: ['requesters: [S0GONE, U0ANNA]'] }, {}, true],
    ['a member, though another group cannot be read', { policy: ['requesters: [S0GONE, S0OPS]'] }, {}, true],
  ];

  it.each(cases)('is for requesters in the channel: %s', async (_, given, from, allowed) => {
    const ports = portsOf(given);
    Object.assign(ports.outside.groups, { S0OPS: ['U0ANNA'], S0GONE: new Error('gone') });
    const typed = { id: 'p', text: 'resync redis-03', user: 'U0ANNA', channel: CHANNEL, ...from };
    const report = await answerTyped(typed, ports);
    expect(ports.outside.jobs).toHaveLength(allowed ? 1 : 0);
    if (allowed) return;
    expect(codeOf(report)).toBe('NOT_ALLOWED');
    expect(ports.outside.audited).toMatchObject([
      { origin: { from: 'slack', actor: typed.user }, what: 'resync redis-03', outcome: 'NOT_ALLOWED', run: null },
    ]);
  });

  it('is refused if the group cannot be read', async () => {
    const ports = portsOf({ policy: ['requesters: [S0GONE]'] });
    ports.outside.groups['S0GONE'] = new Error('gone');
    await answerTyped({ id: 'p', text: 'apply', user: 'U0ANNA', channel: CHANNEL }, ports);
    expect(ports.outside.jobs).toEqual([]);
    expect(ports.outside.audited).toHaveLength(1);
  });

  it('is refused with its reason, even if the audit fails', async () => {
    const store = { audit: () => Promise.reject(new Error('no queue')) };
    const { report } = await type('apply', { store }, { channel: 'C0OTHER' });
    expect(codeOf(report)).toBe('NOT_ALLOWED');
  });
});
