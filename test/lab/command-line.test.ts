import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { resetHosts } from '../../lab/hosts.ts';
import { sshNodes } from '../../src/adapters/ssh/ssh.ts';
import { checkout } from '../../src/adapters/disk/checkout.ts';
import { holdNodes } from '../../src/apply/host/hold-nodes.ts';
import { readDesired } from '../../src/desired/read-desired.ts';
import { infoField, labSshSettings, PASSWORD, redisCli } from './lab-cluster.ts';
import { fingerprint, on, openProgram, type Program } from './program.ts';

const HOSTS = ['redis-01', 'redis-02', 'redis-03'];
const NEVER_BIG = 10_000_000;

/** The `--json` documents, exactly: an extra or missing name is a breach. */
const count = z.number().int().nonnegative();
const code = z.string().regex(/^[A-Z][A-Z0-9_]+$/);
const reason = z.strictObject({ code, node: z.string().nullable(), message: z.string().min(1) });
const verdict = z.enum(['healthy', 'degraded', 'down', 'unknown']);
const status = z.strictObject({
  cluster: z.literal('redis'),
  verdict,
  reasons: z.array(reason),
  nodes: z.array(
    z.strictObject({
      name: z.string(),
      address: z.string(),
      reachable: z.boolean(),
      role: z.enum(['master', 'replica']).nullable(),
      link: z.enum(['up', 'down']).nullable(),
      offset: count.nullable(),
      lagBytes: count.nullable(),
      service: z.string().nullable(),
      server: z.strictObject({ flavour: z.enum(['redis', 'valkey']), version: z.string().min(1) }).nullable(),
      unit: z.string().nullable(),
      configFile: z.string().nullable(),
    }),
  ),
  notes: z.array(z.strictObject({ code, node: z.string().nullable(), message: z.string().min(1) })),
  sentinel: z.null(),
  readiness: z.array(z.strictObject({ code, message: z.string().min(1) })),
  incidents: z.array(z.strictObject({ code, node: z.enum(HOSTS), message: z.string().min(1), at: z.iso.datetime() })),
});
const action = z.strictObject({
  node: z.enum(HOSTS),
  kind: z.string().min(1),
  summary: z.string().min(1),
  disruptive: z.boolean(),
});
const plan = z.strictObject({
  digest: z.string().min(16),
  goal: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('converge') }),
    z.strictObject({ kind: z.literal('resync'), node: z.string() }),
  ]),
  waves: z.array(z.strictObject({ actions: z.array(action).min(1) })),
  blockers: z.array(reason),
});
const verification = z.strictObject({
  verdict,
  master: z.string().nullable(),
  replicas: z.array(
    z.strictObject({
      name: z.string(),
      value: z.string().nullable(),
      latencyMs: z.number().nonnegative().max(NEVER_BIG).nullable(),
      offsetLag: z.number().nullable(),
    }),
  ),
});
const run = z.strictObject({
  run: z.string().min(1),
  outcome: z.enum(['done', 'nothing-to-do', 'refused', 'failed']),
  code,
  nodes: z.array(z.strictObject({ name: z.string(), ok: count, changed: count, failed: count, skipped: count })),
  verification: verification.nullable(),
  durationMs: z.number().int().nonnegative().max(NEVER_BIG),
  outageMs: z
    .strictObject({ following: z.number().nonnegative().nullable(), fixed: z.number().nonnegative().nullable() })
    .nullable(),
  backups: z.array(
    z.strictObject({ node: z.string(), path: z.string(), keys: count, bytes: count, sha256: z.string().length(64) }),
  ),
});
const doctor = z.strictObject({
  healthy: z.boolean(),
  findings: z.array(
    z.strictObject({
      id: code,
      node: z.string().nullable(),
      nodes: z.array(z.string()),
      since: z.string().nullable(),
      severity: z.enum(['cause', 'suspected', 'symptom', 'warning']),
      cause: z.string().min(1),
      evidence: z.array(z.string().min(1)).min(1),
      notBecause: z.array(z.string().min(1)),
      remedy: z.string().min(1),
      safe: z.boolean(),
      fix: z.string().nullable(),
    }),
  ),
});
const failure = z.strictObject({
  error: z.strictObject({
    code,
    message: z.string().min(1),
    hint: z.string().min(1),
    problems: z.unknown().optional(),
  }),
});

let program: Program;

beforeAll(async () => {
  program = await openProgram();
});

afterAll(() => program.close());

/** With --json, stdout is a single document. */
async function json<T>(shape: z.ZodType<T>, exit: number, ...argv: readonly string[]): Promise<T> {
  const answer = await program.run([...argv, '--json']);
  expect({ argv, ...answer }).toMatchObject({ argv, code: exit, stderr: '' });
  return shape.parse(JSON.parse(answer.stdout));
}

