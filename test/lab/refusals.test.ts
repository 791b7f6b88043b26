import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { redisCli, writeToAll } from './lab-cluster.ts';
import { on, openHealthyCluster, type Program } from './program.ts';

const HOST = 'redis-03';
const said = z.looseObject({ code: z.string(), node: z.string().nullable(), message: z.string() });
const status = z.looseObject({ reasons: z.array(said) });
const plan = z.looseObject({ blockers: z.array(said) });
const doctor = z.looseObject({
  findings: z.array(
    z.looseObject({ id: z.string(), node: z.string().nullable(), severity: z.string(), remedy: z.string() }),
  ),
});

let program: Program;

beforeAll(async () => {
  program = await openHealthyCluster();
  await writeToAll({}, 'SET', 'key', 'value');
});

afterAll(() => program.close());

const set = (...words: readonly string[]) => redisCli(HOST, 'CONFIG', 'SET', ...words);
const restart = () => on(HOST, 'systemctl restart redis-server');

/** Redis reads the three files as its own user. */
async function certificates(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'redisops-tls-'));
  const [key, certificate] = [join(folder, 'key'), join(folder, 'certificate')];
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '2',
      '-subj',
      '/CN=lab',
      '-keyout',
      key,
      '-out',
      certificate,
    ],
    { stdio: 'ignore' },
  );
  const pem = readFileSync(certificate, 'utf8') + readFileSync(key, 'utf8');
  rmSync(folder, { recursive: true });
  await on(
    HOST,
    `install -o redis -m 600 /dev/null /var/lib/redis/tls.pem && cat >/var/lib/redis/tls.pem <<'E'\n${pem}E`,
  );
}

const REFUSALS = [
  {
    is: 'a default user that is off',
    makes: async () => {
      await redisCli(HOST, 'ACL', 'SETUSER', 'other', 'on', '>other', '~*', '+@all');
      await redisCli(HOST, 'ACL', 'SETUSER', 'default', 'off');
    },
    undoes: restart,
    code: 'REDIS_AUTH_FAILED',
    message: /default user is disabled/,
    remedy: /ACL LIST/,
  },
  {
    is: 'as many clients as maxclients allows',
    makes: async () => {
      await on(
        HOST,
        'for i in 1 2 3 4 5 6 7 8; do systemd-run --quiet bash -c "exec 3<>/dev/tcp/127.0.0.1/6379; sleep 60"; done; sleep 0.5',
      );
      await set('maxclients', '4');
    },
    undoes: restart,
    code: 'REDIS_MAXCLIENTS',
    message: /max number of clients reached/,
    remedy: /maxclients/,
  },
  {
    is: 'protected mode',
    makes: async () => {
      await set('protected-mode', 'yes');
      await set('requirepass', '');
      await set('bind', '10.0.0.125');
    },
    undoes: restart,
    code: 'REDIS_PROTECTED',
    message: /protected mode/,
    remedy: /Protected mode is on/,
  },
  {
    is: 'a port that speaks TLS',
    makes: async () => {
      await certificates();
      const pem = '/var/lib/redis/tls.pem';
      await set('tls-cert-file', pem, 'tls-key-file', pem, 'tls-ca-cert-file', pem, 'port', '0', 'tls-port', '6379');
    },
    undoes: restart,
    code: 'REDIS_TLS',
    message: /speaks TLS/,
    remedy: /tls-port/,
  },
  {
    is: 'an sshd that takes no session',
    makes: () => on(HOST, 'echo "MaxSessions 0" >/etc/ssh/sshd_config.d/sessions.conf && systemctl restart ssh'),
    undoes: () => on(HOST, 'rm /etc/ssh/sshd_config.d/sessions.conf && systemctl restart ssh'),
    code: 'SSH_SESSION_REFUSED',
    message: /refused a session/,
    remedy: /MaxSessions/,
  },
];

describe('what a node refuses has a code, a cause and a hint of its own', () => {
  it.each(REFUSALS)('$is', async ({ makes, undoes, code, message, remedy }) => {
    await makes();
    try {
      const expected = { code, node: HOST, message: expect.stringMatching(message) };
      expect((await program.json(status, 'status')).reasons).toContainEqual(expect.objectContaining(expected));
      expect((await program.json(plan, 'plan')).blockers).toContainEqual(expect.objectContaining(expected));
      expect((await program.json(doctor, 'doctor')).findings).toContainEqual(
        expect.objectContaining({ id: code, node: HOST, severity: 'cause', remedy: expect.stringMatching(remedy) }),
      );
    } finally {
      await undoes();
    }
    const verdict = async () => (await program.json(z.looseObject({ verdict: z.string() }), 'status')).verdict;
    await expect.poll(verdict, { timeout: 15_000, interval: 200 }).toBe('healthy');
  });
});
