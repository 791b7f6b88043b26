import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onHost, resetHosts } from '../../lab/hosts.ts';
import { sshNodes } from '../../src/adapters/ssh/ssh.ts';
import { asRedisopsError } from '../../src/domain/error.ts';
import { labSshSettings } from './lab-cluster.ts';
import type { Nodes } from '../../src/ports/nodes.ts';
import { bash, sh } from '../../src/domain/shell.ts';

const NODE = { name: 'redis-02', address: '10.0.0.124', sshPort: 22, redisPort: 6379 };

let nodes: Nodes;
let folder: string;

beforeAll(async () => {
  await resetHosts();
  nodes = sshNodes(labSshSettings());
  folder = await mkdtemp(join(tmpdir(), 'redisops-ssh-'));
});

afterAll(async () => {
  await nodes.close();
  await rm(folder, { recursive: true });
});

async function codeOf(outcome: Promise<unknown>): Promise<string> {
  return outcome.then(
    () => 'no error',
    (error: unknown) => asRedisopsError(error).code,
  );
}

async function count(command: string): Promise<number> {
  return Number((await onHost(NODE.name, `${command} | wc -l`)).stdout);
}

describe('a real sshd', () => {
  it('runs scripts as root, with input and parameters', async () => {
    const session = await nodes.connect(NODE);
    const result = await session.run(sh`id -u; cat; printf "%s|" "$@"`, {
      input: 'hello\n',
      parameters: ["it's", '$(id)'],
    });
    expect(result).toEqual({ status: 0, stdout: "0\nhello\nit's|$(id)|", stderr: '' });
  });

  it('shows no input in the process list', async () => {
    const session = await nodes.connect(NODE);
    const { stdout } = await session.run(sh`ps -eo args; cat >/dev/null`, { input: 'canary-77a' });
    expect(stdout).toContain('redisops');
    expect(stdout).not.toContain('canary-77a');
  });

  it('carries a large output and a large input whole', async () => {
    const session = await nodes.connect(NODE);
    const input = 'x'.repeat(1_000_000);
    const { stdout } = await session.run(sh`cat`, { input });
    expect(stdout).toHaveLength(input.length);
  });

  it('lets nothing linger that took too long', async () => {
    const session = await nodes.connect(NODE);
    // Deaf to SIGTERM, and to the end of its connection.
    const script = sh`trap "" TERM HUP PIPE; sleep 7771 & wait; sleep 7771`;
    expect(await codeOf(session.run(script, { timeoutMs: 500 }))).toBe('COMMAND_TIMEOUT');
    expect((await session.run(sh`echo on`)).stdout).toBe('on\n');
    await expect.poll(() => count('pgrep -f "^sleep 7771"'), { timeout: 8000 }).toBe(0);
  });

  it('refuses a host whose key is another’s', async () => {
    const settings = labSshSettings();
    const known = await readFile(settings.knownHostsFile, 'utf8');
    const knownHostsFile = join(folder, 'swapped');
    await writeFile(
      knownHostsFile,
      known.replaceAll('10.0.0.124', 'x').replaceAll('10.0.0.123', '10.0.0.124').replaceAll('redis-02', 'y'),
    );
    const other = sshNodes({ ...settings, knownHostsFile });
    expect(await codeOf(other.connect(NODE))).toBe('SSH_HOST_KEY');
    await other.close();
  });

  it('says when it does not let the user in', async () => {
    expect(await codeOf(nodes.connect({ ...NODE, sshUser: 'nobody' }))).toBe('SSH_AUTH');
  });

  it('says when nothing listens on Redis’s port', async () => {
    const session = await nodes.connect(NODE);
    expect(await codeOf(session.redis(undefined))).toBe('REDIS_UNREACHABLE');
  });

  it('serves many at once over one connection', async () => {
    const session = await nodes.connect(NODE);
    // More than sshd’s MaxSessions, as it stands there.
    const numbers = Array.from({ length: 40 }, (_, n) => String(n));
    const answers = await Promise.all(numbers.map((number) => session.run(sh`echo ${number}`)));
    expect(answers.map(({ stdout }) => stdout.trim())).toEqual(numbers);
  });
});

describe('holding a real host', () => {
  const SCRIPT = bash`exec 9>>/tmp/held; flock -n 9; echo "held $1"; while read -r -t 30 _; do :; done`;
  const isHeld = async (): Promise<boolean> => (await onHost(NODE.name, 'flock -n /tmp/held true')).code !== 0;

  it('lasts until release', async () => {
    const session = await nodes.connect(NODE);
    const hold = await session.hold(SCRIPT, { parameters: ['by run-1'] });
    expect(hold.firstLine).toBe('held by run-1');
    expect(await isHeld()).toBe(true);
    await hold.release();
    await expect.poll(isHeld).toBe(false);
  });

  it('ends with the connection', async () => {
    const own = sshNodes(labSshSettings());
    await (await own.connect(NODE)).hold(SCRIPT, { parameters: ['by run-2'] });
    await own.close();
    await expect.poll(isHeld).toBe(false);
  });
});