function codesOf(reasons: readonly { code: string; node: string | null }[]): readonly string[] {
  return reasons.map(({ code, node }) => `${code} ${node ?? '-'}`);
}

async function healthy(): Promise<string> {
  return (await json(status, 0, 'status')).verdict;
}

async function bringUp(): Promise<void> {
  await resetHosts();
  await program.asks();
  await program.applies();
}

describe('from bare hosts to a healthy cluster', () => {
  beforeAll(async () => {
    await resetHosts();
    await program.asks();
  });

  it('describes bare hosts, and what to do', async () => {
    const seen = await json(status, 1, 'status');
    expect(seen).toMatchObject({ verdict: 'down' });
    expect(seen.nodes.map(({ name, reachable, role, service }) => [name, reachable, role, service])).toEqual(
      HOSTS.map((name) => [name, true, null, 'inactive']),
    );
    const before = await fingerprint();
    const first = await json(plan, 2, 'plan');
    expect(first).toMatchObject({ goal: { kind: 'converge' }, blockers: [] });
    expect(new Set(first.waves.flatMap(({ actions }) => actions.map(({ node }) => node)))).toEqual(new Set(HOSTS));
    expect((await json(plan, 2, 'plan')).digest).toBe(first.digest);
    expect(await fingerprint()).toEqual(before);
    expect(await json(verification, 1, 'verify')).toMatchObject({ verdict: 'down' });
  });

  it('applies, and has nothing to do the second time', async () => {
    const first = await json(run, 0, 'apply', '--yes');
    expect(first).toMatchObject({ outcome: 'done', code: 'DONE', verification: { verdict: 'healthy' } });
    expect(first.nodes.map(({ name, changed, failed, skipped }) => [name, changed > 0, failed, skipped])).toEqual(
      HOSTS.map((name) => [name, true, 0, 0]),
    );

    const before = await fingerprint();
    expect(await json(plan, 0, 'plan')).toMatchObject({ waves: [], blockers: [] });
    const second = await json(run, 0, 'apply');
    expect(second).toMatchObject({ outcome: 'nothing-to-do', code: 'NOTHING_TO_DO' });
    expect(second.run).not.toBe(first.run);
    expect(second.nodes).toEqual(HOSTS.map((name) => ({ name, ok: 0, changed: 0, failed: 0, skipped: 0 })));
    expect(await fingerprint()).toEqual(before);
  });

  it('is healthy afterwards, by its own word and by Redis’s', async () => {
    const seen = await json(status, 0, 'status');
    expect(seen).toMatchObject({ verdict: 'healthy', reasons: [] });
    expect(seen.nodes.map(({ role, link, service }) => [role, link, service])).toEqual([
      ['master', null, 'active'],
      ['replica', 'up', 'active'],
      ['replica', 'up', 'active'],
    ]);
    const proof = await json(verification, 0, 'verify');
    expect(proof).toMatchObject({ verdict: 'healthy', master: 'redis-01' });
    expect(proof.replicas.map(({ name, value }) => [name, value === null])).toEqual([
      ['redis-02', false],
      ['redis-03', false],
    ]);
    expect(await json(doctor, 0, 'doctor')).toEqual({ healthy: true, findings: [] });
    expect(await redisCli('redis-02', 'INFO', 'replication')).toContain('master_link_status:up');
  });

  it('resynchronizes with --yes only', async () => {
    const before = await fingerprint();
    expect(await json(run, 3, 'resync', 'redis-03')).toMatchObject({ outcome: 'refused', code: 'APPROVAL_NEEDED' });
    expect(await fingerprint()).toEqual(before);
    expect(await json(run, 0, 'resync', 'redis-03', '--yes')).toMatchObject({ outcome: 'done', code: 'DONE' });
    expect(await json(run, 3, 'resync', 'redis-01', '--yes')).toMatchObject({
      outcome: 'refused',
      code: 'RESYNC_MASTER',
    });
  });

  it('purges with --yes only, and then has nothing to purge', async () => {
    for (const host of HOSTS) await redisCli(host, 'BGSAVE');
    for (const host of HOSTS) await expect.poll(() => infoField(host, 'rdb_bgsave_in_progress')).toBe('0');
    const before = await fingerprint();
    expect(await json(run, 3, 'purge')).toMatchObject({ outcome: 'refused', code: 'APPROVAL_NEEDED' });
    expect(await fingerprint()).toEqual(before);
    const done = await json(run, 0, 'purge', '--yes');
    expect(done).toMatchObject({ outcome: 'done', code: 'DONE', verification: { verdict: 'healthy' } });
    expect(done.nodes.map(({ changed }) => changed)).toEqual([2, 2, 2]);
    expect(await json(run, 0, 'purge')).toMatchObject({ outcome: 'nothing-to-do', code: 'NOTHING_TO_DO' });
    expect(await healthy()).toBe('healthy');
  });

  it('shows a person the plan that it will not carry out without --yes', async () => {
    await program.asks({ directives: { databases: 32 } });
    const before = await fingerprint();
    const { code, stderr } = await program.run(['apply']);
    expect(code).toBe(3);
    expect(stderr).toContain('databases');
    expect(await json(run, 3, 'apply')).toMatchObject({ outcome: 'refused', code: 'APPROVAL_NEEDED' });
    expect(await fingerprint()).toEqual(before);
  });

  it('keeps a second writer out', async () => {
    await program.asks({ variables: ['redis_maxmemory: 100mb'] });
    const nodes = sshNodes(labSshSettings());
    const before = await fingerprint();
    const hold = await holdNodes(await readDesired(checkout(program.folder), {}), nodes, 'run-1 by mira');
    try {
      expect(await json(run, 3, 'apply', '--yes')).toMatchObject({ outcome: 'refused', code: 'RUN_IN_PROGRESS' });
      const { stdout, stderr } = await program.run(['apply', '--yes']);
      expect(stdout + stderr).toContain('run-1 by mira');
      expect(await json(plan, 2, 'plan')).toMatchObject({ blockers: [] });
      expect(await fingerprint()).toEqual(before);
    } finally {
      await hold.release();
      await nodes.close();
    }
    expect(await json(run, 0, 'apply', '--yes')).toMatchObject({ outcome: 'done' });
  });

  it('remembers its runs', async () => {
    const history = z.strictObject({ runs: z.array(z.looseObject({ code })), unreadable: z.array(z.string()) });
    const { runs, unreadable } = await json(history, 0, 'history');
    expect(unreadable).toEqual([]);
    expect(runs.map(({ code }) => code)).toEqual([
      'DONE',
      'RUN_IN_PROGRESS',
      'RUN_IN_PROGRESS',
      'APPROVAL_NEEDED',
      'APPROVAL_NEEDED',
      'NOTHING_TO_DO',
      'DONE',
      'APPROVAL_NEEDED',
      'RESYNC_MASTER',
      'DONE',
      'APPROVAL_NEEDED',
      'NOTHING_TO_DO',
      'DONE',
    ]);
  });
});

describe('a guard', () => {
  beforeAll(bringUp);

  it.each([
    {
      code: 'MASTER_RESTART_HOLDS_DATA redis-01',
      when: 'a master with keys would be restarted, no replica is in sync to take its role, and it would load another file',
      asks: { directives: { dbfilename: 'other.rdb' } },
      does: async () => {
        await redisCli('redis-01', 'SET', 'kept', 'yes');
        for (const host of ['redis-02', 'redis-03']) {
          await redisCli(host, 'CONFIG', 'SET', 'masterauth', 'wrong');
          await redisCli(host, 'CLIENT', 'KILL', 'TYPE', 'master');
          await expect.poll(() => redisCli(host, 'INFO', 'replication')).toContain('master_link_status:down');
        }
      },
      undoes: async () => {
        for (const host of ['redis-02', 'redis-03']) await redisCli(host, 'CONFIG', 'SET', 'masterauth', PASSWORD);
        await expect.poll(healthy, { timeout: 15_000, interval: 100 }).toBe('healthy');
        await redisCli('redis-01', 'FLUSHALL');
      },
    },
    {
      code: 'SSH_UNREACHABLE redis-01',
      when: 'the master’s host cannot be reached',
      asks: { variables: ['redis_maxmemory: 100mb'] },
      does: () => on('redis-01', 'iptables -A INPUT -p tcp --dport 22 -j REJECT --reject-with tcp-reset'),
      undoes: () => on('redis-01', 'iptables --flush'),
    },
    {
      code: 'MASTER_DOWN redis-01',
      when: 'the master is down and its replicas hold the data',
      asks: {},
      does: async () => {
        await redisCli('redis-01', 'SET', 'kept', 'yes');
        await expect.poll(() => redisCli('redis-02', 'GET', 'kept')).toBe('yes');
        await expect.poll(() => redisCli('redis-03', 'GET', 'kept')).toBe('yes');
        await on('redis-01', 'systemctl stop redis-server');
      },
      undoes: async () => {
        await on('redis-01', 'systemctl start redis-server');
        const reasons = async () => codesOf((await json(status, 0, 'status')).reasons);
        await expect.poll(reasons, { timeout: 15_000, interval: 100 }).toContain('DATA_LOST redis-01');
        const acknowledged = async () => {
          await program.run(['acknowledge']);
          return healthy();
        };
        await expect.poll(acknowledged, { timeout: 15_000, interval: 100 }).toBe('healthy');
      },
    },
    {
      code: 'REPLICA_HOLDS_DATA redis-03',
      when: 'a node with keys of its own would be emptied',
      asks: {},
      does: async () => {
        await redisCli('redis-03', 'REPLICAOF', 'NO', 'ONE');
        await redisCli('redis-03', 'SET', 'own', 'yes');
        // A replica rejected by its node: it keeps its data.
        await redisCli('redis-03', 'CONFIG', 'SET', 'masterauth', 'wrong');
        await redisCli('redis-03', 'REPLICAOF', '10.0.0.124', '6379');
      },
      undoes: () => redisCli('redis-03', 'REPLICAOF', 'NO', 'ONE'),
    },
    {
      code: 'MASTER_AMBIGUOUS -',
      when: 'two nodes say they are the master, and the one that Git names is empty',
      asks: {},
      does: async () => {
        await redisCli('redis-01', 'FLUSHALL');
        await redisCli('redis-03', 'REPLICAOF', 'NO', 'ONE');
        await redisCli('redis-03', 'SET', 'own', 'yes');
      },
      undoes: () => redisCli('redis-03', 'FLUSHALL'),
    },
  ])('refuses with $code when $when', async ({ code: expected, asks, does, undoes }) => {
    await does();
    await program.asks(asks);
    const before = await fingerprint();
    const { blockers } = await json(plan, 3, 'plan');
    expect(codesOf(blockers)).toContain(expected);
    const refused = await json(run, 3, 'apply', '--yes');
    expect(refused).toMatchObject({ outcome: 'refused', code: blockers[0]?.code, verification: null });
    expect(refused.nodes.filter(({ ok, changed, failed }) => ok + changed + failed > 0)).toEqual([]);
    expect(await fingerprint()).toEqual(before);
    await undoes();
  });
});

describe('trouble', () => {
  beforeAll(bringUp);

  it('of a read-only data directory has its finding, and apply fixes it', async () => {
    await on(
      'redis-02',
      'rm /etc/systemd/system/redis-server.service.d/override.conf && systemctl daemon-reload && systemctl restart redis-server',
    );
    await expect
      .poll(async () => codesOf((await json(status, 0, 'status')).reasons), { timeout: 10_000, interval: 100 })
      .toContain('REPLICA_LINK_DOWN redis-02');
    const { findings } = await json(doctor, 1, 'doctor');
    expect(findings.map(({ id, node }) => `${id} ${node ?? '-'}`)).toContain('DATA_DIRECTORY_READ_ONLY redis-02');
    expect(await json(run, 0, 'apply', '--yes')).toMatchObject({ outcome: 'done' });
    expect(await json(verification, 0, 'verify')).toMatchObject({ verdict: 'healthy' });
  });

  it('in the middle of a run ends it there, and says how each node was left', async () => {
    await program.asks({ directives: { databases: 24 } });
    await on('redis-03', 'rm -r /var/log/redis');
    try {
      const failed = await json(run, 1, 'apply', '--yes');
      expect(failed).toMatchObject({ outcome: 'failed', verification: null });
      expect(failed.nodes.map(({ failed }) => failed)).toEqual([0, 0, 1]);
    } finally {
      await on('redis-03', 'install -d -o redis -g adm -m 2750 /var/log/redis && systemctl restart redis-server');
    }
    expect(await json(run, 0, 'apply', '--yes')).toMatchObject({ outcome: 'done' });
  });

  it('with a node makes the verdict unknown, and the status 1', async () => {
    await on('redis-03', 'iptables -A INPUT -p tcp --dport 22 -j REJECT --reject-with tcp-reset');
    const { nodes, ...seen } = await json(status, 1, 'status');
    expect(seen).toMatchObject({ verdict: 'unknown' });
    expect(codesOf(seen.reasons)).toContain('SSH_UNREACHABLE redis-03');
    expect(nodes.map(({ reachable, role }) => [reachable, role])).toEqual([
      [true, 'master'],
      [true, 'replica'],
      [false, null],
    ]);
    await on('redis-03', 'iptables --flush');
  });
});

describe('wrong usage', () => {
  it.each([
    [['drill', 'kill'], 64, 'NOT_AVAILABLE_YET'],
    [['resync'], 64, 'USAGE'],
    [['resync', 'redis-04', '--yes'], 64, 'UNKNOWN_NODE'],
    [['plan', '--cluster', 'shop'], 64, 'UNKNOWN_CLUSTER'],
  ])('%j ends with %i %s', async (argv, exit, expected) => {
    await program.asks();
    const { error } = await json(failure, exit, ...argv);
    expect(error.code).toBe(expected);
  });
});
